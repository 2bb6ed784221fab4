"""Payment card numbers: an issuer's prefix, a length it issues, Luhn's check digit, and a card's way of grouping."""

import re
from collections.abc import Iterator
from itertools import pairwise

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
_GROUPINGS = frozenset(((4, 4, 4, 4), (4, 6, 5), (4, 6, 4), (4, 4, 4, 1), (4, 4, 4, 4, 3), (4, 4, 4, 4, 2), (4, 4, 4, 4, 1), (6, 13)))
_DIGITS = re.compile(r"[0-9](?<![\w.+].)[0-9]*+(?:[ \u00a0-][0-9]++)*+(?!\w|\.[0-9]|[-+][0-9A-Za-z])")
_DUMP = re.compile(r"[0-9A-Fa-f]{4}[ ][0-9A-Fa-f]{4}[ ]\Z|\b[0-9A-Fa-f]{6,8}:?[ ]{1,4}\Z")
_DUMP_GOES_ON = re.compile(r"[ ][0-9A-Fa-f]{4}[ ][0-9A-Fa-f]{4}\b")


def cards(text: str) -> Iterator[Mask]:
    """Finds card numbers, plain or in a card's groups. Digits inside a longer id, decimals and hex dumps survive."""
    for match in _DIGITS.finditer(text):
        if len(match[0]) >= 13 and not _DUMP.search(text, max(0, match.start() - 24), match.start()):
            yield from _in_groups(text, match.start(), match[0])


def _in_groups(text: str, offset: int, run: str) -> Iterator[Mask]:
    edges = [0, *(each.end() for each in re.finditer(r"[ \u00a0-]", run)), len(run) + 1]
    groups = [(start, following - 1) for start, following in pairwise(edges)]
    taken = 0
    for first in range(len(groups)):
        for count in (1, 2, 3, 4, 5):
            chosen = groups[first : first + count]
            start, end = chosen[0][0], chosen[-1][1]
            if len(chosen) == count and first >= taken and _is_card(run, chosen) and not _dumped(text, offset + end, count):
                yield Mask("card", offset + start, offset + end)
                taken = first + count


def _dumped(text: str, end: int, count: int) -> bool:
    return count > 1 and bool(_DUMP_GOES_ON.match(text, end))


def _is_card(run: str, groups: list[tuple[int, int]]) -> bool:
    start, end = groups[0][0], groups[-1][1]
    if not 13 <= end - start <= 23:
        return False
    separators = {run[edge] for _, edge in groups[:-1]}
    around = {run[start - 1 : start], run[end : end + 1]}
    if len(separators) > 1 or "-" in around:
        return False
    if len(groups) > 1 and tuple(last - first for first, last in groups) not in _GROUPINGS:
        return False
    number = "".join(run[first:last] for first, last in groups)
    return bool(_ISSUED.fullmatch(number)) and passes_luhn(number)


def passes_luhn(number: str) -> bool:
    """Luhn's check (ISO/IEC 7812-1, annex B) over ASCII digits."""
    doubled = sum(sum(divmod(2 * int(digit), 10)) for digit in number[-2::-2])
    return (doubled + sum(map(int, number[-1::-2]))) % 10 == 0
