"""Who works in a home, and who has to wait or go."""

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest

from bot.home import alone_in_the_past, hold, hold_if_free, past_if_free, teaching, while_nobody_writes, writing
from core.domain.errors import CallerError, FinalError, HomeInUseError
from tests.rules.source import ROOT


def test_a_home_is_held_by_one_and_free_again_whatever_its_path(tmp_path: Path) -> None:
    home = tmp_path / "ein Zuhause – 家 🏠" / "מלון"
    (home.parent).mkdir()
    with hold(home) as held:
        assert held == home
        with pytest.raises(HomeInUseError, match="Another Vigil is working in"), hold(home):
            pass
        with hold_if_free(home) as free:
            assert not free
    with hold_if_free(home) as free, pytest.raises(HomeInUseError), hold(home):
        assert free
    with hold(home):
        assert (home / "knowledge.lock").exists(), "the file stays; it is no lock by itself"


def test_who_waits_for_a_held_home_gets_it_once_it_is_free(tmp_path: Path) -> None:
    with hold(tmp_path), pytest.raises(HomeInUseError), hold(tmp_path, wait_s=0.01):
        pass
    with hold(tmp_path, wait_s=0.01):
        pass


@pytest.mark.parametrize("name", ["home", "home/deeper"])
def test_a_home_that_cannot_be_made_is_told_in_a_sentence(tmp_path: Path, name: str) -> None:
    (tmp_path / "home").write_text("no folder", "utf-8")
    with pytest.raises(FinalError, match="cannot be written: give this user"), hold(tmp_path / name):
        pass
    with pytest.raises(FinalError, match="cannot be written"), hold_if_free(tmp_path / name):
        pass


def test_of_two_backfills_the_second_is_refused(tmp_path: Path) -> None:
    with alone_in_the_past(tmp_path), pytest.raises(CallerError, match="Another backfill"), alone_in_the_past(tmp_path):
        pass


def test_nothing_is_forgotten_while_somebody_writes_nor_written_while_something_is_forgotten(tmp_path: Path) -> None:
    with writing(tmp_path):
        with writing(tmp_path):
            pass
        with pytest.raises(HomeInUseError, match="Another command is writing"), while_nobody_writes(tmp_path):
            pass
    with while_nobody_writes(tmp_path), pytest.raises(HomeInUseError, match="being forgotten"), writing(tmp_path):
        pass
    with writing(tmp_path):
        pass


HELD = """
import sys
from pathlib import Path
from bot.home import writing
with writing(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_writer_that_is_killed_writes_no_more(tmp_path: Path) -> None:
    call = [sys.executable, "-c", HELD, str(tmp_path)]
    with subprocess.Popen(call, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout
        assert other.stdout.readline() == b"held\n"
        with pytest.raises(HomeInUseError), while_nobody_writes(tmp_path):
            pass
        other.kill()
        other.wait()
        with while_nobody_writes(tmp_path):
            pass


def test_a_home_that_cannot_be_written_has_no_writers(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("no folder", "utf-8")
    with pytest.raises(FinalError, match="cannot be written"), writing(tmp_path / "home"):
        pass


def test_who_looks_for_a_backfill_sees_one_and_is_none(tmp_path: Path) -> None:
    with alone_in_the_past(tmp_path), past_if_free(tmp_path) as free:
        assert not free
    with past_if_free(tmp_path) as free:
        assert free
    with alone_in_the_past(tmp_path):
        pass


async def test_teaching_is_one_at_a_time(tmp_path: Path) -> None:
    inside: list[int] = []

    async def teach(n: int) -> None:
        async with teaching(tmp_path):
            inside.append(n)
            await asyncio.sleep(0)
            assert inside[-1] == n, "nobody came between"

    await asyncio.gather(*(teach(n) for n in range(4)))
    assert sorted(inside) == [0, 1, 2, 3]
