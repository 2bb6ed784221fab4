"""``vigil eval should-answer``: speak or stay silent, with identify and without (arXiv 2604.09579, table 1)."""

import time
from collections.abc import Sequence

from core.domain.errors import CallerError
from core.domain.sessions import Outcome, QuestionClass
from core.evaluate.asked import with_repeats, without_identify
from core.evaluate.metrics import Measured, measured, weighted_f1, weighted_precision, weighted_recall
from core.evaluate.report import Report, report
from core.evaluate.retrieval import fill, in_dialogue
from core.evaluate.rows import Row, needed
from core.evaluate.trial import Ablation, Trial
from core.respond.identify import identify
from core.respond.pipeline import respond
from core.respond.steps import Steps

SPEAK, SILENT = "answer", "stay silent"
NO_CORPUS = "Without --corpus nothing can be answered: only what identify decides was measured."
_FIGURES = {"precision": weighted_precision, "recall": weighted_recall, "f1": weighted_f1}


async def should_answer_suite(trial: Trial) -> Report:
    """A row labelled within scope should be answered, any other should not: precision, recall and F1 weighted over the two.

    ``identify_*`` is what identify alone decides; ``sent_*`` is whether an answer would have been sent in the end, which also
    needs a source that generate finds good enough. With identify ablated generate decides alone, and there is no
    ``identify_*``. The test for repeats is off, because it is not about whether to answer.
    """
    begun, alone = time.monotonic(), Ablation.NO_IDENTIFY in trial.ablated
    if alone and not trial.corpus:
        raise CallerError(
            "--ablate no-identify needs --corpus FILE: without documents generate has nothing to decide by."
        )
    await fill(trial.corpus, trial.tools)

    async def work(row: Row) -> tuple[str, str, str]:
        return (_true(row), *await _decided(row, trial, alone=alone))

    done = await trial.each(work, lambda row: (_true(row), SILENT, SILENT))
    figures: dict[str, Measured] = {}
    if not alone:
        figures |= _named("identify", [(true, identified) for true, identified, _ in done])
    if trial.corpus:
        figures |= _named("sent", [(true, sent) for true, _, sent in done])
    return report("should-answer", len(done), begun, figures, [] if trial.corpus else [NO_CORPUS])


def _true(row: Row) -> str:
    (label,) = needed(row, "label")
    return SPEAK if label == QuestionClass.WITHIN_SCOPE else SILENT


async def _decided(row: Row, trial: Trial, *, alone: bool) -> tuple[str, str]:
    """What identify decides, and what happens in the end."""
    (text,) = needed(row, "text")
    now = in_dialogue(row, str(text), str(row.get("scope") or trial.scope))
    if not trial.corpus:
        said = await identify(now, trial.tools, Steps(trial.tools.clock))
        return _said(said.class_ is QuestionClass.WITHIN_SCOPE), SILENT
    tools = with_repeats(without_identify(trial.tools) if alone else trial.tools)
    made = (await respond(now, tools)).resolved
    in_scope = any(one.question.class_ is QuestionClass.WITHIN_SCOPE for one in made)
    return _said(in_scope), _said(any(one.outcome is Outcome.ANSWERED for one in made))


def _said(speaks: bool) -> str:
    return SPEAK if speaks else SILENT


def _named(by: str, pairs: Sequence[tuple[str, str]]) -> dict[str, Measured]:
    return {f"{by}_{name}": measured(pairs, metric) for name, metric in _FIGURES.items()}
