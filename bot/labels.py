"""``vigil labels export``: what a home's records say about Vigil's judgement, as JSON lines (see ``core.evaluate.labels``)."""

import json
import sys
from collections import Counter
from contextlib import aclosing
from pathlib import Path
from typing import IO

from adapters.terminal.words import count
from bot.lookup import NOTHING_KNOWN
from bot.records import records_of
from bot.settings import Settings
from core.domain.errors import CallerError, NothingKnownError
from core.evaluate.labels import labels_of
from core.ports.records import UnitOfWork

NO_LABELS = (
    "There are no labels yet: they come from clicks on Accept, and from lessons that people confirmed or corrected."
)


async def export(settings: Settings, file: Path | None) -> None:
    """Write the labels to a file, whole or not at all, or to standard output, and say on standard error how many of each kind.

    Raises ``NothingKnownError`` where there is no home or no label, ``CallerError`` where the file cannot be written.
    """
    if not settings.records_url and not (settings.home / "records.db").is_file():
        raise NothingKnownError(NOTHING_KNOWN)
    records = await records_of(settings)
    try:
        async with records.read() as work:
            kinds = (
                await _write(work, settings.scope, sys.stdout)
                if file is None
                else await _write_file(work, settings.scope, file)
            )
    finally:
        await records.close()
    if not kinds:
        raise NothingKnownError(NO_LABELS)
    sys.stderr.write(f"{count(kinds.total(), 'label')}: {', '.join(f'{n} {kind}' for kind, n in kinds.items())}.\n")


async def _write_file(work: UnitOfWork, scope: str, file: Path) -> Counter[str]:
    half = file.with_name(f"{file.name}.part")
    try:
        with half.open("w", encoding="utf-8") as out:
            kinds = await _write(work, scope, out)
        half.replace(file) if kinds else half.unlink()
    except OSError as error:
        raise CallerError(f"{file} cannot be written ({error.strerror}): name a file in a folder of yours.") from error
    return kinds


async def _write(work: UnitOfWork, scope: str, out: IO[str]) -> Counter[str]:
    kinds: Counter[str] = Counter()
    async with aclosing(labels_of(work, scope)) as rows:
        async for row in rows:
            out.write(json.dumps(row, ensure_ascii=False) + "\n")
            kinds[str(row["kind"])] += 1
    return kinds
