"""Judging answers against what humans said: two judges asked in different words, and figures that need no model beside them."""

from collections import Counter
from collections.abc import Sequence

from core.domain.errors import BudgetSpentError, TransientError, UnknownTaskError
from core.domain.judging import Agreement, JudgeInput
from core.evaluate.metrics import Measured, cohens_kappa, mean, measured, measured_share
from core.ports.embedder import Embedder
from core.ports.engine import Engine
from core.prompts.requests import judge_request
from core.prompts.tasks import judge_tasks
from core.text.terms import content_terms

Rulings = tuple[Agreement, ...]
"""One ruling per judge, in the order of ``judge_tasks``."""
SCORES = {Agreement.FULL: 1.0, Agreement.PARTIAL: 0.5, Agreement.NONE: 0.0, Agreement.CONTRARY: 0.0}


class Judges:
    """Both judges of an engine. An engine that cannot judge leaves every answer unjudged, and the report says so."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._unable = ""
        self._missed = self._asked = 0

    async def rule(self, inputs: JudgeInput) -> Rulings | None:
        """Give both rulings, or none where a judge had no answer."""
        self._asked += 1
        try:
            replies = [await self._engine.perform(judge_request(task, inputs)) for task in judge_tasks()]
        except UnknownTaskError as error:
            self._unable = error.sentence
            return None
        except BudgetSpentError:
            raise
        except TransientError:
            self._missed += 1
            return None
        return tuple(reply.output.agreement for reply in replies)

    @property
    def notes(self) -> list[str]:
        """What was not judged, and why."""
        if self._unable:
            return [f"No answer was judged: {self._unable} Judge with a model, or replay a record of one."]
        if self._missed:
            return [f"{self._missed} of {self._asked} answers were not judged: a judge had no usable answer."]
        return [] if self._asked else ["No answer was given that could be judged."]


def judge_figures(rulings: Sequence[Rulings]) -> dict[str, Measured]:
    """Per judge the mean agreement (full 1, partial .5, else 0) and the share of contrary answers; then how far the judges
    agree with each other, as a share and beyond chance (Cohen's kappa over the four rulings). Nothing without a ruling."""
    if not rulings:
        return {}
    figures: dict[str, Measured] = {}
    for n, task in enumerate(judge_tasks()):
        said = [one[n] for one in rulings]
        figures[f"agreement_{task.name}"] = measured([SCORES[one] for one in said], mean)
        figures[f"contrary_{task.name}"] = measured_share([one is Agreement.CONTRARY for one in said])
    pairs = [(one[0].value, one[1].value) for one in rulings]
    figures["judges_agree"] = measured_share([a == b for a, b in pairs])
    figures["judges_kappa"] = measured(pairs, cohens_kappa)
    return figures


def token_f1(answer: str, reference: str) -> float:
    """The F1 of an answer's content terms beside the reference's, each counted as often as it is said: SQuAD's measure
    (arXiv 1606.05250) over stemmed words without stop words, Han text as pairs of characters. 0..1; 0 where one says
    nothing."""
    said, wanted = Counter(content_terms(answer)), Counter(content_terms(reference))
    both = (said & wanted).total()
    return 2 * both / (said.total() + wanted.total()) if both else 0.0


async def cosine(answer: str, reference: str, embedder: Embedder) -> float:
    """The cosine of both texts' vectors, -1..1."""
    one, other = await embedder.embed([answer, reference], "passage")
    return float(one @ other)


def likeness_figures(likenesses: Sequence[tuple[float, float]]) -> dict[str, Measured]:
    """The means of (token F1, cosine) per answer: they say how near an answer is, never whether it is right."""
    if not likenesses:
        return {}
    named = {"token_f1": [f1 for f1, _ in likenesses], "cosine": [near for _, near in likenesses]}
    return {name: measured(values, mean) for name, values in named.items()}
