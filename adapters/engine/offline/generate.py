"""Generate without a model: quote what the sources say, each quotation cited, nothing in own words (QUOTED on the card)."""

import re
from collections.abc import Sequence

import numpy as np

from core.domain.answers import Claim
from core.domain.knowledge import CHUNK, Passage, Vector
from core.domain.tasks import Generated, GenerateInput
from core.ports.embedder import Embedder
from core.text.markdown_blocks import blocks_of, is_code, is_table, rows_of
from core.text.sentences import sentences
from core.text.terms import coverage

MOST_CHARS = 700
SECOND_AT_LEAST = 0.9
"""A further source is quoted only when it is at least this share as relevant as the best one, and of the same problem."""
SAME_PROBLEM = 0.6
"""Least cosine of two sources' questions, unless rerank has made them equals for the code that both name. What answers another
problem confuses beside the best: of 14 judged cards with such a second quotation 13 misled."""
SAYS_THE_SAME = 0.75
_MASKS = ("<email>", "<secret>", "<card>")
CUT = " …"
_CODE_END = "\n```"
_OWN_LINE = re.compile(r"```|[-*+•]\s|\d{1,3}[.)]\s")
NOTHING_TO_QUOTE = "the sources hold nothing that may be quoted"


async def generate(inputs: GenerateInput, embedder: Embedder) -> Generated:
    """Quote the best source, and a second one where it says something else or holds under other conditions."""
    claims: list[Claim] = []
    for n, passage in await _chosen(tuple(enumerate(inputs.passages, start=1)), embedder):
        text = await _quotation(inputs.question, passage, embedder)
        if text:
            claims.append(Claim(_with_conditions(text, passage), (n,)))
    return Generated(tuple(claims), "" if claims else NOTHING_TO_QUOTE)


async def _chosen(passages: Sequence[tuple[int, Passage]], embedder: Embedder) -> list[tuple[int, Passage]]:
    best = passages[0]
    near = [one for one in passages[1:] if one[1].relevance >= SECOND_AT_LEAST * best[1].relevance]
    if not near:
        return [best]
    for one in near:  # one by one: nearly always the first will do
        if await _says_something_else(one[1], best[1], embedder):
            return [best, one]
    return [best]


async def _says_something_else(one: Passage, best: Passage, embedder: Embedder) -> bool:
    """Whether it answers the problem that the best answers, otherwise or under other conditions."""
    if one.relevance != best.relevance:
        asked = [passage.entry.question or passage.entry.title for passage in (one, best)]
        if await _cosine(asked, (one.question_vector, best.question_vector), embedder) < SAME_PROBLEM:
            return False
    if one.entry.conditions != best.entry.conditions:
        return True
    answers = [one.entry.answer, best.entry.answer]
    return await _cosine(answers, (one.answer_vector, best.answer_vector), embedder) < SAYS_THE_SAME


async def _cosine(texts: Sequence[str], known: Sequence[Vector | None], embedder: Embedder) -> float:
    """The cosine of two texts; to compute a vector that is not known takes 4 ms."""
    missing = [text for text, vector in zip(texts, known, strict=True) if vector is None]
    computed = iter(await embedder.embed(missing, "passage") if missing else ())
    first, second = (next(computed) if vector is None else vector for vector in known)
    return float(first @ second)


async def _quotation(question: str, passage: Passage, embedder: Embedder) -> str:
    """The source's sentences, all of a short one, else those nearest to the question, in their own order. What ends with a
    colon goes with what it leads to; where the best is too long by itself, it is cut."""
    document = passage.entry.kind == CHUNK
    said, together = (_document, _together) if document else (_led, " ".join)
    kept = [piece for piece in said(passage.entry.answer) if not any(mask in piece for mask in _MASKS)]
    if sum(len(piece) for piece in kept) <= MOST_CHARS:
        return together(kept)
    vectors = await embedder.embed([question, *kept], "passage")
    scores = vectors[1:] @ vectors[0] + np.array([coverage(question, piece) for piece in kept])
    order = sorted(range(len(kept)), key=lambda i: (-float(scores[i]), i))
    if len(kept[order[0]]) > MOST_CHARS:
        return _cut(kept[order[0]])
    chosen: list[int] = []
    for i in order:
        if sum(len(kept[j]) for j in chosen) + len(kept[i]) <= MOST_CHARS:
            chosen.append(i)
    return together([kept[i] for i in sorted(chosen)])


def _together(pieces: Sequence[str]) -> str:
    """Pieces one behind the other; code, items of a list and rows of a table stand on lines of their own."""
    text = ""
    for piece in pieces:
        apart = _OWN_LINE.match(piece) or text.endswith("```")
        text += ("\n" if apart else " ") * bool(text) + piece
    return text


def _document(answer: str) -> list[str]:
    """What a document's part says: its sentences, code in one piece, each row of a table by itself."""
    pieces: list[str] = []
    for block in blocks_of(answer):
        if is_code(block):
            said = [block.strip()]
        elif is_table(block):
            said = [f"• {row}" for row in rows_of(block)]
        else:
            said = [sentence.text.strip() for sentence in sentences(block)]
        pieces += said
    return _after_colons(pieces)


def _led(answer: str) -> list[str]:
    """The sentences of an answer, each that ends with a colon together with the one behind it."""
    return _after_colons([s.text.strip() for s in sentences(answer)])


def _after_colons(said: Sequence[str]) -> list[str]:
    pieces: list[str] = []
    for piece in said:
        if pieces and piece and pieces[-1].endswith((":", "：")):
            pieces[-1] += f"\n{piece}" if "\n" in piece or _OWN_LINE.match(piece) else f" {piece}"
        elif piece:
            pieces.append(piece)
    return pieces


def _cut(piece: str) -> str:
    """The beginning of a piece up to a whole line or word; code that was open is closed."""
    most = MOST_CHARS - len(CUT) - len(_CODE_END)
    line, word = piece.rfind("\n", most // 2, most + 1), piece.rfind(" ", most // 2, most + 1)
    end = line if line > 0 else word if word > 0 else most
    shown = piece[:end].rstrip() + CUT
    return shown + _CODE_END if shown.count("```") % 2 else shown


def _with_conditions(quotation: str, passage: Passage) -> str:
    """Put an entry's condition before the quotation unless it is told there. Where the source tells of several cases, each of
    its sentences names its own, and a list of them in front would be taken for one."""
    entry = passage.entry
    clauses, quoted = _folded(entry.conditions).split("; "), _folded(quotation)
    several = len(clauses) > 1 and any(clause in _folded(entry.answer) for clause in clauses)
    if several or all(clause in quoted for clause in clauses):
        return quotation
    return f"{entry.conditions}：{quotation}" if entry.language == "zh" else f"{entry.conditions}: {quotation}"


def _folded(text: str) -> str:
    return " ".join(text.lower().split())
