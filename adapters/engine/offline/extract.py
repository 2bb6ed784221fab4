"""Extract without a model: which message solved it, whether that is definite, and how to keep it.

Every message after the question is scored by cues: what it says (fact, command, code, doubt), what the requester says next
(worked, failed, thanks), its length, its nearness to the question, its place. The weights were set by hand on the project's own
threads (``core/evaluate/own/lessons.jsonl``) and checked by ``vigil eval extract``.
"""

import asyncio
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from adapters.engine.offline import cues
from adapters.engine.offline.expiry import expiry_beside
from adapters.engine.offline.fields import conditions_of, object_of, symptom_of, with_restrictions
from adapters.engine.offline.linear import Linear
from adapters.engine.offline.reports import verdict
from adapters.engine.offline.standing import LEANS, head, is_code, stands_alone
from adapters.engine.offline.statements import advice
from core.domain.dialogue import Line
from core.domain.ids import MessageId
from core.domain.people import Role
from core.domain.tasks import (
    ExtractInput,
    Extraction,
    Lesson,
    NotKnownYet,
)
from core.ports.embedder import Embedder
from core.text.assent import AGREES
from core.text.sentences import sentences
from core.text.terms import content_terms, coverage, keys

NO_REPLY = "nobody has answered"
NO_SOLUTION = "no message states a solution"
NOT_TRIED = "a suggestion that the requester has not tried"
FAILED_AFTER = "what was suggested did not help"
MOST_ANSWER_CHARS = 4000
ADVISES = 0.5
ADVISES_SURELY = 0.7
ADVISES_IN_COMPANY = 0.3
"""Least probability with which a sentence counts as advice to anybody. Beside sure advice less is enough: a cause is told before
what to do. A sentence that begins with its speaker must be sure: most are work in progress or a tale of one's own trouble."""
OWN_FIT = 0.2
"""Least cosine of an answer with the question it came from, where they share no code: what lies further away answers only
together with its thread, unless the requester says that it worked."""
_LEAST_TERMS = 4
_AT_EACH_END = 40


@dataclass(frozen=True, slots=True)
class Candidate:
    """A message that may be the solution. ``answer`` is what of it would help somebody else, ``worked`` and ``failed`` tell
    what the requester said next, ``near`` whether the answer by itself belongs to the question, ``agreed`` is the message in
    which an analyst confirms a requester's own fix."""

    line: Line
    answer: str
    score: float
    worked: bool
    failed: bool
    stated: bool
    near: bool
    agreed: MessageId | None


async def extract(inputs: ExtractInput, embedder: Embedder, statements: Linear) -> Extraction:
    """Find the definitive human solution, if there is one."""
    candidates = await rank(inputs, embedder, statements)
    if not candidates:
        return Extraction(NotKnownYet(NO_REPLY))
    definite = [
        c for c in candidates if not c.failed and (c.worked or (c.stated and c.near)) and stands_alone(c.answer)
    ]
    if not definite:
        return Extraction(NotKnownYet(_why_not(candidates), tuple(c.line.id for c in candidates[:3])))
    return Extraction(_lesson(definite[0], inputs))


def _why_not(candidates: Sequence[Candidate]) -> str:
    if candidates[0].failed:
        return FAILED_AFTER
    return NOT_TRIED if cues.HEDGE.search(candidates[0].line.text) else NO_SOLUTION


async def rank(inputs: ExtractInput, embedder: Embedder, statements: Linear) -> list[Candidate]:
    """Give the messages after the question that may be its solution, most likely first: of a long dialogue its first 40 messages
    by analysts and requesters and its last 40, where the solution of an incident stands."""
    asked_at = max((line.at for line in inputs.dialogue if line.id in inputs.asked_in), default=inputs.asked_at)
    later = [
        line for line in inputs.dialogue if line.at >= asked_at and line.id not in inputs.asked_in and line.text.strip()
    ]
    later = [line for line in later if line.role in (Role.ANALYST, Role.REQUESTER)]
    at_ends = {*range(_AT_EACH_END), *range(len(later) - _AT_EACH_END, len(later))}
    possible = [i for i, line in enumerate(later) if i in at_ends and _may_solve(line)]
    if not possible:
        return []
    # side by side, so that one message is taken apart while the sentences of another are embedded
    answers = await asyncio.gather(*(_answer(later[i], embedder, statements) for i in possible))
    vectors = await embedder.embed([inputs.question, *(later[i].text for i in possible), *answers], "passage")
    cosines = [float(cosine) for cosine in vectors[1:] @ vectors[0]]
    found = [
        _candidate(later, i, answer, cosine, own_fit, inputs.question)
        for i, answer, cosine, own_fit in zip(
            possible, answers, cosines[: len(possible)], cosines[len(possible) :], strict=True
        )
    ]
    return sorted(found, key=lambda c: (-c.score, c.line.at, c.line.id))


async def _answer(line: Line, embedder: Embedder, statements: Linear) -> str:
    """What may be kept of a message. A requester's own fix is told as a tale, so all of it counts."""
    if line.role is Role.REQUESTER:
        return " ".join(piece for piece in (cleaned(one.text) for one in sentences(line.text)) if piece)[
            :MOST_ANSWER_CHARS
        ]
    return await helpful_part(line.text, embedder, statements)


def _may_solve(line: Line) -> bool:
    if line.role is Role.ANALYST:
        return len(content_terms(line.text)) >= 2 or bool(keys(line.text))
    return bool(cues.OWN_FIX.search(line.text)) and len(content_terms(line.text)) >= _LEAST_TERMS


def _candidate(
    later: Sequence[Line], index: int, answer: str, cosine: float, own_fit: float, question: str
) -> Candidate:
    line = later[index]
    text = line.text
    statements = " ".join(s.text for s in sentences(text) if not s.text.rstrip().endswith(("?", "？")))
    next_said = _next_by_requester(later, index)
    worked, failed = verdict(next_said)
    own = line.role is Role.REQUESTER
    hedged = bool(cues.HEDGE.search(answer or statements or text))
    promise = bool(cues.PROMISE.search(text)) and len(content_terms(statements)) < 12
    back = not statements.strip() or (text.count("?") + text.count("？") > 0 and len(content_terms(statements)) < 5)
    score = (
        0.9 * math.log1p(min(len(content_terms(text)), 120)) / math.log(121)
        + 0.8 * cosine
        + 0.3 * coverage(question[:1500], text)
        + 0.25 * bool(cues.FACT.search(answer))
        + 0.25 * bool(cues.CODE.search(text) or keys(text))
        + (0.6 if worked else 0.0)
        + (0.15 if cues.THANKS.search(next_said) else 0.0)
        - (0.5 if failed else 0.0)
        - 0.2 * hedged
        - 0.5 * back
        - 0.4 * promise
        + (0.35 if own and verdict(text)[0] else -0.1 if own else 0.0)
        - 0.02 * min(index, _AT_EACH_END)
    )
    stated = bool(answer) and not hedged and not back and not promise and not LEANS.match(answer)
    agreed = _agreed(later[index + 1 :]) if own else None
    worked = worked or (own and verdict(text)[0]) or agreed is not None
    near = own_fit >= OWN_FIT or bool({*keys(question)} & {*keys(answer)})
    return Candidate(line, answer, score, worked, failed, stated and not own, near, agreed)


def _agreed(later: Sequence[Line]) -> MessageId | None:
    """The analyst's next message, where it says that the requester is right."""
    following = next((line for line in later if line.role is Role.ANALYST), None)
    return following.id if following is not None and AGREES.match(following.text) else None


def _next_by_requester(later: Sequence[Line], index: int) -> str:
    """What the requester says next, up to the analyst's next statement of substance."""
    said: list[str] = []
    for line in later[index + 1 :]:
        if line.role is Role.REQUESTER:
            said.append(line.text)
        elif (said and len(content_terms(line.text)) >= _LEAST_TERMS) or (
            line.role is Role.ANALYST and len(content_terms(line.text)) >= 2 * _LEAST_TERMS and not said
        ):
            break
    return "\n".join(said)[:1200]


async def helpful_part(text: str, embedder: Embedder, statements: Linear) -> str:
    """What of an answer helps anybody with the same problem: the sentences that advise, and the code that follows them;
    without greeting, sign-off, questions back, promises and talk about this one case."""
    pieces = [piece for piece in (cleaned(one.text) for one in sentences(text)) if piece]
    likely = await advice(pieces, embedder, statements)
    advised = False
    keeps: list[bool] = []
    for i, piece in enumerate(pieces):
        advised = advised if is_code(piece) else bool(likely[i] >= _least(piece, likely[max(0, i - 1) : i + 2]))
        keeps.append(advised)
    kept = [piece for piece, keep in zip(pieces, with_restrictions(pieces, keeps), strict=True) if keep]
    kept = kept[head(kept) :]
    return ("\n".join(kept) if "```" in text else " ".join(kept))[:MOST_ANSWER_CHARS]


def _least(piece: str, around: NDArray[np.float32]) -> float:
    if _I_OR_WE.match(piece):
        return ADVISES_SURELY
    return ADVISES_IN_COMPANY if float(around.max()) >= ADVISES_SURELY else ADVISES


_I_OR_WE = re.compile(r"\W*(?:(?:also|but|so|and|well|now) )?(?:i|we|my|our|i'm|i've|i'd|i'll)\b", re.IGNORECASE)


def cleaned(sentence: str) -> str:
    """One sentence without address and filler; empty when it asks back or names this one case."""
    piece = cues.ADDRESSING.sub("", sentence, count=1).strip()
    piece = cues.LEADING_WORD.sub("", cues.LEADING_NAME.sub("", piece, count=1), count=1).strip()
    if _ASKS_BACK.search(piece) or cues.ELSEWHERE.search(piece) or cues.THIS_CASE.search(piece):
        return ""
    return piece


_ASKS_BACK = re.compile(r"[?？][\s)）\"'*!.:;-]{0,8}\Z")


def _lesson(candidate: Candidate, inputs: ExtractInput) -> Lesson:
    line, answer = candidate.line, candidate.answer
    return Lesson(
        object=object_of(inputs.question, answer),
        symptom=symptom_of(answer),
        conditions=conditions_of(answer),
        answer=answer,
        keys=tuple(dict.fromkeys((*keys(inputs.question), *keys(answer))))[:20],
        from_messages=(line.id,) if candidate.agreed is None else (line.id, candidate.agreed),
        expires_at=expiry_beside(line.text, answer, line.at),
        confirmed=candidate.agreed is not None or (candidate.worked and line.role is Role.ANALYST),
        confidence=1.0 / (1.0 + math.exp(-candidate.score)),
    )
