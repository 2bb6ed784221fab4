"""Asking the provider whether it takes our key and knows our models, without a call that costs money."""

from collections.abc import Iterable

from anthropic import AsyncAnthropic, NotFoundError

from adapters.engine.claude.failures import failures_told


async def ping(client: AsyncAnthropic, models: Iterable[str], *, lists_models: bool = True) -> None:
    """Return when every model is known; with ``lists_models`` off one that is not found may be there all the same. Raises
    ``TransientError`` with a sentence that says what is wrong: the key, a model's name, or that nobody is there."""
    for model in dict.fromkeys(models):
        with failures_told(model):
            try:
                await client.models.retrieve(model)
            except NotFoundError:
                if lists_models:
                    raise
