"""Asking the provider whether it takes our key and knows our models, without a call that costs money."""

from collections.abc import Iterable

from anthropic import AsyncAnthropic

from adapters.engine.claude.failures import failures_told


async def ping(client: AsyncAnthropic, models: Iterable[str]) -> None:
    """Return when every model is known. Raises ``TransientError`` with a sentence that says what is wrong: the key, a model's
    name, or that the provider cannot be reached."""
    for model in dict.fromkeys(models):
        with failures_told(model):
            await client.models.retrieve(model)
