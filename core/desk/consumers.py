"""Who wants to work on a message: respond, learn and close. Later features register here and nowhere else (DESIGN 12)."""

from collections.abc import Sequence

from core.desk.context import Consumer, Heard
from core.domain.channels import ChannelSettings, DeliveryMode
from core.domain.jobs import JobOrder, Lane
from core.domain.people import Role
from core.domain.policy import Policy
from core.domain.sessions import Phase
from core.session.transcript import asks


def respond_consumer(heard: Heard, policy: Policy) -> Sequence[JobOrder]:
    """Answer once the burst is over: after a requester's message, or when a session engages with questions waiting. A direct
    question is answered in every phase."""
    engaged = heard.session.phase is Phase.ENGAGED
    asked = asks(heard.message)
    engages = heard.message.role in (Role.ANALYST, Role.BOT) and heard.channel.settings.first_line_bot is not None
    if not (asked and (engaged or heard.message.direct)) and not (engaged and engages and heard.waits):
        return ()
    return (JobOrder(Lane.RESPOND, heard.session.id, policy.burst_quiet_s, policy.burst_at_most_s),)


def learn_consumer(heard: Heard, policy: Policy) -> Sequence[JobOrder]:
    """Learn when the thread has settled after a human's answer; again when it goes on."""
    if heard.message.role is Role.BOT or not heard.analyst_spoke:
        return ()
    return (JobOrder(Lane.LEARN, heard.session.id, policy.settle_s, policy.settle_at_most_s),)


def close_consumer(heard: Heard, policy: Policy) -> Sequence[JobOrder]:
    """Close after a long silence."""
    return (JobOrder(Lane.CLOSE, heard.session.id, policy.close_after_s),)


CONSUMERS: tuple[Consumer, ...] = (respond_consumer, learn_consumer, close_consumer)


def mode_of(settings: ChannelSettings, policy: Policy, *, asked: bool = False) -> DeliveryMode:
    """The delivery mode that holds: the channel's own, else the process's. In a paused channel answers are only recorded unless
    Vigil was ``asked`` directly."""
    mode = settings.mode or policy.mode
    quiet = settings.paused and not asked and mode is not DeliveryMode.OFF
    return DeliveryMode.SHADOW if quiet else mode
