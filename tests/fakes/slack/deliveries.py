"""Each envelope to exactly one live connection, again when it is not acknowledged in time, and a record of all of it."""

import asyncio
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from uuid import uuid4

from tests.fakes.slack.clock import Bell
from tests.fakes.slack.connections import Connection, Connections
from tests.fakes.slack.envelopes import Attempt, Envelope
from tests.fakes.slack.refusals import Json


@dataclass
class Patience:
    """How long Slack waits, in seconds of its own; ``scale`` makes them shorter for tests."""

    ack_within_s: float = 3.0
    retry_after_s: tuple[float, ...] = (0.0, 60.0, 300.0)
    scale: float = 1.0


class Deliveries:
    """Sends envelopes and keeps them; ``violations`` are acks that Slack would not understand."""

    def __init__(self, connections: Connections, bell: Bell, patience: Patience) -> None:
        self.patience = patience
        self.sent: list[Envelope] = []
        self.violations: list[str] = []
        self.on_ack: Callable[[Envelope], None] = lambda envelope: None
        self._connections = connections
        self._bell = bell
        self._held: list[Envelope] | None = None
        self._waiting: dict[str, tuple[Envelope, Attempt, asyncio.Event]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        connections.on_frame = self._receive

    def send(self, envelope: Envelope) -> "asyncio.Task[None]":
        """Deliver until acknowledged or given up; the task ends then."""
        self.sent.append(envelope)
        task = asyncio.create_task(self._deliver(envelope))
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        return task

    def tell(self, envelope: Envelope) -> None:
        """Deliver an event, or keep it back while events are held."""
        if self._held is None:
            self.send(envelope)
        else:
            self._held.append(envelope)

    def hold(self) -> None:
        """Keep events back from now on; interactions go on."""
        self._held = []

    def release(self, order: Callable[[list[Envelope]], Iterable[Envelope]] = list) -> None:
        """Deliver what was held, all at once and in this order; one that is named twice comes twice."""
        held, self._held = self._held or [], None
        for envelope in order(held):
            self.send(Envelope(envelope.kind, envelope.payload) if envelope in self.sent else envelope)

    async def settled(self, within_s: float = 10.0) -> None:
        """Until every envelope is acknowledged or given up."""
        await self._bell.until(lambda: not self._tasks, within_s)

    def events(self, kind: str, subtype: str | None = None) -> list[Envelope]:
        """The Events API envelopes whose event has this type, oldest first; with ``subtype`` only those of it."""
        found = [envelope for envelope in self.sent if envelope.event.get("type") == kind]
        return found if subtype is None else [e for e in found if e.event.get("subtype", "") == subtype]

    async def stop(self) -> None:
        """Stop trying."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _deliver(self, envelope: Envelope) -> None:
        pauses = (0.0, *self.patience.retry_after_s) if envelope.kind == "events_api" else (0.0,)
        reason = ""
        for pause_s in pauses:
            if pause_s:
                await asyncio.sleep(pause_s * self.patience.scale)
            if await self._attempt(envelope, reason):
                return
            reason = "timeout"
        envelope.lost = True

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        self._bell.ring()

    async def _attempt(self, envelope: Envelope, reason: str) -> bool:
        connection = self._connections.next()
        attempt = Attempt(str(uuid4()), connection.number if connection else -1, time.time())
        envelope.attempts.append(attempt)
        acked = asyncio.Event()
        self._waiting[attempt.envelope_id] = (envelope, attempt, acked)
        if connection:
            await connection.send(envelope.frame(attempt, reason))
        self._bell.ring()
        try:
            async with asyncio.timeout(self.patience.ack_within_s * self.patience.scale):
                await acked.wait()
        except TimeoutError:
            return False
        return True

    def _receive(self, connection: Connection, frame: Json) -> None:
        waiting = self._waiting.get(str(frame.get("envelope_id")))
        self._bell.ring()
        if waiting is None:
            self.violations.append(f"a frame without an envelope that was delivered: {frame}")
            return
        envelope, attempt, acked = waiting
        if attempt.acked_at is not None:
            self.violations.append(f"acknowledged twice: {attempt.envelope_id}")
            return
        attempt.acked_at = time.time()
        self.on_ack(envelope)
        attempt.payload = frame.get("payload") or None
        if attempt.payload and not envelope.accepts_response_payload:
            self.violations.append(f"a payload where none is accepted: {envelope.kind} {attempt.payload}")
            attempt.payload = None
        acked.set()
