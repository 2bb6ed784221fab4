"""Promise 6: no event, click or lesson that was acknowledged is lost: not by a crash, a rate limit, a model outage.

The crash of a process at every call of every port is ``tests/crash``; kills of a replay and of a backfill are
``tests/scenario/test_kills.py`` and ``test_year.py``.
"""

import asyncio
import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from core.desk.runner import Runner
from core.domain.errors import TransientError
from core.domain.events import MessagePosted
from core.domain.tasks import ExtractInput, Extraction, Lesson
from core.session.lifecycle import message_id
from tests.promises.conftest import ASKED, UNKNOWN
from tests.rules.source import ROOT
from tests.unit.desk.clicking import answered
from tests.unit.desk.support import ANALYST, CHANNEL, CUSTOMER, Table, table

SAID = "Fly a plane for a thousand hours first."
DIES = """
import asyncio, os, signal, sys
from pathlib import Path
from tests.unit.desk.support import table

async def main():
    async with table(Path(sys.argv[1])) as desk:
        await desk.know("why do multipart uploads fail with SlowDown?")
        ts = await desk.post("why do multipart uploads fail with SlowDown?")
        print(ts, flush=True)  # what the platform's acknowledgement is
        os.kill(os.getpid(), signal.SIGKILL)

asyncio.run(main())
"""


async def test_a_message_that_was_acknowledged_is_answered_by_the_next_process(tmp_path: Path) -> None:
    died = await asyncio.to_thread(_killed_behind_the_acknowledgement, tmp_path)
    assert died.returncode == -signal.SIGKILL, died.stderr
    async with table(tmp_path) as desk:
        async with desk.desk.records.begin() as work:
            await work.owners.release("the next process")
        await desk.wait(60)
        assert len(desk.messenger.posted) == 1
        assert (await desk.session_of(died.stdout.strip())).seq == 1


def _killed_behind_the_acknowledgement(home: Path) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-W", "ignore", "-c", DIES, str(home)]
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)


async def test_what_could_not_be_stored_is_not_acknowledged_and_comes_again(
    desk: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    posted = MessagePosted(
        source="test",
        external_id="e1",
        at=desk.clock.at,
        channel=CHANNEL,
        message_id="1.2",
        author=CUSTOMER,
        text=ASKED,
    )
    begin = desk.desk.records.begin
    monkeypatch.setattr(desk.desk.records, "begin", _fails)
    with pytest.raises(TransientError):
        await desk.intake.receive(posted)
    monkeypatch.setattr(desk.desk.records, "begin", begin)
    assert (await desk.intake.receive(posted)).stored
    assert not (await desk.intake.receive(posted)).stored, "and counts once"


def _fails() -> None:
    raise TransientError("The disk is full.")


async def test_a_rate_limit_delays_a_card_and_loses_none(desk: Table) -> None:
    desk.messenger.failures = [TransientError("Slack asks to wait.", retry_after_s=30.0)] * 2
    await desk.post(ASKED)
    await desk.wait(10)
    assert desk.messenger.posted == {}
    await desk.wait(120)
    assert len(desk.messenger.posted) == 1


async def test_a_click_is_kept_though_the_card_cannot_be_edited_and_shows_later(desk: Table) -> None:
    one = await answered(desk)
    desk.messenger.update_failures = [TransientError("down")] * 3
    await one.click()
    assert [click.kind for click in await one.clicks()] == ["accept"]
    await desk.wait(600)
    assert one.shown.state.value == "accepted"


async def test_a_lesson_waits_for_the_model(desk: Table) -> None:
    def lesson(inputs: ExtractInput) -> Extraction:
        source = next(line.id for line in inputs.dialogue if line.text == SAID)
        made = Lesson("astronaut", "become", "", SAID, (), (source,), None, confirmed=False, confidence=1.0)
        return Extraction(made)

    desk.engine.says["extract"] = TransientError("The provider is down.")
    root = await desk.post(UNKNOWN)
    taught = await desk.post(SAID, ANALYST, thread=root)
    await desk.wait(3000)
    assert await _taught(desk, taught) == 0
    desk.engine.says["extract"] = lesson
    again = replace(desk, runner=Runner(desk.desk))  # a restart tries what waits
    async with desk.desk.records.begin() as work:
        await work.owners.release("the next process")
    await again.wait(7200)
    assert await _taught(desk, taught) == 1


async def _taught(desk: Table, ts: str) -> int:
    async with desk.desk.records.read() as work:
        return len(await work.projections.learned_from(message_id(CHANNEL.key, ts)))
