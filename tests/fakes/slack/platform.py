"""The parts of the platform that belong together, as the Web API and the people on it share them."""

from collections.abc import Callable
from dataclasses import dataclass, field

from tests.fakes.slack.arguments import Call
from tests.fakes.slack.connections import Connections
from tests.fakes.slack.deliveries import Deliveries
from tests.fakes.slack.faults import Faults, Limits
from tests.fakes.slack.refusals import Json
from tests.fakes.slack.surfaces import Surfaces
from tests.fakes.slack.timeline import Timeline
from tests.fakes.slack.world import World


@dataclass
class Platform:
    """Everything there is, and what was asked of it: ``calls`` are (method, arguments) of what came with a good token."""

    world: World
    connections: Connections
    deliveries: Deliveries
    timeline: Timeline
    surfaces: Surfaces
    faults: Faults
    limits: Limits
    calls: list[tuple[str, Json]] = field(default_factory=list)


@dataclass(frozen=True)
class Method:
    """A method of the Web API: its rate tier (0 where posting limits hold), the scopes it always needs, what it does."""

    tier: int
    scopes: tuple[str, ...]
    run: Callable[[Platform, Call], Json]


METHODS: dict[str, Method] = {}


def method(
    name: str, tier: int, *scopes: str
) -> Callable[[Callable[[Platform, Call], Json]], Callable[[Platform, Call], Json]]:
    """Register a method."""

    def register(run: Callable[[Platform, Call], Json]) -> Callable[[Platform, Call], Json]:
        METHODS[name] = Method(tier, scopes, run)
        return run

    return register
