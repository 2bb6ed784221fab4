"""What Slack delivers, read and handed to the desk; and what the desk replies at once, shown to whoever asked."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import structlog

from adapters.slack.errors import calling
from adapters.slack.moves import Moves
from adapters.slack.parse import event_of
from adapters.slack.render.card import render_card, render_notice
from adapters.slack.render.elements import SlackMessage
from adapters.slack.render.forms import form_errors, form_view
from adapters.slack.render.listing import home_view, page_message, page_view
from adapters.slack.render.pages import entry_page, whole_answer
from adapters.slack.told import channel_of
from adapters.slack.workspace import Workspace
from adapters.slack_payloads.fields import Payload, object_in, text_in
from adapters.slack_payloads.head import Refused
from core.domain.cards import Card, EntryPage, Notice
from core.domain.errors import VigilError
from core.domain.events import InboundEvent, MessagePosted
from core.domain.pages import Page, PageKind
from core.domain.replies import AnswerPage, Form, Receipt, Reply
from core.ports.clock import Clock
from core.text.catalogue import say
from core.text.language import language_of

log = structlog.get_logger(__name__)

Body = dict[str, Any]
Receive = Callable[[InboundEvent], Awaitable[Receipt]]
LOST = frozenset({"tokens_revoked", "app_uninstalled"})
CHANNEL_NEWS = frozenset({"channel_shared", "channel_unshared", "member_joined_channel", "member_left_channel"})


class SlackInbox:
    """Stores what comes before it is acknowledged. An error leaves it unacknowledged, so that Slack delivers it again."""

    def __init__(self, workspace: Workspace, receive: Receive, clock: Clock, moves: Moves) -> None:
        self._workspace, self._receive, self._clock, self._moves = workspace, receive, clock, moves
        self._loose: set[asyncio.Task[None]] = set()

    async def event(self, body: Body) -> None:
        """A message, a reaction, or news of the workspace."""
        event = object_in(body, "event")
        kind = text_in(event, "type")
        if kind in LOST:
            log.error("slack_app_removed", reason=kind)
        elif kind == "subteam_members_changed":
            self._aside(self._workspace.refresh_groups())
        elif kind == "channel_id_changed":
            await self._moves.changed(text_in(event, "old_channel_id"), text_in(event, "new_channel_id"))
        elif kind == "app_home_opened":
            await self._home(event)
        else:
            if kind in CHANNEL_NEWS:
                self._workspace.forget_channel(channel_of(body))
            await self._arrived(body)

    async def interaction(self, body: Body) -> None:
        """A click or a shortcut. Its reply is shown beside the acknowledgement, for which Slack waits 3 s at most."""
        receipt = await self._arrived(body)
        if receipt is not None and receipt.reply is not None:
            self._aside(self._show(body, receipt.reply))

    async def form(self, body: Body) -> Body:
        """A submitted form: closed once it is taken over, or given back with what is wrong."""
        receipt = await self._arrived(body)
        reply = receipt.reply if receipt else None
        if isinstance(reply, Form) and reply.errors:
            return {"response_action": "errors", "errors": form_errors(reply)}
        if reply is not None:
            self._aside(self._show(body, reply))
        return {}

    async def command(self, body: Body) -> Body:
        """A slash command: the reply goes with the acknowledgement, and only its author sees it."""
        self._workspace.reply_urls.keep(body)
        receipt = await self._arrived(body)
        reply = receipt.reply if receipt else None
        match reply:
            case Notice():
                return _ephemeral(render_notice(reply, reply.language))
            case Page() if reply.kind is not PageKind.HOME:
                return _ephemeral(page_message(reply))
            case None:
                return {}
            case _:
                self._aside(self._show(body, reply))
                return {}

    async def _arrived(self, body: Body) -> Receipt | None:
        """Read it and hand it to the desk; first what is news about its channel, because that decides who may see what."""
        changed = await self._workspace.learn(body, self._clock.now())
        if changed is not None:
            await self._receive(changed)
            self._workspace.told(changed)
        event = event_of(body, self._workspace.around, self._clock.now())
        if isinstance(event, Refused):
            log.debug("not_for_us", reason=event.reason)
            return None
        receipt = await self._receive(event)
        if isinstance(event, MessagePosted) and isinstance(receipt.reply, Page):
            self._aside(self._told(event, receipt.reply))
        elif isinstance(event, MessagePosted) and receipt.answers:
            self._aside(self._sign_of_life(event))
        return receipt

    async def _sign_of_life(self, event: MessagePosted) -> None:
        """Whoever asks directly sees at once that somebody looks; the answer clears it."""
        await calling(
            lambda: self._workspace.client.assistant_threads_setStatus(
                channel_id=self._workspace.around.present(event.channel),
                thread_ts=event.thread or event.message_id,
                status=say(language_of(event.text), "looking_up"),
            )
        )

    async def _told(self, event: MessagePosted, page: Page) -> None:
        """What somebody asked in a thread and is told at once, alone, and there."""
        made = page_message(page)
        await calling(
            lambda: self._workspace.client.chat_postEphemeral(
                channel=self._workspace.around.present(event.channel), user=event.author.id, text=made.text,
                blocks=list(made.blocks), thread_ts=event.thread,
            )
        )  # fmt: skip

    async def _home(self, event: Payload) -> None:
        if text_in(event, "tab") != "home":
            return
        body = {"command": "home", "text": "home", "channel_id": text_in(event, "channel"),
                "user_id": text_in(event, "user"), "trigger_id": f"home:{text_in(event, 'event_ts')}"}  # fmt: skip
        receipt = await self._arrived(body)
        if receipt is not None and isinstance(receipt.reply, Page):
            self._aside(self._publish(text_in(event, "user"), receipt.reply))

    async def _show(self, body: Body, reply: Reply) -> None:
        """Show a reply to whoever clicked: a page as a modal (the trigger lives 3 s), a note where they are."""
        user, trigger = text_in(object_in(body, "user"), "id") or text_in(body, "user_id"), text_in(body, "trigger_id")
        opened_in = text_in(object_in(body, "view"), "private_metadata").partition("|")[2]
        named = text_in(object_in(body, "channel"), "id") or text_in(body, "channel_id") or opened_in
        channel = self._workspace.around.ids.present(named)
        match reply:
            case Page() if reply.kind is PageKind.HOME:
                await self._publish(user, reply)
            case Page():
                await self._open(body, trigger, page_view(reply))
            case EntryPage():
                await self._open(body, trigger, entry_page(reply))
            case AnswerPage():
                await self._open(body, trigger, whole_answer(reply.card, self._clock.now()))
            case Form():
                await self._open(body, trigger, form_view(reply, channel, self._workspace.around.ids.present))
            case Notice():
                await self._note(body, user, channel, render_notice(reply, reply.language))
            case Card() if _is_seen_by_one(body):
                made = render_card(reply, self._clock.now())
                await self._workspace.reply_urls.answer(text_in(body, "response_url"), made, in_place=True)
            case Card() | None:
                pass  # the outbox brings the clicked card up to date

    async def _open(self, body: Body, trigger: str, view: dict[str, object]) -> None:
        client = self._workspace.client
        inside = bool(object_in(body, "view")) and text_in(object_in(body, "view"), "type") == "modal"
        await calling(lambda: (client.views_push if inside else client.views_open)(trigger_id=trigger, view=view))

    async def _publish(self, user: str, page: Page) -> None:
        await calling(lambda: self._workspace.client.views_publish(user_id=user, view=home_view(page)))

    async def _note(self, body: Body, user: str, channel: str, made: SlackMessage) -> None:
        """To one person where they clicked; on a page of its own, where there is no channel, in a conversation with them."""
        container, client = object_in(body, "container"), self._workspace.client
        thread = text_in(container, "thread_ts") or text_in(object_in(body, "message"), "thread_ts")
        own = _is_seen_by_one(body) or text_in(body, "type") == "message_action"
        if own and (url := text_in(body, "response_url")):
            await self._workspace.reply_urls.answer(url, made)
        elif channel:
            await calling(
                lambda: client.chat_postEphemeral(
                    channel=channel, user=user, text=made.text, blocks=list(made.blocks), thread_ts=thread or None
                )
            )
        else:
            await calling(lambda: client.chat_postMessage(channel=user, text=made.text, blocks=list(made.blocks)))

    def _aside(self, work: Awaitable[None]) -> None:
        """Do it beside the acknowledgement. It is shown once or not at all: nothing that was stored hangs on it."""
        task = asyncio.ensure_future(self._guarded(work))
        self._loose.add(task)
        task.add_done_callback(self._loose.discard)

    async def _guarded(self, work: Awaitable[None]) -> None:
        try:
            await work
        except VigilError as error:
            log.warning("reply_not_shown", reason=error.sentence)


def _is_seen_by_one(body: Body) -> bool:
    """Whether what was clicked on is seen by one person alone: Slack changes it over the click's own address only."""
    return object_in(body, "container").get("is_ephemeral") is True


def _ephemeral(made: SlackMessage) -> Body:
    return {"response_type": "ephemeral", "text": made.text, "blocks": list(made.blocks)}
