"""The suites on a few rows, through the objects that run in production."""

from dataclasses import replace

import pytest

from core.domain.errors import CallerError
from core.domain.ids import MessageId
from core.domain.sessions import QuestionClass
from core.domain.tasks import Identified, IdentifyInput, Rewriting, Rewritten
from core.evaluate.rows import without_history
from core.evaluate.suites import SUITES, SWEEPS
from core.evaluate.trial import Trial
from core.respond.situation import Tools
from tests.fakes.clock import FakeClock
from tests.fakes.embedder import HashEmbedder
from tests.fakes.engine import FakeEngine
from tests.fakes.knowledge_store import MemoryKnowledgeStore
from tests.unit.desk.support import CALIBRATION

PAIRS = [
    {"old": "Set `part_size=64`.", "new": "Set `part_size=64`.", "duplicate": True},
    {"old": "Set `part_size=64`.", "new": "Ask your admin for a role.", "duplicate": False},
    {"old": "Rotate the key.", "new": "Rotate the key.", "duplicate": True},
    {"old": "Rotate the key.", "new": "Uploads need parts.", "duplicate": False},
]


def tools(engine: FakeEngine | None = None, theta: float = 0.9) -> Tools:
    embedder = HashEmbedder()
    calibration = replace(CALIBRATION, repeat_theta=theta)
    return Tools(engine or FakeEngine(), embedder, MemoryKnowledgeStore(embedder.dimension), calibration, FakeClock())


def by_first_word(inputs: IdentifyInput) -> Identified:
    return Identified(QuestionClass(inputs.burst[0].text.split()[0]), "as the row says", 1.0)


def test_every_sweep_is_a_suite_too() -> None:
    assert set(SWEEPS) <= set(SUITES)


async def test_dedup_judges_at_the_theta_in_use() -> None:
    told = await SUITES["dedup"](Trial(PAIRS, tools()))
    assert (told.n, told.figures["weighted_f1"].value) == (4, 1.0)
    off = await SUITES["dedup"](Trial(PAIRS, tools(theta=1.0)))
    assert off.figures["weighted_f1"].value == pytest.approx(1 / 3, abs=1e-4)


async def test_the_sweep_gives_a_figure_for_every_theta_and_agrees_with_the_suite() -> None:
    swept = await SWEEPS["dedup"](Trial(PAIRS, tools()))
    assert next(iter(swept.figures)) == "theta 0.05"
    assert len(swept.figures) == 20
    for theta in (0.05, 0.5, 0.95, 1.0):
        one = await SUITES["dedup"](Trial(PAIRS, tools(theta=theta)))
        assert swept.figures[f"theta {theta:.2f}"] == one.figures["weighted_f1"]


async def test_scope_asks_only_whether_it_is_ours() -> None:
    engine = FakeEngine()
    engine.says["identify"] = by_first_word
    rows = [
        {"text": "within_scope uploads", "label": "within_scope"},
        {"text": "no_assistance_needed thanks", "label": "out_of_scope"},
        {"text": "out_of_scope lunch", "label": "no_assistance"},
    ]
    told = await SUITES["scope"](Trial(rows, tools(engine), scope="the store"))
    assert told.figures["macro_f1"].value == 1.0
    assert (await SUITES["identify"](Trial(rows, tools(engine), scope="the store"))).figures["macro_f1"].value < 1.0


async def test_identify_tells_what_would_be_skipped_as_small_talk_of_an_engine_on_this_machine_only() -> None:
    engine = FakeEngine()
    engine.says["identify"] = by_first_word
    rows = [
        {"text": "no_assistance_needed why?", "label": "within_scope"},
        {"text": "within_scope why?", "label": "within_scope"},
        {"text": "no_assistance_needed thanks", "label": "no_assistance"},
    ]
    told = (await SUITES["identify"](Trial(rows, tools(engine)))).figures
    assert (told["skipped_wrongly"].value, told["skipped_rightly"].value) == (0.5, 1.0)
    engine.remote = True
    assert set((await SUITES["identify"](Trial(rows, tools(engine)))).figures) == {"macro_f1"}


async def test_scope_knows_the_documents_of_the_domains_that_are_in_scope() -> None:
    known: list[set[str]] = []

    def look(inputs: IdentifyInput) -> Identified:
        known.append({passage.entry.id for passage in inputs.known})
        return by_first_word(inputs)

    engine = FakeEngine()
    engine.says["identify"] = look
    rows = [
        {"text": "within_scope uploads", "label": "within_scope", "domain": "cloud"},
        {"text": "out_of_scope courts", "label": "out_of_scope", "domain": "law"},
    ]
    corpus = [
        {"id": "c", "text": "Uploads need parts.", "domain": "cloud"},
        {"id": "l", "text": "Courts sit on Mondays.", "domain": "law"},
        {"id": "n", "text": "Lunch is at noon."},
    ]
    await SUITES["scope"](Trial(rows, tools(engine), corpus, "the store"))
    assert known == [{"c", "n"}, {"c", "n"}]


CORPUS = [
    {"id": "up", "text": "Uploads need parts of 64 MB."},
    {"id": "key", "text": "Rotate the access key in the console."},
]


async def test_rewrite_counts_what_the_corpus_holds_and_puts_the_last_turn_beside_it() -> None:
    rows = [
        {"user_turns": ["How do I rotate the access key?", "and where?"], "last_turn": "and where?",
         "relevant_ids": ["key", "elsewhere"]},
        {"user_turns": ["of another corpus"], "last_turn": "of another corpus", "relevant_ids": ["elsewhere"]},
    ]  # fmt: skip
    engine = FakeEngine()
    engine.says["rewrite"] = lambda inputs: Rewriting(
        (Rewritten(f"{inputs.dialogue[0].text} {inputs.burst[0].text}", (MessageId("m1"),)),)
    )
    told = await SUITES["rewrite"](Trial(rows, tools(engine), CORPUS, ""))
    assert (told.n, told.figures["ndcg_at_10"].value) == (1, 1.0)
    assert told.figures["last_turn_ndcg_at_10"].value < 1.0


async def test_without_history_only_the_last_turn_was_said() -> None:
    row = {"user_turns": ["a", "b"], "last_turn": "b", "history": [{"role": "customer", "text": "a"}], "query": "b"}
    assert without_history(row) == {"user_turns": ["b"], "last_turn": "b", "history": [], "query": "b"}
    assert without_history({"query": "b"}) == {"query": "b", "history": []}


async def test_refusing_is_right_where_no_document_answers() -> None:
    rows = [
        {"query": "Uploads need parts of 64 MB.", "answerability": "ANSWERABLE"},
        {"query": "Who won the cup?", "answerability": "UNANSWERABLE"},
        {"query": "Rotate the access key in the console.", "answerability": "UNDERSPECIFIED"},
    ]
    told = await SUITES["refuse"](Trial(rows, tools(), CORPUS, ""))
    assert told.figures["f1"].value == pytest.approx(2 / 3, abs=1e-4)
    assert told.figures["answered"].value == pytest.approx(2 / 3, abs=1e-4)


@pytest.mark.parametrize("suite", ["rewrite", "retrieve", "refuse", "answer", "grounding"])
async def test_what_searches_documents_wants_a_corpus(suite: str) -> None:
    with pytest.raises(CallerError, match="--corpus"):
        await SUITES[suite](Trial([], tools()))


async def test_a_row_without_its_fields_is_refused() -> None:
    with pytest.raises(CallerError, match="duplicate"):
        await SUITES["dedup"](Trial([{"old": "a", "new": "b"}], tools()))
