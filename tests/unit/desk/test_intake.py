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
from tests.unit.desk.support import ANALYST, BOT, CHANNEL, CUSTOMER, Table, table


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Table]:
    async with table(tmp_path) as one:
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
