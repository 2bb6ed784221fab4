"""What Socket Mode carries to the app, when it went where, and what came back."""

from dataclasses import dataclass, field
from uuid import uuid4

from tests.fakes.slack.refusals import Json
from tests.fakes.slack.world import App, Channel, Team, World


@dataclass
class Attempt:
    """One delivery: real time in seconds since the epoch, and the number of the connection; -1 where there was none."""

    envelope_id: str
    connection: int
    delivered_at: float
    acked_at: float | None = None
    payload: Json | None = None

    @property
    def took_s(self) -> float | None:
        """Seconds from delivery to ack."""
        return None if self.acked_at is None else self.acked_at - self.delivered_at


@dataclass(eq=False)
class Envelope:
    """One thing for the app to know: ``kind`` is events_api, interactive or slash_commands."""

    kind: str
    payload: Json
    accepts_response_payload: bool = False
    attempts: list[Attempt] = field(default_factory=list)
    lost: bool = False

    @property
    def ack(self) -> Attempt | None:
        """The first attempt that was acknowledged, however late."""
        return next((attempt for attempt in self.attempts if attempt.acked_at is not None), None)

    @property
    def event(self) -> Json:
        """The inner event of an Events API envelope."""
        found: Json = self.payload.get("event", {})
        return found

    def frame(self, attempt: Attempt, reason: str) -> Json:
        """The frame of one attempt; ``reason`` why it comes again."""
        body: Json = {
            "envelope_id": attempt.envelope_id,
            "type": self.kind,
            "payload": self.payload,
            "accepts_response_payload": self.accepts_response_payload,
        }
        if self.kind == "events_api":
            body |= {"retry_attempt": len(self.attempts) - 1, "retry_reason": reason}
        return body


def event_envelope(world: World, event: Json, channel: Channel | None = None, side: Team | None = None) -> Envelope:
    """An Events API envelope with an event id of its own; ``side`` is the workspace of whoever caused it."""
    app = world.app
    shared = bool(channel and channel.shared_with)
    return Envelope(
        "events_api",
        {
            "token": "verification",
            "team_id": world.home.id,
            "context_team_id": (side or world.home).id,
            "context_enterprise_id": None,
            "api_app_id": app.id,
            "event": event,
            "type": "event_callback",
            "event_id": f"Ev{uuid4().hex[:10].upper()}",
            "event_time": int(world.clock.now()),
            "authorizations": [_installation(world, app)],
            "is_ext_shared_channel": shared,
            "event_context": uuid4().hex,
        },
    )


def _installation(world: World, app: App) -> Json:
    return {
        "enterprise_id": None,
        "team_id": world.home.id,
        "user_id": app.bot.id,
        "is_bot": True,
        "is_enterprise_install": False,
    }
