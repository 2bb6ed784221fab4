"""The engine, and the API that it talks to."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.fakes.claude.opened import At, claude_engine
from tests.unit.engine.claude.saying import plain


@pytest.fixture
async def at(tmp_path: Path) -> AsyncIterator[At]:
    async with claude_engine(tmp_path) as opened:
        opened.claude.model = plain
        yield opened
