"""The example workspace, replayed once per test process."""

import asyncio
import contextlib
import io
import json
from pathlib import Path
from typing import Any

import pytest

from bot.replay import backfill
from tests.fakes.replayed import EXAMPLES, Replayed, replayed, settings_in


@pytest.fixture(scope="session")
def acme(tmp_path_factory: pytest.TempPathFactory) -> Replayed:
    """The replay of examples/acme."""
    return replayed(EXAMPLES / "acme", tmp_path_factory.mktemp("acme"))


@pytest.fixture(scope="session")
def paraphrased(tmp_path_factory: pytest.TempPathFactory) -> Replayed:
    """The replay of the same threads in other words."""
    return replayed(EXAMPLES / "acme-paraphrased", tmp_path_factory.mktemp("paraphrased"))


@pytest.fixture(scope="session")
def acme_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home that has learned from examples/acme."""
    home = tmp_path_factory.mktemp("home")
    with contextlib.redirect_stderr(io.StringIO()):
        asyncio.run(backfill(settings_in(home), EXAMPLES / "acme", None))
    return home


@pytest.fixture(scope="session")
def expected() -> list[dict[str, Any]]:
    """What must happen in each thread."""
    read: list[dict[str, Any]] = json.loads((EXAMPLES / "acme" / "expected.json").read_text("utf-8"))
    return read
