"""The real reader with its real transport; its hosts lead to servers on this machine."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field

import pytest

from adapters.documents.fetch import Limits, Network
from adapters.documents.reach import Reach
from adapters.documents.reader import SafeDocuments
from core.domain.errors import CallerError, TransientError
from tests.fakes.parsing import ParserHere
from tests.fakes.web import FakeWeb, Names, fake_web, network


async def at_once(delay_s: float) -> None:
    """Nobody waits between two tries."""


@dataclass
class World:
    """A server by http, one by https, names that lead to them, and readers of them."""

    web: FakeWeb
    secure: FakeWeb
    names: Names = field(default_factory=Names)

    def documents(
        self, reach: Reach | None = None, net: Network | None = None, limits: Limits | None = None
    ) -> SafeDocuments:
        """A reader that may ask any host at the servers' ports."""
        ports = frozenset({80, 443, self.web.port, self.secure.port})
        found = reach or Reach()
        mended = Reach(found.only, found.private, found.headers, ports)
        return SafeDocuments(mended, net or network(self.names), limits or Limits(), ParserHere(), at_once)

    @property
    def asked(self) -> list[str]:
        """What the servers were asked."""
        return [asked.target for asked in (*self.web.asked, *self.secure.asked)]


@pytest.fixture
async def world() -> AsyncIterator[World]:
    async with fake_web() as web, fake_web(https=True) as secure:
        yield World(web, secure)


Refused = Callable[..., Awaitable[str]]


@pytest.fixture
def refused(world: World) -> Refused:
    """Reads, and gives the reason for which that is refused."""

    async def reason(address: str, **how: object) -> str:
        with pytest.raises(CallerError) as caught:
            await world.documents(**how).read(address)  # type: ignore[arg-type]  # handed on as it is
        return caught.value.sentence

    return reason


@pytest.fixture
def postponed(world: World) -> Refused:
    """Reads, and gives the reason for which another time may be better."""

    async def reason(address: str, **how: object) -> str:
        with pytest.raises(TransientError) as caught:
            await world.documents(**how).read(address)  # type: ignore[arg-type]  # handed on as it is
        return caught.value.sentence

    return reason
