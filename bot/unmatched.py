"""The accept reactions of an export that accepted nothing in its replay: counted, and told with their reasons."""

import sys
from collections.abc import Sequence
from collections.abc import Set as AbstractSet

from adapters.history import Export
from core.desk.accept_reactions import why_unmatched
from core.domain.events import ReactionChanged
from core.ports.records import Records

LISTED = 50
"""How many are listed one by one; all are counted."""


async def unmatched_in(export: Export, names: AbstractSet[str], records: Records) -> list[str]:
    """Give a line for each, by channel and message."""
    given = [e for e in export.events if isinstance(e, ReactionChanged) and e.name in names]
    async with records.read() as work:
        whys = [(e, await why_unmatched(work, e)) for e in given]
    return [f"{e.channel.channel} {e.message_id} by {e.by.id}: {why}" for e, why in whys if why]


def list_unmatched(unmatched: Sequence[str]) -> None:
    """Say on standard error how many there are, and which."""
    if unmatched:
        sys.stderr.write(f"Accept reactions that accepted nothing: {len(unmatched)}.\n")
    for sentence in unmatched[:LISTED]:
        sys.stderr.write(f"  {sentence}\n")
