"""``vigil eval replay-quality``: what a dated replay with learning answered, beside what analysts then said in the thread."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.domain.answers import Answer
from core.domain.calibration import Calibration
from core.domain.judging import JudgeInput
from core.domain.sessions import Outcome
from core.evaluate.flight import in_order
from core.evaluate.growth import Thread, growth_report, said_after, tenths
from core.evaluate.judges import Judges, Rulings, cosine, judge_figures, likeness_figures, token_f1
from core.evaluate.report import Report, report
from core.ports.embedder import Embedder
from core.ports.engine import Engine
from core.ports.journal import Told, TurnTold
from core.session.transcript import lines


@dataclass(frozen=True, slots=True)
class Followed:
    """An answer and what analysts said after it, in the form that judges read."""

    answer: Answer
    judged: JudgeInput


def followed(told: Sequence[Told]) -> list[Followed]:
    """The answers after which analysts answered in the same thread, in the order of time. The dialogue is what stood in the
    thread when the answer was made; the reference is all that analysts answered after it."""
    thread = Thread.of(told)
    found: list[Followed] = []
    for turn in (one for one in told if isinstance(one, TurnTold)):
        said = said_after(turn, thread)
        before = [m for m in thread.messages.get(turn.turn.session, ()) if m.at <= turn.turn.at]
        for question in turn.turn.questions if said else ():
            answer = next((a for a in turn.answers if a.id == question.answer), None)
            if question.outcome is Outcome.ANSWERED and answer:
                judged = JudgeInput(question.query, lines(before), "\n".join(said), answer.plain_text)
                found.append(Followed(answer, judged))
    return found


async def replay_quality(
    told: Sequence[Told], engine: Engine, embedder: Embedder, calibration: Calibration, at_once: int, begun: float
) -> Report:
    """The figures of growth, and how near the answers that analysts followed come to what these said: by both judges, and by
    words and vectors. ``n`` counts the questions in scope; ``begun`` is ``time.monotonic()`` before the replay."""
    grown = growth_report(await tenths(told, embedder, calibration), begun)
    judges, compared = Judges(engine), followed(told)

    async def work(one: Followed) -> tuple[tuple[float, float], Rulings | None]:
        said, reference = one.judged.answer, one.judged.reference
        near = token_f1(said, reference), await cosine(said, reference, embedder)
        return near, await judges.rule(one.judged)

    done = await in_order(compared, work, lambda _: ((0.0, 0.0), None), at_once)
    figures = {
        **grown.figures,
        **likeness_figures([near for near, _ in done]),
        **judge_figures([ruled for _, ruled in done if ruled]),
    }
    notes = [f"{len(compared)} answers were followed by an analyst's.", *judges.notes]
    return report("replay-quality", grown.n, begun, figures, notes)
