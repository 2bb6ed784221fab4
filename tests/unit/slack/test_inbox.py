"""What the inbox does with what Slack delivers, beside handing it on."""

import asyncio

import pytest

from adapters.slack.inbox import SlackInbox
from core.domain.events import InboundEvent
from core.domain.replies import Receipt
from tests.fakes.clock import FakeClock
from tests.unit.slack.conftest import There


class Desk:
    """Stores everything and gives back what the test says."""

    def __init__(self, receipt: Receipt) -> None:
        self.receipt, self.events = receipt, list[InboundEvent]()

    async def receive(self, event: InboundEvent) -> Receipt:
        self.events.append(event)
        return self.receipt


async def test_a_changed_group_is_read_beside_the_acknowledgement(
    there: There, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = asyncio.Event()

    async def never() -> None:
        read.set()
        await asyncio.Event().wait()

    monkeypatch.setattr(there.workspace, "refresh_groups", never)
    inbox = SlackInbox(there.workspace, Desk(Receipt(stored=True)).receive, FakeClock(), there.moves)
    await inbox.event({"type": "event_callback", "event": {"type": "subteam_members_changed"}})
    await read.wait()


async def test_a_sign_of_life_is_shown_only_where_an_answer_will_be(there: There) -> None:
    asked = [there.dana.post(there.channel, f"{there.slack.bot.mention} why {n}?") for n in range(2)]
    for message, answers in zip(asked, (False, True), strict=True):
        inbox = SlackInbox(
            there.workspace, Desk(Receipt(stored=True, answers=answers)).receive, FakeClock(), there.moves
        )
        event = {**message.body, "channel": there.channel.id}
        await inbox.event({"type": "event_callback", "event_id": message.ts, "event": event})
    await there.slack.until(lambda: bool(there.slack.called("assistant.threads.setStatus")))
    assert [call["thread_ts"] for call in there.slack.called("assistant.threads.setStatus")] == [asked[1].ts]
