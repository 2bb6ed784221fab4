"""The example workspace, replayed once however many processes share the tests."""

import asyncio
import contextlib
import fcntl
import io
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot.export_backfill import backfill
from tests.fakes.replayed import EXAMPLES, Replayed, replayed, settings_in

LINES = "lines.jsonl"

Once = Callable[[str, Callable[[Path], None]], Path]


@pytest.fixture(scope="session")
def once(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Once:
    """Give this process its own copy of a folder that whichever process comes first has filled."""
    own = tmp_path_factory.getbasetemp()
    shared = own.parent if hasattr(request.config, "workerinput") else own

    def give(name: str, fill: Callable[[Path], None]) -> Path:
        filled, begun = shared / f"{name}-filled", shared / f"{name}-begun"
        with (shared / f"{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not filled.exists():
                begun.mkdir()
                fill(begun)
                begun.rename(filled)
            return Path(shutil.copytree(filled, tmp_path_factory.mktemp(name) / "home"))

    return give


def _replayed(example: str, once: Once) -> Replayed:
    def fill(folder: Path) -> None:
        (folder / LINES).write_text(replayed(EXAMPLES / example, folder).text, "utf-8")

    home = once(example, fill)
    return Replayed((home / LINES).read_text("utf-8"), home)


@pytest.fixture(scope="session")
def acme(once: Once) -> Replayed:
    """The replay of examples/acme."""
    return _replayed("acme", once)


@pytest.fixture(scope="session")
def paraphrased(once: Once) -> Replayed:
    """The replay of the same threads in other words."""
    return _replayed("acme-paraphrased", once)


@pytest.fixture(scope="session")
def acme_home(once: Once) -> Path:
    """A home that has learned from examples/acme."""

    def fill(home: Path) -> None:
        with contextlib.redirect_stderr(io.StringIO()):
            asyncio.run(backfill(settings_in(home), EXAMPLES / "acme", None))

    return once("backfilled", fill)


@pytest.fixture(scope="session")
def expected() -> list[dict[str, Any]]:
    """What must happen in each thread."""
    read: list[dict[str, Any]] = json.loads((EXAMPLES / "acme" / "expected.json").read_text("utf-8"))
    return read
