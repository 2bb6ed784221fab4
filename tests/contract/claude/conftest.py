"""One Messages API, and the real SDK to talk to it."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
from anthropic import APIStatusError, AsyncAnthropic
from anthropic.types import Message

from tests.fakes.claude.refusals import Json
from tests.fakes.claude.said import say_text
from tests.fakes.claude.server import FakeClaude, fake_claude

HELLO: Json = {"role": "user", "content": "Hello"}


@dataclass
class Line:
    """The API and a client of it that does not try again."""

    claude: FakeClaude
    client: AsyncAnthropic

    async def ask(self, *content: Json, **more: object) -> Message:
        """What the model answers to some blocks, or to a greeting."""
        return await self.client.post("/v1/messages", body=request(*content, **more), cast_to=Message)

    async def refusal(self, *content: Json, **more: object) -> str:
        """The sentence with which a request is refused that must be."""
        with pytest.raises(APIStatusError) as refused:
            await self.ask(*content, **more)
        return refused.value.api_message or ""


def request(*content: Json, **more: object) -> Json:
    """The body of a small request; what is None is left out."""
    said = {"role": "user", "content": list(content)} if content else HELLO
    body = {"model": "claude-opus-5-5", "max_tokens": 1024, "messages": [said], **more}
    return {name: value for name, value in body.items() if value is not None}


@pytest.fixture
async def line() -> AsyncIterator[Line]:
    async with (
        fake_claude() as claude,
        AsyncAnthropic(base_url=claude.base_url, api_key=claude.api_key, max_retries=0) as client,
    ):
        claude.model = lambda body: say_text("Hello.")
        yield Line(claude, client)
