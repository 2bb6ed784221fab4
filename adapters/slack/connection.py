"""The long connections to Slack: two at a time, each replaced before it is closed, and watched from outside.

The SDK closes an old connection before it opens the next, tries one used ticket for ever, and takes a socket that answers
pings but delivers nothing for sound. Here a connection lives once: whatever ends it, a fresh one with a fresh ticket takes over
first.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import structlog
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.errors import calling
from adapters.slack.web import proxy_for
from core.domain.errors import CallerError, VigilError

log = structlog.get_logger(__name__)

Handle = Callable[[AsyncBaseSocketModeClient, SocketModeRequest], Awaitable[None]]
Lost = Callable[[], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Patience:
    """How long each thing may take, in seconds: opening (with Slack's hello), silence of pongs, silence until a connection is
    renewed (``deaf_s``), silence of all of them until it is looked what passed us by (``quiet_s``), the overlap in which an old
    connection may still finish what it has, and between tries."""

    open_s: float = 20.0
    ping_s: float = 10.0
    deaf_s: float = 300.0
    quiet_s: float = 3600.0
    overlap_s: float = 5.0
    first_retry_s: float = 1.0
    longest_retry_s: float = 60.0


class Connection(SocketModeClient):
    """One websocket with one ticket. It never reconnects by itself: ``ended`` says that another must take over."""

    def __init__(self, app_token: str, web: AsyncWebClient, ping_s: float) -> None:
        super().__init__(app_token, web_client=web, ping_interval=ping_s)
        self.proxy = None  # the SDK's own choice knows no NO_PROXY; the ticket's address says which
        self.ended, self.greeted = asyncio.Event(), asyncio.Event()
        self.heard_at, self.event_at = time.monotonic(), 0.0
        self.message_listeners.append(self._heard)

    async def connect_to_new_endpoint(self, force: bool = False) -> None:  # noqa: ARG002  # as the SDK calls it
        """The SDK asks for a new connection: Slack refreshes, pongs stay away, or the socket is gone."""
        self.ended.set()

    async def issue_new_wss_url(self) -> str:
        """Ask for a ticket once; the SDK would wait and ask again."""
        found = await calling(lambda: self.web_client.apps_connections_open(app_token=self.app_token))
        url = str(found["url"])
        self.proxy = proxy_for(url)
        return url

    async def end(self) -> None:
        """Close the socket and its session."""
        await self.close()  # type: ignore[no-untyped-call]  # the SDK's own has no types

    async def _heard(self, _client: object, message: dict[str, object], _raw: str | None = None) -> None:
        self.heard_at = time.monotonic()
        if message.get("type") == "hello":
            self.greeted.set()
        elif message.get("type") != "disconnect":
            self.event_at = self.heard_at


class Connections:
    """Keeps ``count`` connections open until it is cancelled. ``handle`` gets every envelope; ``lost`` is called whenever
    events may have passed us by: after a time without any connection, when one that was deaf is replaced, and now and then
    (``Patience.quiet_s``) where all are silent."""

    def __init__(self, app_token: str, web: AsyncWebClient, handle: Handle, lost: Lost, patience: Patience) -> None:
        self._app_token, self._web, self._handle, self._lost, self._patience = app_token, web, handle, lost, patience
        self._open: dict[int, Connection] = {}
        self._cut_off, self._deaf, self._unsure = True, False, False
        self._looked_at = time.monotonic()
        self._closing: set[asyncio.Task[None]] = set()

    async def run(self, count: int = 2) -> None:
        """Keep them open. Raises ``CallerError`` when Slack refuses the app token: no retry mends that."""
        try:
            async with asyncio.TaskGroup() as slots:
                for slot in range(count):
                    slots.create_task(self._slot(slot))
        except* CallerError as refused:
            raise refused.exceptions[0] from None
        finally:
            for old in self._open.values():
                await old.end()
            for task in self._closing:
                task.cancel()

    async def _slot(self, slot: int) -> None:
        """One place: a connection, and whenever it ends the next, opened before the old one is closed. Whatever goes wrong
        with one, the other and the rest of the bot work on; only ``CallerError`` ends it."""
        wait_s = self._patience.first_retry_s
        while True:
            if await self._lived(slot):
                wait_s = self._patience.first_retry_s
            else:
                await asyncio.sleep(wait_s)
                wait_s = min(2 * wait_s, self._patience.longest_retry_s)
            self._note_gap()

    async def _lived(self, slot: int) -> bool:
        """One connection from its opening to its end; gives whether there was one."""
        try:
            fresh = await self._opened()
            if fresh is None:
                return False
            if old := self._open.get(slot):
                fresh.event_at = max(old.event_at, fresh.event_at)
                self._retire(old)
            self._open[slot] = fresh
            await self._after_gap()
            await self._watch(fresh)
        except CallerError:
            raise
        except Exception:
            log.exception("slack_connection_failed")
            return False
        return True

    async def _opened(self) -> Connection | None:
        """A connection that Slack has greeted, or ``None`` where that fails now."""
        fresh = Connection(self._app_token, self._web, self._patience.ping_s)
        fresh.socket_mode_request_listeners.append(self._handle)
        stands = False
        try:
            async with asyncio.timeout(self._patience.open_s):
                await self._connected(fresh)
            stands = True
        except CallerError:
            raise
        except (VigilError, TimeoutError) as error:
            log.warning("slack_not_connected", reason=str(error) or "no hello in time")
        finally:
            if not stands:
                await fresh.end()
        return fresh if stands else None

    async def _connected(self, fresh: Connection) -> None:
        """The ticket is asked for here: inside ``connect`` the SDK would swallow the refusal and ask for ever."""
        fresh.wss_uri = await fresh.issue_new_wss_url()
        await fresh.connect()  # type: ignore[no-untyped-call]  # the same
        await fresh.greeted.wait()

    async def _watch(self, own: Connection) -> None:
        """Wait until it has ended or seems deaf."""
        while True:
            try:
                async with asyncio.timeout(self._patience.deaf_s / 4):
                    await own.ended.wait()
            except TimeoutError:
                if silent := self._is_silent(own):
                    log.info("slack_connection_silent", silent_s=round(time.monotonic() - own.heard_at))
                    self._doubt(own)
                await self._look()
                if silent:
                    return
            else:
                return

    def _is_silent(self, own: Connection) -> bool:
        """Whether nothing has come for long. In a quiet workspace that is no proof, but renewing costs one call."""
        return time.monotonic() - own.heard_at > self._patience.deaf_s

    def _doubt(self, own: Connection) -> None:
        """A silent connection while another hears events is deaf; where all are silent, nobody may have written."""
        others = (other for other in self._open.values() if other is not own)
        self._deaf |= any(other.event_at > own.heard_at for other in others)
        self._unsure = True

    async def _look(self) -> None:
        """Have it looked what passed us by: at once if one was deaf, after mere silence ``quiet_s`` after the last look."""
        quiet = time.monotonic() - self._looked_at < self._patience.quiet_s
        if self._deaf or (self._unsure and not quiet):
            await self._lost()
            self._deaf, self._unsure, self._looked_at = False, False, time.monotonic()

    def _note_gap(self) -> None:
        """Where every socket is gone, events may pass us by until there is one again."""
        if all(one.current_session is None or one.current_session.closed for one in self._open.values()):
            self._cut_off = True

    async def _after_gap(self) -> None:
        self._deaf |= self._cut_off
        self._cut_off = False
        await self._look()

    def _retire(self, old: Connection) -> None:
        """Close it a little later: what it has received is still being answered on it."""
        task = asyncio.create_task(self._close_later(old))
        self._closing.add(task)
        task.add_done_callback(self._closing.discard)

    async def _close_later(self, old: Connection) -> None:
        try:
            await asyncio.sleep(self._patience.overlap_s)
        finally:
            await old.end()
