"""What of an answer may be said: only what its references carry, whatever an engine made of them (DESIGN 5.5)."""

import re
from collections.abc import Sequence
from dataclasses import replace

from core.domain.answers import Claim
from core.domain.knowledge import Passage
from core.text.carried import foreign_words, shares, strays
from core.text.invented import invented
from core.text.language import language_of
from core.text.links import links_in
from core.text.passages import cited_parts
from core.text.personal import personal
from core.text.redaction import redact
from core.text.terms import keys, term_set

LEAST_CARRIED = 0.5
"""Of an answer's characters, the least share (0..1) that must be carried; below, what is left is torn from what it meant."""
LEAST_SHARED = 0.25
"""Of a claim's words, the least share (0..1) that its passages must have. Set by hand: a sentence put in other words keeps
about half, one about something else next to none."""
LEAD_WORDS = 2.0
"""How many words of its own, by which nothing is stated yet, a lead may have."""
_LEAD_CHARS = 160
_LEADS = (":", "：")
_QUESTION = re.compile(r"[?？]\W*$")
_MARKER = re.compile(r"(```.*?(?:```|\Z)|`[^`\n]*`)|\s?[\[【]\d{1,3}[\]】]", re.DOTALL)


def grounded(claims: Sequence[Claim], passages: Sequence[Passage], told: str) -> tuple[Claim, ...]:
    """The claims that the passages carry; none where too little of the answer is left. ``told`` is what the dialogue says:
    codes and versions may come from there, and words of what the asker has.

    A claim keeps a citation only where its span stands in the passage, and no marker of its own. It is dropped without any
    citation, where it is about something else than its passages, asks back, or names a link, a password, an account or the like
    that they do not, or a code, version or flag that neither they nor the dialogue name; also with a secret in it.
    What only leads to the next claim ("Two things help:") stays with it.
    """
    said = sum(len(claim.text.strip()) for claim in claims)
    claims = [_unmarked(claim, passages) for claim in claims]
    checked = _anchored([_checked(claim, passages, told) for claim in claims], passages)
    held = [one is not None for one in checked]
    kept = [
        one or _lead(claim, passages, held[n + 1 : n + 2])
        for n, (claim, one) in enumerate(zip(claims, checked, strict=True))
    ]
    left = [claim for claim in kept if claim]
    if sum(len(claim.text.strip()) for claim in left) < LEAST_CARRIED * said or _reaches_out(left, passages):
        return ()
    return _joined(left)


def _unmarked(claim: Claim, passages: Sequence[Passage]) -> Claim:
    """Without what looks like our markers and is none: those are set by whoever shows the answer."""
    known = "".join(_text(passage) for passage in passages)

    def kept(found: re.Match[str]) -> str:
        return found[0] if found[1] or found[0].strip() in known else ""

    return replace(claim, text=_MARKER.sub(kept, claim.text))


def _checked(claim: Claim, passages: Sequence[Passage], told: str) -> Claim | None:
    """The claim with the citations that hold; ``None`` where none does, or it says what its passages do not."""
    spans = tuple(
        span for span in claim.spans if 1 <= span.n <= len(passages) and _stands(span.text, passages[span.n - 1])
    )
    cites = [n for n in claim.cites if 1 <= n <= len(passages)]
    if claim.spans:
        cites = [n for n in cites if any(span.n == n for span in spans)]
    if not claim.text.strip() or not cites:
        return None
    cited = [passages[n - 1] for n in cites]
    if not _about_the_same(claim.text, cited, told) or _names_more(claim.text, cited, told):
        return None
    return replace(claim, cites=tuple(cites), spans=spans)


def _about_the_same(text: str, cited: Sequence[Passage], told: str) -> bool:
    """Whether the claim speaks of what its passages speak of. What puts them into the asker's language cannot be compared."""
    known, language = "\n".join(map(_all, cited)), language_of(text)
    if language == language_of(told) and all(language_of(one.entry.answer) != language for one in cited):
        return True
    near = any(shares(text, _all(one), LEAST_SHARED) for one in cited)
    return near and not strays(text, f"{known}\n{told}")


def _anchored(checked: Sequence[Claim | None], passages: Sequence[Passage]) -> list[Claim | None]:
    """Without what is put into another language than its passages', where not one name, code or figure of theirs is in it."""
    abroad = [n for n, one in enumerate(checked) if one and not shares(one.text, _read(one, passages), LEAST_SHARED)]
    held = any(one and term_set(one.text) & term_set(_read(one, passages)) for one in checked)
    return [None if n in abroad and not held else one for n, one in enumerate(checked)]


def _read(claim: Claim, passages: Sequence[Passage]) -> str:
    return "\n".join(_all(passages[n - 1]) for n in claim.cites)


def _reaches_out(claims: Sequence[Claim], passages: Sequence[Passage]) -> bool:
    """Whether sentences that are harmless by themselves give an address together."""
    known = links_in("\n".join(map(_text, passages)))
    return any(links_in(between.join(claim.text for claim in claims)) - known for between in ("", " "))


def _names_more(text: str, cited: Sequence[Passage], told: str) -> bool:
    """Whether it names, or asks for, what it must not. A link from the dialogue is nothing that we recommend."""
    known = "\n".join(map(_text, cited))
    if links_in(text) - links_in(known) or personal(text) - personal(known) or redact(text).masks:
        return True
    asks = bool(_QUESTION.search(text)) and _folded(text) not in _folded(known)
    return asks or invented(text, f"{known}\n{told}") is not None


def _stands(span: str, passage: Passage) -> bool:
    words = _folded(span)
    return bool(words) and words in _folded("".join(cited_parts(passage.entry)))


def _folded(text: str) -> str:
    return " ".join(text.split())


def _text(passage: Passage) -> str:
    entry = passage.entry
    return f"{entry.title}\n{entry.conditions}\n{entry.answer}\n{entry.url}"


def _all(passage: Passage) -> str:
    """What a claim is compared with: also the question, whose words it may repeat."""
    return f"{passage.entry.question}\n{_text(passage)}"


def _lead(claim: Claim, passages: Sequence[Passage], behind: Sequence[bool]) -> Claim | None:
    """A short line that states nothing itself and leads to what holds."""
    text = claim.text.strip()
    leads = text.endswith(_LEADS) and len(text) <= _LEAD_CHARS and not claim.cites and any(behind)
    if not leads or foreign_words(text, "\n".join(map(_all, passages))) > LEAD_WORDS:
        return None
    return claim if not links_in(text) and not keys(text) and not personal(text) and not redact(text).masks else None


def _joined(claims: Sequence[Claim]) -> tuple[Claim, ...]:
    """Leads with what they lead to, and neighbours that cite the same as one claim: a list or a code block stays whole. Only
    what an engine gives with the blanks behind it is joined."""
    found: list[Claim] = []
    for claim in claims:
        last = found[-1] if found else None
        joins = last is not None and last.text[-1:].isspace() and (not last.cites or last.cites == claim.cites)
        if last is not None and joins:
            spans = tuple(dict.fromkeys((*last.spans, *claim.spans)))
            found[-1] = Claim(last.text + claim.text, claim.cites, spans)
        elif last is None or last.cites:
            found.append(claim)
        else:
            found[-1] = replace(claim, text=f"{last.text} {claim.text}")
    return tuple(replace(claim, text=claim.text.strip()) for claim in found if claim.cites)
