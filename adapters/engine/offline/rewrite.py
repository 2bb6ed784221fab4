"""Rewrite without a model: the burst stays in its own words, so that codes and commands survive; what the dialogue adds goes
along as context for retrieval (QUALITY study: appending phrases to the text hurts, a second vector helps). A burst that holds
several questions is split where the words say so."""

import re
from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from adapters.engine.offline.cues import ADDRESSING, TROUBLE, asks
from core.domain.dialogue import Line, said_by
from core.domain.ids import MessageId
from core.domain.people import Role
from core.domain.tasks import RewriteInput, Rewriting, Rewritten
from core.ports.embedder import Embedder
from core.text.sentences import sentences
from core.text.terms import content_terms

MOST = 4
APART = 0.45
"""Cosine below which two asking sentences of a burst are two questions (checked on the own labelled threads)."""
_MORE = re.compile(
    r"^\W*(?:and |also|another (?:question|thing|one)|second(?:ly)?|2[.)]|one more|separately|unrelated|btw|by the way|plus|on top|besides|"
    r"additionally|next|other question|different (?:topic|question)|另外|还有|其次|再问|顺便)",
    re.IGNORECASE,
)
_LEAST_TERMS = 3


async def rewrite(inputs: RewriteInput, embedder: Embedder) -> Rewriting:
    """Give one to four questions with their context; more than four are asked together in the fourth."""
    context = said_by(Role.REQUESTER, inputs.dialogue)
    parts = await _parts(inputs.burst, embedder)
    if len(parts) > MOST:
        rest = parts[MOST - 1 :]
        together = tuple(dict.fromkeys(message for _, messages in rest for message in messages))
        parts = [*parts[: MOST - 1], ("\n".join(text for text, _ in rest), together)]
    return Rewriting(tuple(Rewritten(text, messages, context) for text, messages in parts))


async def _parts(burst: Sequence[Line], embedder: Embedder) -> list[tuple[str, tuple[MessageId, ...]]]:
    pieces = [(piece.text.strip(), line) for line in burst for piece in sentences(line.text) if piece.text.strip()]
    asking = [
        i
        for i, (text, _) in enumerate(pieces)
        if (asks(text) or TROUBLE.search(text)) and len(content_terms(text)) >= _LEAST_TERMS
    ]
    starts = await _starts(pieces, asking, embedder)
    if len(starts) < 2:
        whole = "\n".join(line.text for line in burst)
        return [(whole, tuple(line.id for line in burst))]
    cuts = [0, *starts[1:], len(pieces)]
    groups = [pieces[a:b] for a, b in pairwise(cuts)]
    return [(_joined([t for t, _ in group]), tuple(dict.fromkeys(line.id for _, line in group))) for group in groups]


def _joined(texts: Sequence[str]) -> str:
    whole = "\n".join(texts)
    return ADDRESSING.sub("", whole).strip() or whole


async def _starts(pieces: Sequence[tuple[str, Line]], asking: Sequence[int], embedder: Embedder) -> list[int]:
    """The pieces at which a new question begins: an asking sentence that says so ("also"), or one far from the one before in
    a message of its own."""
    if len(asking) < 2 or not (
        len({line.id for _, line in pieces}) > 1 or any(_MORE.match(text) for text, _ in pieces)
    ):
        return list(asking[:1])
    vectors = await embedder.embed([pieces[i][0] for i in asking], "query")
    cosines = np.asarray(vectors @ vectors.T)
    starts = [asking[0]]
    for n in range(1, len(asking)):
        index, before = asking[n], asking[n - 1]
        first_of_message = index == 0 or pieces[index - 1][1].id != pieces[index][1].id
        opening = _opening(pieces, index, before)
        says_so = bool(_MORE.match(pieces[opening][0]))
        if (says_so or first_of_message) and float(cosines[n, n - 1]) < (APART + 0.2 if says_so else APART):
            starts.append(opening)
    return starts


def _opening(pieces: Sequence[tuple[str, Line]], index: int, before: int) -> int:
    """Where the new question's words begin: at a sentence since the last question that opens a new topic, else here."""
    for i in range(before + 1, index):
        if _MORE.match(pieces[i][0]) or pieces[i][1].id == pieces[index][1].id != pieces[i - 1][1].id:
            return i
    return index
