"""Payment card numbers: an issuer's prefix, a length it issues, Luhn's check digit, and a card's way of grouping."""

import re
from collections.abc import Iterator

from core.text.redaction.mask import Mask

_ISSUED = re.compile(
    r"""
      4[0-9]{12} | 4[0-9]{15} | 4[0-9]{18}                                    # Visa
    | 5[1-5][0-9]{14} | 2(?:22[1-9]|2[3-9]\d|[3-6]\d\d|7[01]\d|720)[0-9]{12}  # Mastercard
    | 3[47][0-9]{13}                                                          # American Express
    | 6(?:011|4[4-9]\d|5\d\d)[0-9]{12}                                        # Discover
    | 3(?:0[0-5]|095|[68]\d|9\d)[0-9]{11}                                     # Diners Club
    | 35(?:2[89]|[3-8]\d)[0-9]{12}                                            # JCB
    | (?:62|81)[0-9]{14,17}                                                   # UnionPay
    | (?:5018|5020|5038|5893|6304|6759|676[1-3])[0-9]{9,15}                   # Maestro
    | 220[0-4][0-9]{12}                                                       # Mir
    """,
    re.VERBOSE,
)
_START, _END = r"[0-9](?<![A-Za-z0-9_.+-].)", r"(?![A-Za-z0-9_]|[.-][0-9])"
_GAP = "[ \u00a0-]"
_WRITTEN = tuple(
    # A number may begin in any group of a longer row: the lookahead lets the next search begin in the group after it.
    re.compile(rf"{_START}(?=(?P<rest>{form}){_END})")
    for form in (
        r"[0-9]{12,18}",
        rf"[0-9]{{3}}(?P<gap>{_GAP})[0-9]{{4}}(?P=gap)[0-9]{{4}}(?P=gap)[0-9]{{4}}",
        rf"[0-9]{{3}}(?P<gap>{_GAP})[0-9]{{4}}(?P=gap)[0-9]{{4}}(?:(?P=gap)[0-9]{{4}})?(?P=gap)[0-9]{{1,3}}",
        rf"[0-9]{{3}}(?P<gap>{_GAP})[0-9]{{6}}(?P=gap)[0-9]{{4,5}}",
        rf"[0-9]{{5}}(?P<gap>{_GAP})[0-9]{{13}}",
    )
)


def cards(text: str) -> Iterator[Mask]:
    """Finds card numbers, plain or in a card's groups. Digits that are a part of a longer id or a decimal survive."""
    for written in _WRITTEN:
        for match in written.finditer(text):
            start, end = match.start(), match.end("rest")
            number = "".join(each for each in text[start:end] if each.isdigit())
            if _ISSUED.fullmatch(number) and passes_luhn(number):
                yield Mask("card", start, end)


def passes_luhn(number: str) -> bool:
    """Luhn's check (ISO/IEC 7812-1, annex B) over ASCII digits."""
    doubled = sum(sum(divmod(2 * int(digit), 10)) for digit in number[-2::-2])
    return (doubled + sum(map(int, number[-1::-2]))) % 10 == 0
