"""How fast each channel is written to."""

from dataclasses import replace

from adapters.slack.messenger import SlackMessenger
from adapters.slack.pace import ChannelPaces
from bot.card_examples import cards
from core.domain.cards import Destination
from core.domain.channels import ChannelRef
from tests.fakes.clock import FakeClock
from tests.unit.slack.conftest import There


def _paced() -> tuple[ChannelPaces, list[float]]:
    now, waits = [0.0], list[float]()

    async def sleep(seconds: float) -> None:
        waits.append(seconds)
        now[0] += seconds

    return ChannelPaces(sleep, lambda: now[0]), waits


async def test_a_short_burst_goes_at_once_and_more_about_once_a_second() -> None:
    paces, waits = _paced()
    for _ in range(3):
        await paces.turn("C1")
    assert waits == []
    for _ in range(9):
        await paces.turn("C1")
    assert sum(waits) == 9.0


async def test_each_channel_has_a_pace_of_its_own() -> None:
    paces, waits = _paced()
    for n in range(9):
        await paces.turn(f"C{n}")
    assert waits == []


class Counted(ChannelPaces):
    """Notes whose turn it is."""

    def __init__(self) -> None:
        super().__init__()
        self.turns: list[str] = []

    async def turn(self, channel: str) -> None:
        self.turns.append(channel)


async def test_posts_and_edits_wait_for_their_channels_turn(there: There) -> None:
    paces = Counted()
    messenger = SlackMessenger(there.workspace, FakeClock(), paces)
    to = Destination(ChannelRef("slack", there.slack.world.home.id, there.channel.id))
    card = replace(cards()["posted"], destination=to)
    await messenger.update(await messenger.send(card), card)
    assert paces.turns == [there.channel.id] * 2
