"""Runs the export in a process of its own, so that torch's memory never stays in the bot's."""

import asyncio
import sys
from asyncio.subprocess import PIPE, Process
from pathlib import Path

import structlog

from adapters.embedding.locate import LocatedModel
from core.domain.errors import FinalError

SENTENCE_EXIT = 3
"""Exit code of an export that has put one sentence for the user on stdout."""

TIMEOUT_S = 1800.0
_ROOT = Path(__file__).resolve().parents[2]

log = structlog.get_logger(__name__)


async def export_in_child(model: LocatedModel, cache_dir: Path) -> None:
    """Export ``model`` into ``cache_dir`` (absolute) or raise ``FinalError``; the child ends with the caller's task."""
    log.info("embedding_export_started", model=model.identity)
    arguments = ("-m", "adapters.embedding.export", model.name, str(cache_dir))
    process = await asyncio.create_subprocess_exec(sys.executable, *arguments, cwd=_ROOT, stdout=PIPE, stderr=PIPE)
    try:
        async with asyncio.timeout(TIMEOUT_S):
            stdout, stderr = await process.communicate()
    except TimeoutError as error:
        raise _failure(model, "it took too long") from error
    finally:
        await _end(process)
    if process.returncode == SENTENCE_EXIT:
        raise FinalError(stdout.decode(errors="replace").strip())
    if process.returncode:
        log.error("embedding_export_failed", model=model.identity, stderr=stderr.decode(errors="replace")[-4000:])
        raise _failure(model, f"the export ended with code {process.returncode}, see the log")


def _failure(model: LocatedModel, why: str) -> FinalError:
    return FinalError(
        f"The embedding model '{model.name}' could not be prepared ({why}): make sure that 2 GB of memory and disk are "
        "free and start again, or name another model."
    )


async def _end(process: Process) -> None:
    if process.returncode is None:
        process.kill()
        await process.wait()
