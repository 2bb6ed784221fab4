"""Clicks, forms and commands of people on a small desk."""

from itertools import count

from core.domain.channels import ChannelRef
from core.domain.events import ButtonClicked, CommandIssued, FormSubmitted
from core.domain.pages import Page
from core.domain.people import Person
from core.domain.replies import Reply
from tests.unit.desk.support import ANALYST, CHANNEL, HOME, Table

AT_HOME = ChannelRef("slack", HOME, "")
"""Where a click on a person's home comes from: no channel."""
_ids = count()


async def press(
    desk: Table, action: str, target: str, by: Person = ANALYST, channel: ChannelRef = AT_HOME, message: str | None = None
) -> Reply:  # fmt: skip
    """Press a button, or use a shortcut."""
    event = ButtonClicked(
        source="test", external_id=f"press-{next(_ids)}", at=desk.clock.now(), channel=channel, by=by, action=action,
        target=target, message_id=message,
    )  # fmt: skip
    desk.clock.pass_s(0.001)
    return (await desk.intake.receive(event)).reply


async def submit(
    desk: Table, form: str, target: str, by: Person = ANALYST, channel: ChannelRef = AT_HOME, **fields: str
) -> Reply:
    """Send a form back."""
    event = FormSubmitted(
        source="test", external_id=f"form-{next(_ids)}", at=desk.clock.now(), channel=channel, by=by, form=form,
        target=target, fields=tuple(fields.items()),
    )  # fmt: skip
    desk.clock.pass_s(0.001)
    return (await desk.intake.receive(event)).reply


async def command(desk: Table, text: str, by: Person = ANALYST, channel: ChannelRef = CHANNEL) -> Reply:
    """Type a slash command."""
    event = CommandIssued(
        source="test", external_id=f"command-{next(_ids)}", at=desk.clock.now(), channel=channel, by=by, text=text
    )
    desk.clock.pass_s(0.001)
    return (await desk.intake.receive(event)).reply


async def home(desk: Table, by: Person = ANALYST) -> Page:
    """Open somebody's home."""
    page = await command(desk, "home", by)
    assert isinstance(page, Page)
    return page


def told(page: Reply) -> str:
    """All words of a page."""
    assert isinstance(page, Page)
    return "\n".join(text for item in page.items for text in (item.heading, *item.lines, item.remark) if text)


def targets(page: Page, action: str) -> list[str]:
    """What the buttons of one kind act on."""
    return [one.target for item in page.items for one in item.actions if one.kind == action]
