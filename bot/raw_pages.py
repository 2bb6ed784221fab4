"""Raw pages of an evaluation file as files, with a ledger that is thrown away."""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path, PurePosixPath

from adapters.records import open_records
from bot.settings import Settings
from bot.wiring import opened_documents
from core.evaluate.rows import Row, needed
from core.evaluate.trial import Pages

INGEST = "ingest"
_MARKDOWN = ".md"
_ENDINGS = frozenset((_MARKDOWN, ".html", ".txt"))


@asynccontextmanager
async def raw_pages(corpus: Sequence[Row], settings: Settings) -> AsyncIterator[Pages | None]:
    """Write each row's ``text`` to a file, Markdown unless its ``id`` ends otherwise, and open what reads them; ``None`` where
    there are no rows."""
    if not corpus:
        yield None
        return
    with tempfile.TemporaryDirectory(prefix="vigil-") as folder:
        files = await asyncio.to_thread(_written, corpus, folder)
        records = await open_records(f"sqlite+aiosqlite:///{folder}/records.db")
        try:
            async with opened_documents(settings) as documents:
                yield Pages(files, documents, records)
        finally:
            await records.close()


def _written(corpus: Sequence[Row], folder: str) -> dict[str, str]:
    files: dict[str, str] = {}
    for n, row in enumerate(corpus):
        name, text = needed(row, "id", "text")
        ending = PurePosixPath(str(name)).suffix.lower()
        file = Path(folder, f"{n}{ending if ending in _ENDINGS else _MARKDOWN}")
        file.write_text(str(text), "utf-8")
        files[str(name)] = str(file)
    return files
