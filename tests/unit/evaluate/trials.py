"""A few rows of a kettle shop, and the tools to try suites on them."""

from collections.abc import Sequence
from dataclasses import replace

from core.domain.answers import Claim, Span
from core.domain.judging import Agreement, Judged, JudgeInput
from core.domain.sessions import QuestionClass
from core.domain.tasks import Generated, GenerateInput, Identified, IdentifyInput
from core.evaluate.rows import Row
from core.evaluate.trial import Ablation, Trial
from core.respond.situation import Tools
from tests.fakes.clock import FakeClock
from tests.fakes.embedder import HashEmbedder
from tests.fakes.engine import FakeEngine
from tests.fakes.knowledge_store import MemoryKnowledgeStore
from tests.unit.desk.support import CALIBRATION

DESCALE, LID = "Descale the kettle with lemon juice.", "Close the lid of the kettle until it clicks."
CORPUS: list[Row] = [
    {"id": "scale", "text": DESCALE},
    {"id": "lid", "text": LID},
    {"id": "cord", "text": "Wind the cord around the base."},
]


def tools(engine: FakeEngine) -> Tools:
    embedder = HashEmbedder()
    calibration = replace(CALIBRATION, repeat_theta=0.9)
    return Tools(engine, embedder, MemoryKnowledgeStore(embedder.dimension), calibration, FakeClock())


def trial(
    rows: Sequence[Row], engine: FakeEngine, corpus: Sequence[Row] = CORPUS, ablated: frozenset[Ablation] = frozenset()
) -> Trial:
    return Trial(rows, tools(engine), corpus, "kettles", ablated=ablated)


def judging(rulings: dict[str, tuple[Agreement, Agreement]]) -> FakeEngine:
    """An engine whose two judges say this of an answer that begins so."""

    def by(n: int, inputs: JudgeInput) -> Judged:
        return Judged(next(said[n] for start, said in rulings.items() if inputs.answer.startswith(start)), "told so")

    engine = FakeEngine()
    engine.says["judge"] = lambda inputs: by(0, inputs)
    engine.says["judge_claims"] = lambda inputs: by(1, inputs)
    return engine


def citing(engine: FakeEngine, *spans: Span) -> FakeEngine:
    """Let it quote the best passage, and a second one where there is one, by these spans."""

    def generate(inputs: GenerateInput) -> Generated:
        cites = tuple(range(1, min(2, len(inputs.passages)) + 1))
        return Generated((Claim(inputs.passages[0].entry.answer, cites, spans),))

    engine.says["generate"] = generate
    return engine


def in_scope_when(engine: FakeEngine, word: str) -> FakeEngine:
    """Let it take for ours what holds a word."""

    def identify(inputs: IdentifyInput) -> Identified:
        held = any(word in line.text for line in inputs.burst)
        return Identified(QuestionClass.WITHIN_SCOPE if held else QuestionClass.OUT_OF_SCOPE, "told so", 1.0)

    engine.says["identify"] = identify
    return engine
