"""Commands that change what is known, beside a bot that runs: it takes up what they wrote, and loses nothing by it."""

import asyncio
import resource
import signal
import sys
from pathlib import Path
from subprocess import CompletedProcess

from tests.fakes.set_clock import FILE
from tests.fakes.slack.deliveries import Patience
from tests.scenario.slack.conftest import SLOW_DOWN
from tests.scenario.slack.running import Running, command, environment, running
from tests.scenario.slack.storm import ASKED

ROTATE = ("How do I rotate an access key?", "Run `keys rotate`, then restart the agent within an hour.")
EXPORT = Path(__file__).parents[3] / "examples" / "acme"
LEFT_OVER = "SELECT lane, key FROM jobs WHERE lane LIKE 'past/%'"


async def vigil(bot: Running, *arguments: str) -> "CompletedProcess[str]":
    """Run a command in the bot's home, and expect it to do what it is for."""
    done = await command(bot.slack, bot.home, *arguments)
    assert done.returncode == 0, done.stderr
    return done


async def test_what_is_added_by_hand_answers_at_once_and_what_is_retired_is_withdrawn(bot: Running) -> None:
    await vigil(bot, "kb", "add", *ROTATE)
    asked = bot.bob.post(bot.channel, ROTATE[0])
    card = await bot.card(asked)
    assert "keys rotate" in card.text
    ((entry,),) = bot.on_record("SELECT subject_id FROM revisions ORDER BY row DESC LIMIT 1")
    await vigil(bot, "kb", "retire", entry, "--why", "wrong since 3.0")
    await bot.until(lambda: "Withdrawn" in bot.cards(asked)[0].text)


async def test_two_that_write_the_same_at_once_leave_one_entry(bot: Running) -> None:
    adds = [command(bot.slack, bot.home, "kb", "add", ROTATE[0], f"{ROTATE[1]}{' ' * n}.") for n in range(3)]
    done = await asyncio.gather(*adds)
    assert sorted(one.returncode for one in done) == [0, 2, 2], [one.stderr for one in done]
    assert all("says the same" in one.stderr for one in done if one.returncode)


async def test_a_backfill_beside_the_bot_teaches_posts_nothing_and_leaves_the_bots_work_alone(bot: Running) -> None:
    feeding = asyncio.create_task(vigil(bot, "backfill", str(EXPORT)))
    asked = bot.bob.post(bot.channel, ASKED)
    assert "4 parallel parts" in (await bot.card(asked)).text
    done = await feeding
    assert "nothing was posted" in done.stdout
    assert bot.slack.called("chat.postMessage") == bot.slack.called("chat.postMessage")[:1]
    assert bot.on_record(LEFT_OVER) == []
    told = await command(bot.slack, bot.home, "ask", "why do presigned links stop working after an hour?")
    assert (told.returncode, "12 hours" in told.stdout) == (0, True), told.stderr


async def test_a_second_bot_is_refused_until_the_first_is_killed(tmp_path: Path) -> None:
    home = tmp_path / "ein Zuhause – 家 🏠"
    home.mkdir()
    async with running(home, [SLOW_DOWN]) as bot:
        second = await _started(bot)
        out, _ = await second.communicate()
        (sentence,) = out.decode().strip().splitlines()[-1:]
        assert (second.returncode, "Another Vigil is working" in sentence, str(home) in sentence) == (2, True, True)
        await bot.stop(signal.SIGKILL)
        assert (home / "knowledge.lock").exists(), "a stale lock file is no lock"
        await bot.start()
        assert "4 parallel parts" in (await bot.card(bot.bob.post(bot.channel, ASKED))).text


async def _started(bot: Running) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot.cli", "run", env=environment(bot.slack, bot.home) | bot.settings, cwd=bot.home,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip


async def test_a_bot_whose_machine_is_set_back_an_hour_or_right_again_answers_in_time(tmp_path: Path) -> None:
    async with running(tmp_path, [SLOW_DOWN], program="tests.fakes.set_clock") as bot:
        for set_by in (86_400, 0, -3600):  # a day ahead every question seems too old; right again, it was set back
            half = tmp_path / "half"
            half.write_text(str(set_by), "utf-8")
            half.replace(tmp_path / FILE)
            asker = bot.slack.person(f"Asker at {set_by}", bot.bob.person.team)
            asker.join(bot.channel)
            asked = asker.post(bot.channel, ASKED)
            if set_by > 0:
                await bot.until_recorded("SELECT 1 FROM turns")
                await bot.until(lambda: any("clock_set_ahead" in line for line in bot.log))
            else:
                assert "4 parallel parts" in (await bot.card(asked)).text, set_by
        await bot.until(lambda: sum("clock_set_back" in line for line in bot.log) == 2)
        assert bot.slack.called("chat.postMessage")


async def test_on_a_full_disk_no_event_is_acknowledged_and_with_space_it_is_answered(tmp_path: Path) -> None:
    async with running(tmp_path, [SLOW_DOWN], Patience(1.0, (0.5,) * 60)) as bot:
        assert bot.process is not None
        resource.prlimit(bot.process.pid, resource.RLIMIT_FSIZE, (4096, resource.RLIM_INFINITY))
        asked = bot.bob.post(bot.channel, ASKED)
        await bot.until(lambda: any("event_not_stored" in line and "nothing was stored" in line for line in bot.log))
        (envelope, *_) = [e for e in bot.slack.deliveries.sent if e.event.get("ts") == asked.ts]
        assert envelope.ack is None
        resource.prlimit(bot.process.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        assert "4 parallel parts" in (await bot.card(asked)).text
