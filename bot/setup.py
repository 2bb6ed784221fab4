"""Run once by ``make``: prepares the embedding model, so that the first answer does not wait for it."""

import asyncio
import sys

import structlog

from bot.settings import load_settings, prepare_environment
from core.domain.errors import VigilError


async def prepare() -> None:
    """Export the embedding model into the user's cache, unless it is there."""
    from adapters.embedding import open_embedder

    settings = load_settings()
    await open_embedder(settings.embedding_model, settings.cache)


def main() -> int:
    """Give 0, or 1 with one sentence on standard error."""
    prepare_environment()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(40))
    try:
        asyncio.run(prepare())
    except VigilError as error:
        sys.stderr.write(f"{error.sentence}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
