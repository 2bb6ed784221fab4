"""``vigil eval refuse``: declining what the documents do not answer."""

import time

from core.domain.sessions import Outcome
from core.evaluate.asked import without_identify
from core.evaluate.metrics import f1_of, measured, share
from core.evaluate.report import Report, report
from core.evaluate.retrieval import ANSWERABLE, filled, in_dialogue
from core.evaluate.rows import Row, needed
from core.evaluate.trial import Trial
from core.respond.pipeline import respond

REFUSE, ANSWER = "refuse", "answer"


async def refuse_suite(trial: Trial) -> Report:
    """Declining, asked directly, what the documents do not answer: F1 of refusing at the shipped cutoff, and the share of
    questions that get an answer. The dialogue's own answers count as repeats, not as refused."""
    begun, tools = time.monotonic(), without_identify(trial.tools)
    await filled("refuse", trial)

    async def work(row: Row) -> tuple[str, str]:
        (query,) = needed(row, "query")
        made = await respond(in_dialogue(row, str(query), trial.scope, direct=True), tools)
        refused = all(one.outcome is Outcome.ABSTAINED for one in made.resolved)
        return _right(row), REFUSE if refused else ANSWER

    pairs = await trial.each(work, lambda row: (_right(row), REFUSE))
    figures = {"f1": measured(pairs, f1_of(REFUSE)), "answered": measured([said == ANSWER for _, said in pairs], share)}
    return report("refuse", len(pairs), begun, figures)


def _right(row: Row) -> str:
    (answerability,) = needed(row, "answerability")
    return ANSWER if answerability in ANSWERABLE else REFUSE
