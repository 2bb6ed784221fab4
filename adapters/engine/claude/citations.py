"""A cited answer as claims: the model's text with its native citations, sentence by sentence."""

from collections.abc import Sequence
from dataclasses import dataclass

from anthropic.types import ContentBlock, TextBlock

from core.domain.answers import ABSTENTION, Claim, Span
from core.domain.tasks import Generated
from core.text.sentences import Sentence, sentences

ABSTAINED = "the model finds no reliable answer in what is known"


@dataclass(frozen=True, slots=True)
class _Piece:
    """A stretch of the answer from ``start`` to ``end`` and what it cites."""

    start: int
    end: int
    spans: tuple[Span, ...]


def read_cited(content: Sequence[ContentBlock]) -> Generated:
    """Every sentence of the answer with what is cited in it; those without a citation are given too, so that whoever checks the
    answer sees the whole. The abstention anywhere means that there is no answer."""
    text, pieces = "", []
    for block in content:
        if isinstance(block, TextBlock):
            pieces.append(_Piece(len(text), len(text) + len(block.text), _spans(block)))
            text += block.text
    if ABSTENTION in text or not text.strip():
        return Generated((), ABSTAINED)
    return Generated(tuple(_claims(text, [piece for piece in pieces if piece.spans])))


def _spans(block: TextBlock) -> tuple[Span, ...]:
    """Search result ``i`` is passage ``i``, counted from one in a span."""
    return tuple(
        Span(one.search_result_index + 1, one.cited_text)
        for one in block.citations or ()
        if one.type == "search_result_location"
    )


def _claims(text: str, cited: Sequence[_Piece]) -> list[Claim]:
    """One claim per sentence, with the blanks behind it: whoever joins them again keeps lists and code as they were."""
    found = sentences(text)
    ends = [*(one.start for one in found[1:]), len(text)]
    return [_claim(text[one.start : end], _in(cited, one)) for one, end in zip(found, ends, strict=True)]


def _in(cited: Sequence[_Piece], sentence: Sentence) -> tuple[Span, ...]:
    """What is cited in a sentence: by a stretch that shares a word with it, more than the mark at its end."""
    near = (piece for piece in cited if any(map(str.isalnum, _shared(piece, sentence))))
    return tuple(dict.fromkeys(span for piece in near for span in piece.spans))


def _shared(piece: _Piece, sentence: Sentence) -> str:
    first, last = max(piece.start, sentence.start), min(piece.end, sentence.end)
    return sentence.text[first - sentence.start : max(last, first) - sentence.start]


def _claim(text: str, spans: tuple[Span, ...]) -> Claim:
    return Claim(text, tuple(dict.fromkeys(span.n for span in spans)), spans)
