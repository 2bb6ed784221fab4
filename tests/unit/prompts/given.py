"""Inputs for every task, to see what prompts make of them."""

from datetime import UTC, datetime, timedelta
from typing import Any

from core.domain.dialogue import Line
from core.domain.ids import AnswerId, EntryId, MessageId
from core.domain.judging import JudgeInput
from core.domain.knowledge import CHUNK, QA, SHARED, KnowledgeEntry, Passage
from core.domain.people import Role, RoleBasis
from core.domain.reviews import CitedEntry, GivenAnswer, ReviewInput
from core.domain.tasks import (
    ExtractInput,
    GenerateInput,
    IdentifyInput,
    RewriteInput,
)

AT = datetime(2026, 3, 3, 9, tzinfo=UTC)
TASKS = ("identify", "rewrite", "generate", "extract", "review", "judge", "judge_claims")
SCOPE = "Kelpbox file sync"


def line(
    n: int,
    text: str,
    role: Role = Role.REQUESTER,
    *,
    author: str = "",
    basis: RoleBasis = RoleBasis.HOME,
    pictures: int = 0,
) -> Line:
    """Message ``n`` of a channel, a minute after the one before; half of its pictures are kept."""
    kept = tuple(f"attachments/{n}-{i}.png" for i in range(pictures - pictures // 2))
    at = AT + timedelta(minutes=n)
    return Line(MessageId(f"C7-{n}"), role, basis, author or str(role), text, at, pictures, kept)


def entry(n: int, kind: str = QA, **fields: Any) -> KnowledgeEntry:
    """Entry ``n``, with what a test wants of it."""
    made: dict[str, Any] = {
        "id": EntryId(f"e{n}"), "kind": kind, "audience": SHARED, "title": f"Client: symptom {n}", "answer": f"Do {n}.",
        "created_at": AT - timedelta(days=90), "updated_at": AT - timedelta(days=30), **fields,
    }  # fmt: skip
    return KnowledgeEntry(**made)


def passage(n: int, **fields: Any) -> Passage:
    """A passage of entry ``n``."""
    return Passage(entry(n, **fields), 1, 0.6, 0.6, 0.6, 0.6, 0.6)


def inputs_of(task: str, *said: Line, scope: str = SCOPE) -> Any:
    """A task's inputs, in which people ``said`` this; the last line is the burst where there is one."""
    before, burst, question = said[:-1], said[-1:], f"what of {said[-1].text[:40]}"
    cited = (
        CitedEntry(1, entry(1), 1),
        CitedEntry(2, entry(2, CHUNK), 1, now=entry(2, CHUNK, answer="Do it otherwise.")),
    )
    answers = (
        GivenAnswer(AnswerId("a"), "Do 1 [1].", AT, seen=True),
        GivenAnswer(AnswerId("b"), "Do 2 [2].", AT, seen=False),
    )
    match task:
        case "identify":
            return IdentifyInput(scope, before, burst, (passage(1),))
        case "rewrite":
            return RewriteInput(before, burst)
        case "generate":
            return GenerateInput(question, before, (passage(1),), burst=burst)
        case "extract":
            return ExtractInput(question, AT, (said[0].id,), said, final=False)
        case "review":
            return ReviewInput(question, AT, (said[0].id,), answers, cited, said)
        case _:
            return JudgeInput(question, said, "Do 1, then restart.", "Do 1 [1].")
