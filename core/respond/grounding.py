"""What of an answer may be said: only what its references carry, whatever an engine made of them (DESIGN 5.5)."""

from collections.abc import Sequence
from dataclasses import replace

from core.domain.answers import Claim
from core.domain.knowledge import Passage
from core.text.invented import invented
from core.text.links import links_in
from core.text.passages import cited_parts
from core.text.redaction import redact
from core.text.terms import keys

LEAST_CARRIED = 0.5
"""Of an answer's characters, the least share (0..1) that must be carried; below, what is left is torn from what it meant."""
_LEAD_CHARS = 160
_LEADS = (":", "：")


def grounded(claims: Sequence[Claim], passages: Sequence[Passage], told: str) -> tuple[Claim, ...]:
    """The claims that the passages carry; none where too little of the answer is left. ``told`` is what the dialogue says:
    codes and versions may come from there.

    A claim keeps a citation only where its span stands in the passage. It is dropped without any citation, with a link that its
    passages do not have, with a code, version or flag that neither they nor the dialogue have, or with a secret or an e-mail
    address. What only leads to the next claim ("Two things help:") stays with it.
    """
    checked = [_checked(claim, passages, told) for claim in claims]
    held = [one is not None for one in checked]
    kept = [
        one or _lead(claim, held[n + 1 : n + 2]) for n, (claim, one) in enumerate(zip(claims, checked, strict=True))
    ]
    said = sum(len(claim.text.strip()) for claim in claims)
    if sum(len(claim.text.strip()) for claim in kept if claim) < LEAST_CARRIED * said:
        return ()
    return _joined([claim for claim in kept if claim])


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
    known = "\n".join(_text(passages[n - 1]) for n in cites)
    foreign_link = links_in(claim.text) - links_in(known)  # one from the dialogue is nothing that we recommend
    if foreign_link or invented(claim.text, f"{known}\n{told}") or redact(claim.text).masks:
        return None
    return replace(claim, cites=tuple(cites), spans=spans)


def _stands(span: str, passage: Passage) -> bool:
    words = _folded(span)
    return bool(words) and words in _folded("".join(cited_parts(passage.entry)))


def _folded(text: str) -> str:
    return " ".join(text.split())


def _text(passage: Passage) -> str:
    entry = passage.entry
    return f"{entry.title}\n{entry.conditions}\n{entry.answer}\n{entry.url}"


def _lead(claim: Claim, behind: Sequence[bool]) -> Claim | None:
    """A short line that states nothing itself and leads to what holds."""
    text = claim.text.strip()
    leads = text.endswith(_LEADS) and len(text) <= _LEAD_CHARS and not claim.cites and any(behind)
    return claim if leads and not links_in(text) and not keys(text) and not redact(text).masks else None


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
