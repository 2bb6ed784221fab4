"""What every embedder promises: the exported model, torch, the cache around one, and the fake that other tests use."""

import asyncio
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import platformdirs
import pytest
from numpy.typing import NDArray

from adapters.embedding import DEFAULT_MODEL, open_embedder
from adapters.embedding.cached import CachedEmbedder
from adapters.embedding.entry import Entry
from adapters.embedding.onnx import OnnxEmbedder
from adapters.embedding.torch_fallback import TorchEmbedder
from core.ports.embedder import Embedder, EmbedRole
from tests.fakes.embedder import HashEmbedder
from tests.fakes.tiny_model import WINDOW_TOKENS, TinyModel

SENTENCES = [
    "How do I rotate the API key?",
    "如何重启索引?",
    "ok",
    "",
    "The connector fails after the upgrade to 4.2.1. " * 5,
    "🚀🔥👩‍💻👍🏽",
    "كيف أعيد تعيين كلمة المرور؟",
    "SELECT id FROM events WHERE at > now();",
]


@pytest.fixture(scope="session")
def exported() -> Embedder:
    """The packaged model from the user's own cache, exported there by the first run."""
    return asyncio.run(open_embedder(DEFAULT_MODEL, Path(platformdirs.user_cache_dir("vigil"))))


@pytest.fixture(scope="session")
def on_torch(tmp_path_factory: pytest.TempPathFactory) -> Embedder:
    tiny = TinyModel(prompts={"query": "ask: ", "passage": "say: "})
    prompts: dict[EmbedRole, str] = {"query": "ask: ", "passage": "say: "}
    entry = Entry("tiny@000000000001", "torch", tiny.dimension, WINDOW_TOKENS, prompts)
    return asyncio.run(TorchEmbedder.open(entry, tiny.write(tmp_path_factory.mktemp("models") / "tiny")))


@pytest.fixture(params=["onnx", "torch", "cached", "hash"])
def embedder(request: pytest.FixtureRequest) -> Embedder:
    match request.param:
        case "onnx":
            exported: CachedEmbedder = request.getfixturevalue("exported")
            assert isinstance(exported._inner, OnnxEmbedder)
            return exported._inner
        case "torch":
            on_torch: Embedder = request.getfixturevalue("on_torch")
            return on_torch
        case "cached":
            return CachedEmbedder(HashEmbedder(), capacity=4)
    return HashEmbedder()


@pytest.fixture(params=["exported", "on_torch"])
def model(request: pytest.FixtureRequest) -> Embedder:
    """A real one; loaded before the test, because loading starts an event loop of its own."""
    embedder: Embedder = request.getfixturevalue(request.param)
    return embedder


async def test_gives_one_float32_unit_row_per_text(embedder: Embedder) -> None:
    rows = await embedder.embed(SENTENCES, "passage")
    assert rows.shape == (len(SENTENCES), embedder.dimension)
    assert rows.dtype == np.float32
    assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)


@pytest.mark.parametrize("role", ["query", "passage"])
async def test_gives_no_row_for_no_text(embedder: Embedder, role: EmbedRole) -> None:
    rows = await embedder.embed([], role)
    assert rows.shape == (0, embedder.dimension)
    assert rows.dtype == np.float32


async def test_identity_names_model_and_weights(embedder: Embedder) -> None:
    name, _, digest = embedder.identity.partition("@")
    assert name
    assert len(digest) == 12
    assert set(digest) <= set("0123456789abcdef")


@pytest.mark.parametrize("role", ["query", "passage"])
async def test_gives_the_same_rows_again(embedder: Embedder, role: EmbedRole) -> None:
    first, second = [await embedder.embed(SENTENCES, role) for _ in range(2)]
    assert np.array_equal(first, second)


async def test_a_row_depends_neither_on_its_place_nor_on_its_neighbours(embedder: Embedder) -> None:
    many = [f"{sentence} {n}" for n in range(5) for sentence in SENTENCES]
    rows = await embedder.embed(many, "passage")
    shuffled = np.random.default_rng(0).permutation(len(many))
    again = await embedder.embed([many[place] for place in shuffled], "passage")
    alone = await embedder.embed([many[7]], "passage")
    assert np.allclose(rows[shuffled], again, atol=1e-5)
    assert np.allclose(rows[7], alone[0], atol=1e-5)


async def test_rows_belong_to_the_caller(embedder: Embedder) -> None:
    first = await embedder.embed(["one", "one"], "query")
    expected = first[1].copy()
    first[0] = 0
    assert np.array_equal(first[1], expected)
    assert np.array_equal((await embedder.embed(["one"], "query"))[0], expected)


async def test_a_text_of_a_million_characters_is_cut(embedder: Embedder) -> None:
    huge = ["Restart the agent, then rotate the key. " * 25_000, "x" * 1_000_000, " " * 1_000_000, "索" * 1_000_000]
    rows = await embedder.embed(huge, "passage")
    assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)


async def test_a_cut_text_has_the_row_of_its_beginning(model: Embedder) -> None:
    beginning = "Restart the agent, then rotate the key. " * 100
    spread = (beginning * 20).replace(" ", " " * 50)
    rows = await model.embed([beginning, beginning * 100, spread], "passage")
    assert np.allclose(rows @ rows[0], 1, atol=1e-5)


@pytest.mark.parametrize(
    "odd",
    [
        "\ud83d",
        "\ude80 and text",
        "tail \ud83d",
        "\ud83d\ude80",
        "a\x00b",
        "\x00",
        "\u202eabc\u202c",
        "👩‍💻",
        "\ufffe\uffff",
        "\n\t\r ",
    ],
    ids=ascii,
)
async def test_odd_characters_are_taken(embedder: Embedder, odd: str) -> None:
    rows = await embedder.embed([odd, "plain"], "query")
    assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)


async def test_calls_at_the_same_time_get_their_own_rows(embedder: Embedder) -> None:
    apart = [await embedder.embed([sentence], "passage") for sentence in SENTENCES]
    together = await asyncio.gather(*(embedder.embed([sentence], "passage") for sentence in SENTENCES))
    assert np.allclose(np.concatenate(apart), np.concatenate(together), atol=1e-5)


async def test_a_question_need_not_wait_for_a_bulk_load(model: Embedder) -> None:
    bulk = asyncio.create_task(model.embed([f"Passage {n} of a bulk load." for n in range(640)], "passage"))
    await asyncio.sleep(0)
    await model.embed(["A question"], "query")
    assert not bulk.done()
    assert (await bulk).shape == (640, model.dimension)


async def test_the_exported_model_knows_what_texts_mean(exported: Embedder) -> None:
    question, answer, other = await exported.embed(
        ["How can I change my password?", "Resetting a forgotten password", "The lunch menu of today"], "query"
    )
    assert question @ answer > 0.5
    assert question @ other < 0.3


async def test_prompts_set_query_and_passage_apart(on_torch: Embedder) -> None:
    as_query, as_passage = [await on_torch.embed(["restart"], role) for role in ("query", "passage")]
    spelled_out = await on_torch.embed(["", "restart"], "query")
    assert not np.allclose(as_query, as_passage, atol=1e-3)
    assert np.allclose(spelled_out[1], as_query[0], atol=1e-5)


class Counting(HashEmbedder):
    """Notes what it is asked."""

    def __init__(self) -> None:
        self.asked: list[list[str]] = []

    async def embed(self, texts: Sequence[str], role: EmbedRole) -> NDArray[np.float32]:
        self.asked.append(list(texts))
        await asyncio.sleep(0)
        return await super().embed(texts, role)


async def test_the_cache_asks_once_per_text_and_role() -> None:
    counting = Counting()
    cached = CachedEmbedder(counting)
    await cached.embed(["a", "b", "a"], "query")
    rows = await cached.embed(["b", "c", "b"], "query")
    await cached.embed(["a"], "passage")
    assert counting.asked == [["a", "b"], ["c"], ["a"]]
    assert np.array_equal(rows, await HashEmbedder().embed(["b", "c", "b"], "query"))


async def test_the_cache_asks_once_for_both_roles_where_the_model_makes_no_difference() -> None:
    counting = Counting()
    cached = CachedEmbedder(counting, roles_differ=False)
    asked, stored = [await cached.embed(["a"], role) for role in ("query", "passage")]
    assert counting.asked == [["a"]]
    assert np.array_equal(asked, stored)


async def test_the_cache_forgets_what_was_not_asked_for_longest() -> None:
    counting = Counting()
    cached = CachedEmbedder(counting, capacity=2)
    for text in ("a", "b", "a", "c", "a", "b"):
        await cached.embed([text], "query")
    assert counting.asked == [["a"], ["b"], ["c"], ["b"]]


async def test_a_call_larger_than_the_cache_still_gets_all_rows() -> None:
    many = [f"text {n}" for n in range(100)]
    cached = CachedEmbedder(HashEmbedder(), capacity=3)
    expected = await HashEmbedder().embed(many, "query")
    assert np.array_equal(await cached.embed(many, "query"), expected)
    assert len(cached._rows) == 3
    assert np.array_equal(await CachedEmbedder(HashEmbedder(), capacity=0).embed(many, "query"), expected)


async def test_the_cache_tells_long_texts_apart_and_does_not_keep_them() -> None:
    cached = CachedEmbedder(HashEmbedder())
    one, other = "a" * 5000 + " one", "a" * 5000 + " \ud83d other"
    rows = await cached.embed([one, other], "query")
    assert not np.array_equal(rows[0], rows[1])
    assert all(len(key[1]) == 16 for key in cached._rows)


async def test_the_cache_is_safe_from_several_threads() -> None:
    cached = CachedEmbedder(HashEmbedder(), capacity=8)
    texts = [f"text {n % 12}" for n in range(60)]
    expected = await HashEmbedder().embed(texts, "query")
    calls = (asyncio.to_thread(asyncio.run, cached.embed(texts, "query")) for _ in range(8))
    assert all(np.array_equal(rows, expected) for rows in await asyncio.gather(*calls))


def test_the_fake_gives_the_same_rows_in_every_process() -> None:
    code = (
        "import asyncio, sys; from tests.fakes.embedder import HashEmbedder;"
        "sys.stdout.write(asyncio.run(HashEmbedder().embed(['rotate the key'], 'query')).tobytes().hex())"
    )
    other = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=_checkout())
    assert other.stdout == asyncio.run(HashEmbedder().embed(["rotate the key"], "query")).tobytes().hex()


async def test_the_fake_puts_texts_that_share_words_near_each_other() -> None:
    texts = [
        "rotate the api key",
        "the api key: how to rotate it",
        "lunch is served at noon",
        "重启索引",
        "如何重启索引",
    ]
    rows = await HashEmbedder().embed(texts, "query")
    cosine = rows @ rows.T
    assert cosine[0, 1] > 0.6
    assert cosine[3, 4] > 0.6
    assert abs(cosine[0, 2]) < 0.35


def _checkout() -> Path:
    return Path(__file__).resolve().parents[2]
