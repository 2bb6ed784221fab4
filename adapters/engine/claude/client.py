"""The SDK's client as the engine wants it: no retries of its own, our key and no other, no tracing."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from anthropic import AsyncAnthropic

CONNECT_AND_READ_S = 60.0
"""The engine's own time limits are shorter; this one is for a socket that hangs."""


@asynccontextmanager
async def opened_client(key: str, base_url: str = "") -> AsyncIterator[AsyncAnthropic]:
    """A client for the provider, or for the server at ``base_url``; closed at the end. The SDK's retries are off: there is one
    policy, and two would multiply."""
    client = AsyncAnthropic(
        api_key=key, base_url=base_url or "https://api.anthropic.com", max_retries=0, timeout=CONNECT_AND_READ_S,
        open_telemetry=False,
    )  # fmt: skip
    try:
        yield client
    finally:
        await client.close()
