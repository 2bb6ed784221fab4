"""``vigil eval growth`` on a small export: two weeks apart the same is asked again, first answered by a human."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from bot.growth import Growing, growth, quality
from bot.measure import Performing
from bot.telling import Telling
from core.domain.errors import CallerError
from core.evaluate.trial import Ablation
from tests.fakes.replayed import settings_in

ASKED = "Our multipart uploads fail with SlowDown since this morning, how can we avoid that?"
ANSWER = "Set max_concurrency to 4 and part_size to 64 MiB in the transfer config, that avoids SlowDown in multipart uploads."
OTHER = "How do we rotate an access key without an outage of the ingest service?"
ROTATE = "Create the second access key first, deploy it to the ingest service, then delete the old key in the console."


def write(folder: Path, threads: Sequence[tuple[int, str, Sequence[tuple[str, str]]]]) -> Path:
    """Write an export of (hour, customer, [(user, text)]) threads, a message a minute."""
    by_channel: dict[str, list[dict[str, object]]] = {"ext-one": [], "ext-two": []}
    for hour, channel, messages in threads:
        root = 1_767_607_200 + 3600 * hour
        for n, (user, text) in enumerate(messages):
            by_channel[channel].append(
                {"type": "message", "user": user, "text": text, "ts": f"{root + 60 * n}.000100", "thread_ts": f"{root}.000100",
                 "team": "T0HOME" if user == "UANA" else f"T0{channel[4:].upper()}"}
            )  # fmt: skip
    for name, rows in by_channel.items():
        (folder / name).mkdir(parents=True)
        (folder / name / "2026-01-05.json").write_text(json.dumps(sorted(rows, key=lambda m: str(m["ts"]))), "utf-8")
    channels = [{"id": f"C{n}", "name": name} for n, name in enumerate(by_channel)]
    teams = {"UANA": "T0HOME", "UONE": "T0ONE", "UTWO": "T0TWO"}
    (folder / "channels.json").write_text(json.dumps(channels), "utf-8")
    (folder / "users.json").write_text(
        json.dumps([{"id": u, "team_id": t, "name": u} for u, t in teams.items()]), "utf-8"
    )
    return folder


@pytest.fixture(scope="module")
def export(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(
        tmp_path_factory.mktemp("growth") / "export",
        [
            (0, "ext-one", [("UONE", ASKED), ("UANA", ANSWER), ("UONE", "That works, thanks!")]),
            (120, "ext-one", [("UONE", OTHER), ("UANA", ROTATE), ("UONE", "That worked, thank you!")]),
            (200, "ext-two", [("UTWO", ASKED), ("UANA", f"Hi!\n{ANSWER}")]),
            (300, "ext-two", [("UTWO", OTHER), ("UANA", f"Hello.\n{ROTATE}")]),
        ],
    )


def grown(export: Path, home: Path, capsys: pytest.CaptureFixture[str], *off: Ablation) -> list[Mapping[str, Any]]:
    wanted = Growing(export, "T0HOME", frozenset(off))
    asyncio.run(growth(settings_in(home), wanted, Performing(), Telling(as_json=True)))
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_what_was_learned_answers_later_and_leads_to_what_the_human_says_then(
    export: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    *tenths, last = grown(export, tmp_path, capsys)
    assert [line["tenth"] for line in tenths] == list(range(1, 11))
    assert [line["in_scope"] for line in tenths] == [1, 0, 0, 1, 0, 0, 1, 0, 0, 1]
    assert [line["known"] for line in tenths] == [1, 1, 1, 1, 2, 2, 2, 2, 2, 2]
    assert [(line["answered"], line["led"]) for line in tenths if line["answered"]] == [(1, 1), (1, 1)]
    assert last["suite"] == "growth"
    assert last["n"] == 4
    assert last["metrics"] == {"answered": 0.5, "answered_late": 1.0, "led": 1.0}
    assert list(tmp_path.iterdir()) == []


def test_without_learning_only_what_the_first_tenth_taught_is_known(
    export: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    *tenths, last = grown(export, tmp_path, capsys, Ablation.NO_LEARNING)
    assert [line["known"] for line in tenths] == [1] * 10
    assert last["metrics"]["answered"] == 0.25


def judged(
    export: Path, home: Path, capsys: pytest.CaptureFixture[str], how: Performing, limit: int | None = None
) -> Mapping[str, Any]:
    wanted = Growing(export, "T0HOME", limit=limit)
    asyncio.run(quality(settings_in(home), wanted, how, Telling(as_json=True)))
    line: Mapping[str, Any] = json.loads(capsys.readouterr().out)
    return line


def calls(line: Mapping[str, Any]) -> Mapping[str, tuple[int, int]]:
    return {task: (cost["calls"], cost["failed"]) for task, cost in line["tasks"].items()}


def test_a_recorded_replay_repeats_from_its_record_alone(
    export: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    record = tmp_path / "record"
    first = judged(export, tmp_path, capsys, Performing(record=record))
    assert (first["suite"], first["n"]) == ("replay-quality", 4)
    assert (first["metrics"]["answered"], first["metrics"]["led"]) == (0.5, 1.0)
    assert first["notes"][0] == "2 answers were followed by an analyst's."
    monkeypatch.setattr("bot.measure.named_engine", None)
    again = judged(export, tmp_path, capsys, Performing(replay=record))
    assert (again["metrics"], again["interval"], calls(again)) == (first["metrics"], first["interval"], calls(first))


def test_a_limit_replays_the_first_messages_alone(
    export: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert judged(export, tmp_path, capsys, Performing(), limit=3)["n"] == 1


def test_an_export_without_messages_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(CallerError, match="holds no messages"):
        grown(write(tmp_path / "empty", []), tmp_path, capsys)
