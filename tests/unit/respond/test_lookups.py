"""One turn looks a question up once (DESIGN 5.3)."""

from dataclasses import replace

from core.domain.dialogue import Line
from core.domain.ids import EntryId, MessageId, SessionId
from core.domain.knowledge import SHARED, KnowledgeEntry, Passage, SearchQuery, Viewer
from core.domain.people import Role, RoleBasis
from core.domain.tasks import RewriteInput, Rewriting, Rewritten
from core.knowledge.projection import stored_entries
from core.respond.pipeline import respond
from core.respond.situation import Response, Situation, Tools
from tests.fakes.clock import FakeClock
from tests.fakes.embedder import HashEmbedder
from tests.fakes.engine import FakeEngine
from tests.fakes.knowledge_store import MemoryKnowledgeStore
from tests.fakes.reranker import WordsReranker
from tests.unit.desk.support import CALIBRATION
from tests.unit.respond.test_relevance import AT

ASKED = "why does the upload of a large file fail?"
OTHERWISE = "what makes the upload of large files fail?"


class AskedStore(MemoryKnowledgeStore):
    """Remembers what was looked up."""

    def __init__(self, dimension: int) -> None:
        super().__init__(dimension)
        self.asked: list[str] = []

    async def search(self, query: SearchQuery) -> list[Passage]:
        self.asked.append(query.text)
        return await super().search(query)


async def still() -> bool:
    return True


async def turn(engine: FakeEngine, reranker: WordsReranker | None = None) -> tuple[list[str], Response]:
    """Ask with one entry known; gives what was looked up, and what became of it."""
    embedder = HashEmbedder()
    store = AskedStore(embedder.dimension)
    entry = KnowledgeEntry(
        id=EntryId("known"), kind="qa", audience=SHARED, title=ASKED, question=ASKED, answer="Use parts of 64 MB.",
        created_at=AT, updated_at=AT,
    )  # fmt: skip
    await store.put(await stored_entries([(entry, 1)], embedder))
    burst = (Line(MessageId("m"), Role.REQUESTER, RoleBasis.CONFIGURED, "Kim", ASKED, AT),)
    situation = Situation(
        SessionId("s"), 1, AT, "", "en", direct=False, viewer=Viewer((SHARED,)), dialogue=(), burst=burst, answered=False,
        stale=False, sent=(), still_current=still,
    )  # fmt: skip
    calibration = replace(CALIBRATION, answer_cutoff=0.0)
    return store.asked, await respond(situation, Tools(engine, embedder, store, calibration, FakeClock(), reranker))


async def test_a_burst_that_is_one_question_in_its_own_words_is_looked_up_once() -> None:
    asked, response = await turn(FakeEngine())
    assert asked == [ASKED]
    assert [p.entry.id for p in response.resolved[0].passages] == ["known"]


async def test_a_question_that_was_reworded_is_looked_up_for_itself() -> None:
    def reworded(inputs: RewriteInput) -> Rewriting:
        return Rewriting((Rewritten(OTHERWISE, tuple(line.id for line in inputs.burst)),))

    engine = FakeEngine()
    engine.says["rewrite"] = reworded
    assert (await turn(engine))[0] == [ASKED, OTHERWISE]


async def test_a_cross_encoder_ranks_what_was_found_without_it() -> None:
    asked, response = await turn(FakeEngine(), WordsReranker())
    (by_words,) = await WordsReranker().score(ASKED, [f"{ASKED}\nUse parts of 64 MB."])
    assert (asked, response.resolved[0].passages[0].relevance) == ([ASKED], by_words)
