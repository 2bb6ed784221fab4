"""The WebSocket side of Socket Mode: tickets, live connections, and the ways in which they fail."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from uuid import uuid4

from aiohttp import WSMsgType, web

from tests.fakes.slack.refusals import Json
from tests.fakes.slack.world import World

MOST_CONNECTIONS = 10
TICKET_LASTS_S = 30.0


@dataclass(eq=False)
class Connection:
    """One WebSocket; ``number`` counts from 0. A deaf one swallows what is sent to it, and pings unless it ``pongs``."""

    number: int
    socket: web.WebSocketResponse
    request: web.Request
    deaf: bool = False
    pongs: bool = True
    routed: bool = True

    async def send(self, frame: Json) -> None:
        """Send a frame, unless it is deaf or has just gone."""
        if self.deaf:
            return
        try:
            await self.socket.send_str(json.dumps(frame))
        except ConnectionError:
            self.routed = False

    async def disconnect(self, reason: str = "refresh_requested") -> None:
        """Ask the app to connect anew: ``warning`` goes on, any other reason takes nothing more to here."""
        if reason != "warning":
            self.routed = False
        await self.send({"type": "disconnect", "reason": reason, "debug_info": {"host": "applink-fake"}})

    def drop(self) -> None:
        """Cut the line without a word."""
        self.routed = False
        if self.request.transport:
            self.request.transport.abort()

    def go_deaf(self, *, pongs: bool = True, routed: bool = True) -> None:
        """Keep the line open and carry nothing: with ``routed`` envelopes are still sent this way, and vanish."""
        self.deaf, self.pongs, self.routed = True, pongs, routed


class Connections:
    """All connections of the app."""

    def __init__(self, world: World) -> None:
        self.all: list[Connection] = []
        self.tickets_refused = 0
        self.on_frame: Callable[[Connection, Json], None] = lambda connection, frame: None
        self._world = world
        self._open: list[Connection] = []
        self._tickets: dict[str, float] = {}
        self._turn = count()

    @property
    def live(self) -> list[Connection]:
        """Those that Slack takes for open, oldest first."""
        return [connection for connection in self._open if connection.routed]

    def new_address(self) -> str:
        """An address for one connection, good once and for ``TICKET_LASTS_S``."""
        ticket = uuid4().hex
        self._tickets[ticket] = self._world.clock.now() + TICKET_LASTS_S
        return f"{self._world.address.replace('http', 'ws', 1)}/link/?ticket={ticket}&app_id={self._world.app.id}"

    def next(self) -> Connection | None:
        """Whose turn it is; None where there is no connection."""
        live = self.live
        return live[next(self._turn) % len(live)] if live else None

    async def accept(self, request: web.Request) -> web.StreamResponse:
        """Serve one WebSocket until it ends."""
        until = self._tickets.pop(request.query.get("ticket", ""), 0.0)
        if until < self._world.clock.now():
            self.tickets_refused += 1
            return web.Response(status=403, text="invalid ticket")
        socket = web.WebSocketResponse(autoping=False)
        await socket.prepare(request)
        connection = Connection(len(self.all), socket, request)
        if len(self._open) >= MOST_CONNECTIONS:
            await connection.disconnect("too_many_websockets")
            await socket.close()
            return socket
        self.all.append(connection)
        self._open.append(connection)
        try:
            await connection.send(self._hello())
            self._world.bell.ring()
            await self._listen(connection)
        finally:
            self._open.remove(connection)
            self._world.bell.ring()
        return socket

    async def stop(self) -> None:
        """Cut every line."""
        for connection in list(self._open):
            connection.drop()
        await asyncio.sleep(0)

    async def _listen(self, connection: Connection) -> None:
        async for received in connection.socket:
            if received.type is WSMsgType.PING and connection.pongs:
                await connection.socket.pong(received.data)
            elif received.type is WSMsgType.TEXT and not connection.deaf:
                self.on_frame(connection, json.loads(received.data))

    def _hello(self) -> Json:
        return {
            "type": "hello",
            "num_connections": len(self._open),
            "connection_info": {"app_id": self._world.app.id},
            "debug_info": {"host": "applink-fake", "approximate_connection_time": 18060},
        }
