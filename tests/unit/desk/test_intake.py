"""The door when nothing can be stored: the event stays unacknowledged, and its error says why."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from core.desk.intake import Intake
from core.domain.channels import ChannelSettings, DeliveryMode
from core.domain.errors import FinalError
from core.domain.events import ChannelChanged, MessagePosted
from core.domain.people import Person
from tests.unit.desk.asking import command, press, submit
from tests.unit.desk.support import ANALYST, BOT, CHANNEL, CUSTOMER, HOME, Table, table


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Table]:
    async with table(tmp_path, analysts=frozenset({ANALYST.id})) as one:
        yield one


async def _fails(desk: Table, monkeypatch: pytest.MonkeyPatch, error: Exception) -> Exception:
    """Receive a message while storing fails with ``error``; gives what was raised."""

    async def fail(*_: object) -> None:
        raise error

    event = MessagePosted(
        source="test", external_id="1", at=desk.clock.at, channel=CHANNEL, message_id="1.0", author=CUSTOMER, text="hello"
    )  # fmt: skip
    with monkeypatch.context() as failing:
        failing.setattr(Intake, "_handle", fail)
        with pytest.raises(type(error)) as raised:
            await desk.intake.receive(event)
    assert (await desk.intake.receive(event)).stored, "nothing of the failed try may be left"
    return raised.value


async def test_a_foreseen_failure_leaves_with_its_sentence(desk: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    full = FinalError("The disk that holds the records is full.")
    assert await _fails(desk, monkeypatch, full) is full


async def test_an_unforeseen_failure_leaves_as_it_is(
    desk: Table, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    bug = KeyError("nobody thought of it")
    assert await _fails(desk, monkeypatch, bug) is bug
    assert "event_not_stored" in capsys.readouterr().out


REFUSED = Person("UPASS", "Passer-by", HOME)


@pytest.mark.parametrize(
    ("action", "why"), [("accept", "card_unknown"), ("approve", "only_analyst"), ("no-such-action", "card_unknown")]
)
async def test_a_refused_click_is_logged_by_ids_alone(
    desk: Table, capsys: pytest.CaptureFixture[str], action: str, why: str
) -> None:
    await press(desk, action, "a forged target", REFUSED)
    told = capsys.readouterr().out
    assert ("refused" in told, REFUSED.id in told, why in told) == (True, True, True)
    assert "forged" not in told


async def test_refused_forms_and_commands_are_logged_by_ids_alone(
    desk: Table, capsys: pytest.CaptureFixture[str]
) -> None:
    await submit(desk, "config", CHANNEL.channel, REFUSED, scope="our secret plan")
    await command(desk, "config", REFUSED)
    told = capsys.readouterr().out
    assert [kind in told for kind in ("form_submitted", "command_issued", "only_analyst")] == [True] * 3
    assert "secret" not in told


async def test_what_is_done_as_asked_is_not_logged_as_refused(desk: Table, capsys: pytest.CaptureFixture[str]) -> None:
    await command(desk, "help", REFUSED)
    await command(desk, "pause", ANALYST)
    assert "refused" not in capsys.readouterr().out


async def test_a_channel_keeps_its_name_where_an_event_knows_none(desk: Table) -> None:
    for n, (name, external) in enumerate((("support", False), ("", True))):
        event = ChannelChanged(
            source="test", external_id=str(n), at=desk.clock.at, channel=CHANNEL, name=name, external=external
        )  # fmt: skip
        await desk.intake.receive(event)
    async with desk.desk.records.begin() as work:
        channel = await work.channels.get(CHANNEL)
    assert (channel.name, channel.external) == ("support", True)


@pytest.mark.parametrize(
    ("author", "text", "mode", "direct", "waits"),
    [
        (CUSTOMER, "@Vigil why is it slow?", DeliveryMode.AUTO, True, True),
        (CUSTOMER, "why is it slow?", DeliveryMode.AUTO, False, False),
        (ANALYST, "@Vigil close", DeliveryMode.AUTO, True, False),
        (BOT, "@Vigil why is it slow?", DeliveryMode.AUTO, True, False),
        (CUSTOMER, "@Vigil why is it slow?", DeliveryMode.SHADOW, True, False),
        (CUSTOMER, "@Vigil why is it slow?", DeliveryMode.DRAFT, True, False),
        (CUSTOMER, "@Vigil why is it slow?", DeliveryMode.OFF, True, False),
    ],
)
async def test_only_people_who_ask_directly_where_answers_are_shown_are_told_to_wait(
    desk: Table, author: Person, text: str, mode: DeliveryMode, *, direct: bool, waits: bool
) -> None:
    async with desk.desk.records.begin() as work:
        channel = await work.channels.get(CHANNEL)
        await work.channels.put(replace(channel, settings=ChannelSettings(mode=mode)))
    event = MessagePosted(
        source="test", external_id="1", at=desk.clock.at, channel=CHANNEL, message_id="1.0", author=author, text=text,
        direct=direct,
    )  # fmt: skip
    assert (await desk.intake.receive(event)).answers is waits
    assert not (await desk.intake.receive(event)).answers, "a repetition is told nothing"
