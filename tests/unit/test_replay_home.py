"""The home of a replay: one per export and settings, whatever process asks, and held before anything in it is cleared."""

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from adapters.history import read_export
from bot.home import hold
from bot.replay import FINISHED, _clear_finished, _home_of, replay
from core.domain.errors import HomeInUseError
from core.domain.policy import Policy
from tests.crash.scenario import write_export
from tests.fakes.replayed import settings_in

ROOT = Path(__file__).resolve().parents[2]
NAME = """
from pathlib import Path
from adapters.history import read_export
from bot.replay import _home_of
from core.domain.policy import Policy
from tests.fakes.replayed import settings_in
print(_home_of(settings_in(Path("home")), read_export(Path({export!r})), Policy(analysts=frozenset("abcdef"))).name)
"""


def _name_under(seed: str, export: Path) -> str:
    command = [sys.executable, "-c", NAME.format(export=str(export))]
    env = {**os.environ, "PYTHONHASHSEED": seed}
    return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=True).stdout


def test_the_home_has_the_same_name_under_every_hash_seed(tmp_path: Path) -> None:
    export = write_export(tmp_path / "export")
    assert len({_name_under(seed, export) for seed in ("1", "2", "3")}) == 1


def test_other_settings_and_another_export_have_another_home(tmp_path: Path) -> None:
    settings, export = settings_in(tmp_path), read_export(write_export(tmp_path / "export"))
    other = settings.model_copy(update={"dedup_theta": 0.5})
    homes = [
        _home_of(settings, export, Policy()),
        _home_of(settings, export, Policy(analysts=frozenset({"U1"}))),
        _home_of(other, export, Policy()),
        _home_of(settings, replace(export, fingerprint="f"), Policy()),
        _home_of(settings, replace(export, home="T1"), Policy()),
    ]
    assert len(set(homes)) == len(homes)


async def test_a_finished_home_that_another_process_holds_is_left_alone(tmp_path: Path) -> None:
    settings, export = settings_in(tmp_path / "home"), write_export(tmp_path / "export")
    await replay(settings, export, None, as_json=True)
    (home,) = (tmp_path / "home" / "replays").iterdir()
    before = sorted(path.name for path in home.iterdir())
    with hold(home), pytest.raises(HomeInUseError):
        await replay(settings, export, None, as_json=True)
    assert sorted(path.name for path in home.iterdir()) == before


def test_only_a_finished_home_is_cleared_and_its_lock_stays(tmp_path: Path) -> None:
    with hold(tmp_path / "home") as home:
        (home / "knowledge").mkdir()
        (home / "records.db").write_text("", "utf-8")
        _clear_finished(home)
        assert (home / "records.db").exists()
        (home / FINISHED).write_text("", "utf-8")
        _clear_finished(home)
        assert [path.name for path in home.iterdir()] == ["knowledge.lock"]
