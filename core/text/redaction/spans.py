"""Putting masks together, writing them into the text, and finding them again in what was written."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from itertools import accumulate

from core.text.redaction.mask import RANK, Mask

Span = tuple[int, int]

_WRITTEN = re.compile(r"<(?:secret|email|card|phone)>|%3C(?:secret|email|card|phone)%3E")
_MARKUP = re.compile(r"<(?:[A-Za-z][A-Za-z0-9+.-]{0,30}:|[@#!])[^<>\n]*+>")


def merged(masks: Iterable[Mask]) -> tuple[Mask, ...]:
    """Joins masks that overlap; the most dangerous kind names the whole."""
    joined: list[Mask] = []
    for mask in sorted(masks, key=lambda each: (each.start, each.end)):
        if not joined or mask.start >= joined[-1].end:
            joined.append(mask)
            continue
        last = joined.pop()
        kind = max(last.kind, mask.kind, key=RANK.__getitem__)
        joined.append(Mask(kind, last.start, max(last.end, mask.end)))
    return tuple(joined)


def widened(text: str, masks: Iterable[Mask]) -> tuple[Mask, ...]:
    """Merges masks so that none cuts markup or an earlier mask in two, and drops what masks nothing new.

    A mask that is all there is between angle brackets takes the brackets along: ``Ann <ann@example.org>``.
    """
    markup = markup_in(text)
    earlier = _spans(_WRITTEN, text)
    known = set(earlier)
    whole = (_unbracketed(text, _uncut(mask, earlier)) for mask in masks)
    fresh = merged(mask for mask in whole if mask.start < mask.end and (mask.start, mask.end) not in known)
    return merged(_uncut(mask, markup) if _leaves(mask, markup) else mask for mask in fresh)


def limit_in_markup(text: str, markup: Sequence[Span], position: int) -> int:
    """Gives where an address that holds this position ends: in ``<address|label>`` at the bar; elsewhere the text's end."""
    around = _around(markup, position)
    if not around:
        return len(text)
    bar = text.find("|", position, around[1])
    return bar if bar >= 0 else around[1] - 1


def markup_in(text: str) -> list[Span]:
    """Gives the platform's angle-bracket markup: ``<https://host/path|label>``, ``<mailto:...>``, ``<@U123>``."""
    return _spans(_MARKUP, text)


def _spans(pattern: re.Pattern[str], text: str) -> list[Span]:
    return [match.span() for match in pattern.finditer(text)]


def _around(spans: Sequence[Span], position: int) -> Span | None:
    """Gives the span that a cut at this position would cut in two."""
    near = bisect_left(spans, (position,)) - 1
    return spans[near] if near >= 0 and position < spans[near][1] else None


def _leaves(mask: Mask, markup: Sequence[Span]) -> bool:
    return _around(markup, mask.start) != _around(markup, mask.end)


def _uncut(mask: Mask, whole: Sequence[Span]) -> Mask:
    first, last = _around(whole, mask.start), _around(whole, mask.end)
    if not (first or last):
        return mask
    start = first[0] if first else mask.start
    return Mask(mask.kind, start, max(mask.end, first[1] if first else 0, last[1] if last else 0))


def _unbracketed(text: str, mask: Mask) -> Mask:
    if mask.start > 0 and text[mask.start - 1] == "<" and text[mask.end : mask.end + 1] == ">":
        return Mask(mask.kind, mask.start - 1, mask.end + 1)
    return mask


def written(text: str, masks: Sequence[Mask]) -> str:
    """Gives the text with each mask as ``<kind>``, or as ``%3Ckind%3E`` inside angle-bracket markup, so that it stays whole."""
    parts: list[str] = []
    position = 0
    for mask, word in zip(masks, _words(text, masks), strict=True):
        parts += (text[position : mask.start], word)
        position = mask.end
    return "".join((*parts, text[position:]))


def _words(text: str, masks: Sequence[Mask]) -> list[str]:
    markup = markup_in(text)
    return [f"%3C{each.kind}%3E" if _around(markup, each.start) else f"<{each.kind}>" for each in masks]


def mapped_back(text: str, masks: Sequence[Mask], found: Iterable[Mask]) -> list[Mask]:
    """Turns masks found in ``written(text, masks)`` into masks of ``text``; none may cut an earlier mask in two."""
    if not masks:
        return list(found)
    lengths = [len(word) for word in _words(text, masks)]
    lost = list(accumulate((m.end - m.start - n for m, n in zip(masks, lengths, strict=True)), initial=0))
    ends = [mask.end - gone for mask, gone in zip(masks, lost[1:], strict=True)]
    starts = [end - length for end, length in zip(ends, lengths, strict=True)]

    def start_of(position: int) -> int:
        return position + lost[bisect_left(starts, position)]

    def end_of(position: int) -> int:
        return position + lost[bisect_left(ends, position + 1)]

    return [Mask(mask.kind, start_of(mask.start), end_of(mask.end)) for mask in found]
