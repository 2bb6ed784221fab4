"""Opening a home's records, which an older version of Vigil may have written."""

from functools import partial
from pathlib import Path

from adapters.records import SqlRecords, open_records
from bot.home import hold_if_free
from bot.settings import Settings

OTHERS_END_WITHIN_S = 2.0
"""How long another command that brings the same records up to date is waited for, before it is taken for a running bot."""


async def records_of(settings: Settings, home: Path | None = None, *, holds: bool = False) -> SqlRecords:
    """The records of a home (``None``: that of the settings). Those of an older version are brought up to date only where no
    other process holds the home, or this one ``holds`` it. Raises ``HomeInUseError``, else as ``open_records``."""
    home = home or settings.home
    url = settings.records_url or f"sqlite+aiosqlite:///{home / 'records.db'}"
    if holds:
        return await open_records(url)
    return await open_records(url, alone=partial(hold_if_free, home, OTHERS_END_WITHIN_S))
