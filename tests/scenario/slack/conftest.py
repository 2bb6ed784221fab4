"""A bot that runs, once per module: starting it takes seconds."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.scenario.slack.running import Running, running

SLOW_DOWN = (
    "Why do multipart uploads fail with 503 SlowDown?",
    "Lower the concurrency to 4 parallel parts, then SlowDown goes away.",
)


@pytest.fixture
async def bot(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Running]:
    """A bot that knows one thing, in a channel shared with a customer."""
    async with running(tmp_path_factory.mktemp("bot"), [SLOW_DOWN]) as started:
        yield started


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared_bot(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Running]:
    """The same, for tests of one module that do not get into each other's way: each acts in a channel of its own."""
    async with running(tmp_path_factory.mktemp("bot"), [SLOW_DOWN]) as started:
        yield started
