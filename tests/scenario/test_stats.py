"""``vigil stats`` on a home that was replayed, on one that was backfilled, and on an empty one."""

import asyncio
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from bot.figures import Wanted, stats
from bot.home import REPLAYS
from bot.settings import Settings
from core.domain.errors import CallerError, NothingKnownError
from tests.fakes.replayed import Replayed, settings_in


@pytest.fixture
def replayed_home(acme: Replayed) -> Path:
    (home,) = (acme.home / REPLAYS).iterdir()
    return home


@pytest.fixture
def told(capsys: pytest.CaptureFixture[str]) -> "Told":
    return Told(capsys)


class Told:
    """Runs the command in this process and gives what it printed."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    def __call__(self, home: Path, wanted: Wanted | None = None, *, as_json: bool = False) -> str:
        asyncio.run(stats(settings_in(home), wanted or Wanted(), as_json))
        return self._capsys.readouterr().out

    def json(self, home: Path, wanted: Wanted | None = None) -> dict[str, Any]:
        read: dict[str, Any] = json.loads(self(home, wanted, as_json=True))
        return read


def test_a_replays_figures_are_told_by_message_time_and_agree_with_its_lines(
    replayed_home: Path, acme: Replayed, told: Told
) -> None:
    found, (summary,) = told.json(replayed_home), acme.of("summary")
    assert (found["since"], found["until"]) == ("2026-11-02", "2026-11-10")
    assert found["answers"]["posted"] == sum(
        q["outcome"] == "answered" for turn in acme.of("turn") if turn["delivery"] == "sent" for q in turn["questions"]
    )
    assert found["answers"]["accepted"] == summary["accepted"]
    assert sum(found["knowledge"]["size"].values()) == summary["knows"]
    assert sum(found["knowledge"]["changes"].values()) == len(acme.of("knowledge"))
    helped = found["on_calls"]["helped_before"] + found["on_calls"]["helped_after"]
    assert helped == sum(n for answers, n in found["answers_per_on_call"].items() if answers != "0")
    assert found["on_calls"]["in_scope"] == sum(found["answers_per_on_call"].values())
    assert found["lead_s"]["n"] > 0


def test_channels_and_customers_are_parts_of_the_whole(replayed_home: Path, told: Told) -> None:
    whole = told.json(replayed_home)["on_calls"]["in_scope"]
    one = told.json(replayed_home, Wanted(channel="#ext-globex"))["on_calls"]["in_scope"]
    same = told.json(replayed_home, Wanted(customer="T0GLOBEX"))["on_calls"]["in_scope"]
    assert 0 < one == same < whole
    assert told.json(replayed_home, Wanted(customer="T0GLOBEX", channel="ext-globex"))["on_calls"]["in_scope"] == one
    assert told.json(replayed_home, Wanted(days=1))["since"] == "2026-11-10"


def test_the_table_and_the_picture_tell_the_period_and_the_channels(
    replayed_home: Path, tmp_path: Path, told: Told
) -> None:
    said = told(replayed_home, Wanted(channel="ext-globex", plot=tmp_path / "p.svg"))
    assert said.splitlines()[0].rstrip() == "2026-11-02 to 2026-11-10 (9 days), #ext-globex"
    assert (tmp_path / "p.svg").read_bytes().startswith(b"<?xml")


def test_of_too_few_no_share_is_told(replayed_home: Path, told: Told) -> None:
    assert "too few to say" in told(replayed_home)


def test_a_backfill_posts_nothing_and_an_older_one_says_how_far_to_look_back(acme_home: Path, told: Told) -> None:
    assert "only record" in told(acme_home, Wanted(days=3650))
    old = told(acme_home, Wanted(days=1))
    assert "The newest message on record is of 2026-11-10" in old
    days = int(old.split("--days ")[1].split()[0])
    assert "newest message" not in told(acme_home, Wanted(days=days))


@pytest.mark.parametrize("wanted", [Wanted(channel="nowhere"), Wanted(customer="T9")])
def test_what_is_not_known_is_named_with_what_is(acme_home: Path, wanted: Wanted) -> None:
    with pytest.raises(CallerError, match=r"is known here: known are .*(globex|GLOBEX)"):
        asyncio.run(stats(settings_in(acme_home), wanted, as_json=False))


def test_an_empty_home_has_no_figures_and_one_without_messages_has_zeros(
    acme_home: Path, tmp_path: Path, told: Told
) -> None:
    settings: Settings = settings_in(tmp_path)
    with pytest.raises(NothingKnownError, match="there are no figures yet"):
        asyncio.run(stats(settings, Wanted(), as_json=False))
    shutil.copy(acme_home / "records.db", tmp_path / "records.db")
    assert told.json(tmp_path, Wanted(days=1))["on_calls"] == {"in_scope": 0, "helped_before": 0, "helped_after": 0}
