"""What every messenger promises: the one of a replay, a terminal, and the fake platform of other tests."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from adapters.terminal.messenger import RecordedMessenger, TerminalMessenger
from core.domain.cards import Card, CardState, Destination
from core.domain.channels import Channel, ChannelRef
from core.domain.errors import FinalError, TransientError
from core.domain.ids import CardId, SessionId, TurnId
from core.ports.messenger import Messenger
from tests.fakes.messenger import FakeMessenger


def card(name: str = "c") -> Card:
    place = Destination(ChannelRef("slack", "T0HOME", "C1"), "1")
    return Card(CardId(name), SessionId("s"), TurnId(f"t-{name}"), place, "en", ())


async def shown_nowhere(card: Card) -> None:
    """A terminal that nobody looks at."""


def terminal() -> TerminalMessenger:
    return TerminalMessenger(shown_nowhere, Channel)


@pytest.fixture(params=[RecordedMessenger, FakeMessenger, terminal])
def messenger(request: pytest.FixtureRequest) -> Messenger:
    made: Messenger = request.param()
    return made


async def test_a_posted_card_is_found_under_the_id_that_it_was_given(messenger: Messenger) -> None:
    post = await messenger.send(card())
    assert post
    assert await messenger.find(card()) == post


async def test_two_cards_are_two_posts(messenger: Messenger) -> None:
    posts = [await messenger.send(card(name)) for name in ("a", "b")]
    assert len(set(posts)) == 2
    assert [await messenger.find(card(name)) for name in ("a", "b")] == posts


async def test_a_changed_card_is_still_the_same_post(messenger: Messenger) -> None:
    post = await messenger.send(card())
    changed = replace(card(), state=CardState.WITHDRAWN)
    await messenger.update(post, changed)
    assert await messenger.find(changed) == post


async def test_an_edit_that_is_repeated_changes_nothing_more(messenger: Messenger) -> None:
    post = await messenger.send(card())
    changed = replace(card(), state=CardState.ACCEPTED)
    await messenger.update(post, changed)
    await messenger.update(post, changed)
    assert await messenger.find(changed) == post


async def test_a_post_that_the_messenger_never_made_is_not_edited(messenger: Messenger) -> None:
    await messenger.send(card("a"))
    with pytest.raises(FinalError):
        await messenger.update("nowhere", card("a"))


async def test_a_channel_of_which_there_is_nothing_to_say_is_told_by_its_reference_alone(messenger: Messenger) -> None:
    ref = ChannelRef("slack", "T0HOME", "C1")
    assert await messenger.channel(ref) == Channel(ref)


@pytest.mark.parametrize("made", [FakeMessenger, terminal])
async def test_what_was_never_posted_is_not_found_on_a_platform(made: Callable[[], Messenger]) -> None:
    platform = made()
    await platform.send(card("a"))
    assert await platform.find(card("b")) is None


async def test_a_refused_call_posts_nothing_and_a_lost_answer_has_posted() -> None:
    refusing, losing = (
        FakeMessenger([TransientError("busy")]),
        FakeMessenger([TransientError("lost")], lose_answers=True),
    )
    for platform, posted in ((refusing, False), (losing, True)):
        with pytest.raises(TransientError):
            await platform.send(card())
        assert (await platform.find(card()) is not None) is posted


async def test_in_a_replay_a_card_has_the_same_post_in_every_process() -> None:
    assert await RecordedMessenger().find(card()) == await RecordedMessenger().send(card())


async def test_a_terminal_shows_a_card_when_it_is_posted_and_whenever_it_changes() -> None:
    shown: list[Card] = []

    async def show(one: Card) -> None:
        shown.append(one)

    platform = TerminalMessenger(show, Channel)
    post = await platform.send(card())
    changed = replace(card(), state=CardState.ACCEPTED)
    await platform.update(post, changed)
    assert shown == [card(), changed]


async def test_a_card_that_an_earlier_terminal_has_shown_is_not_found_but_shown_when_it_changes() -> None:
    post = await terminal().send(card())
    later = terminal()
    assert await later.find(card()) is None
    await later.update(post, card())
