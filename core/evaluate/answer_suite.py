"""``vigil eval answer``: what is answered to questions with a human's answer beside them, and how far both say the same."""

import time
from dataclasses import dataclass

from core.domain.judging import JudgeInput
from core.evaluate.asked import answers
from core.evaluate.judges import Judges, Rulings, cosine, judge_figures, likeness_figures, token_f1
from core.evaluate.metrics import measured, share
from core.evaluate.report import Report, report
from core.evaluate.retrieval import ANSWERABLE, filled
from core.evaluate.rows import Row, history_lines, needed
from core.evaluate.trial import Trial


@dataclass(frozen=True, slots=True)
class _Given:
    answerable: bool
    answered: bool
    likeness: tuple[float, float] | None = None
    rulings: Rulings | None = None


async def answer_suite(trial: Trial) -> Report:
    """Rewrite, retrieve, rerank and generate as in production, identify left out: these are questions asked directly. The share
    answered of the answerable rows and of the others, then how near the answers given to answerable rows come to
    ``reference_answer``: by both judges, and without a model. An answer to an unanswerable row is not judged: its reference
    only declines, so that the answer is wrong whatever it says."""
    begun, judges = time.monotonic(), Judges(trial.tools.engine)
    await filled("answer", trial)

    async def work(row: Row) -> _Given:
        return await _given(row, trial, judges)

    done = await trial.each(work, lambda row: _Given(row["answerability"] in ANSWERABLE, answered=False))
    figures = {
        "answered_answerable": measured([one.answered for one in done if one.answerable], share),
        "answered_unanswerable": measured([one.answered for one in done if not one.answerable], share),
        **likeness_figures([one.likeness for one in done if one.likeness]),
        **judge_figures([one.rulings for one in done if one.rulings]),
    }
    return report("answer", len(done), begun, figures, judges.notes)


async def _given(row: Row, trial: Trial, judges: Judges) -> _Given:
    query, reference, answerability = needed(row, "query", "reference_answer", "answerability")
    made, answerable = await answers(row, str(query), trial.tools, trial.scope), answerability in ANSWERABLE
    if not made or not answerable:
        return _Given(answerable, bool(made))
    text, reference = " ".join(one.plain_text for one in made), str(reference)
    near = token_f1(text, reference), await cosine(text, reference, trial.tools.embedder)
    ruled = await judges.rule(JudgeInput(str(query), history_lines(row), reference, text))
    return _Given(answerable, answered=True, likeness=near, rulings=ruled)
