"""``vigil eval review``: labelled answers with what people said after them, ruled on as in production."""

import time
from datetime import timedelta

from core.domain.errors import CallerError
from core.domain.ids import AnswerId, EntryId, MessageId
from core.domain.knowledge import CHUNK, QA, SHARED, KnowledgeEntry
from core.domain.reviews import CitedEntry, GivenAnswer, ReviewInput, Verdict
from core.evaluate.metrics import macro_f1, measured, precision_of, recall_of
from core.evaluate.report import Report, report
from core.evaluate.rows import START, Row, line, needed
from core.evaluate.trial import Trial
from core.learn.review import review, rulings

_ANSWERED_AFTER = timedelta(seconds=30)
_FIGURES = {
    **{f"precision_{one}": precision_of(one) for one in (Verdict.DELETE.value, Verdict.UPDATE.value)},
    **{f"recall_{one}": recall_of(one) for one in (Verdict.DELETE.value, Verdict.UPDATE.value)},
    "macro_f1": macro_f1,
}


async def review_suite(trial: Trial) -> Report:
    """Keep, delete or update the one entry behind an answer: precision and recall of the two that change it, macro-F1."""
    begun = time.monotonic()

    async def work(row: Row) -> tuple[str, str]:
        (label,) = needed(row, "verdict")
        inputs = _inputs(row)
        reply = await review(inputs, trial.tools.engine)
        (held,) = rulings(reply.output, inputs)
        return str(label), held.verdict.value

    pairs = await trial.each(work, lambda row: (str(row["verdict"]), Verdict.KEEP.value))
    return report("review", len(pairs), begun, {name: measured(pairs, one) for name, one in _FIGURES.items()})


def _inputs(row: Row) -> ReviewInput:
    entry, question, answer, follow_up = needed(row, "entry", "question", "answer", "follow_up")
    if not isinstance(entry, dict) or not isinstance(follow_up, list):
        raise CallerError("A row's entry must be an object and its follow_up a list: see core/evaluate/own/README.md.")
    asked = line(0, "requester", str(question))
    said = [line(n, str(m["role"]), str(m["text"]), str(m["author"])) for n, m in enumerate(follow_up, start=1)]
    cited = KnowledgeEntry(
        id=EntryId("entry"),
        kind=CHUNK if entry.get("kind") == CHUNK else QA,
        audience=SHARED,
        title=str(entry.get("title", "")),
        question=str(entry.get("question", "")),
        answer=str(entry.get("answer", "")),
        created_at=START,
        updated_at=START,
    )
    given = GivenAnswer(AnswerId("answer"), f"{answer} [1]", START + _ANSWERED_AFTER, seen=True)
    dialogue = (asked, *said)
    return ReviewInput(str(question), START, (MessageId(asked.id),), (given,), (CitedEntry(1, cited, 1),), dialogue)
