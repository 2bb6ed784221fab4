"""What a backfill reports is counted a page at a time, and comes to what counting all of it at once came to."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from adapters.terminal.summary import Tally
from bot.past import at, before_it, run_since
from core.domain.ids import EntryId
from core.domain.knowledge import ChangeKind, Revision
from core.domain.sessions import Outcome
from core.ports.journal import MessageTold, Place, Told
from tests.unit.test_terminal import NOW, revised, said, turned


@dataclass
class Recorded:
    """A journal of what was recorded, of each kind in the order of recording."""

    told: Sequence[Told]
    size: int = 2

    async def since(self, place: Place) -> tuple[list[Told], Place]:
        del place
        return sorted(self.told, key=at), await self.end()

    async def end(self) -> Place:
        return Place()

    async def pages(self, begin: Place, end: Place) -> AsyncIterator[list[Told]]:
        del begin, end
        for first in range(0, len(self.told), self.size):
            yield list(self.told[first : first + self.size])


def _revised(name: str, change: ChangeKind, minute: int) -> Told:
    one = revised(name, change)
    assert isinstance(one, Revision)
    return replace(one, at=NOW + timedelta(minutes=minute))


HISTORY: list[Told] = [
    said("m1", "why?"),
    said("m2", "and how?"),
    turned(Outcome.ANSWERED, "known"),
    turned(Outcome.ABSTAINED, "thin"),
    _revised("one", ChangeKind.ADDED, 1),
    _revised("two", ChangeKind.ADDED, 2),
    _revised("two", ChangeKind.RETIRED, 9),
    _revised("two", ChangeKind.CONFIRMED, 3),  # by a backfill later, of earlier
    _revised("three", ChangeKind.RETIRED, 4),
    _revised("three", ChangeKind.RESTORED, 4),
]


@pytest.mark.parametrize("size", [1, 3, 99])
async def test_what_was_known_before_is_the_same_as_of_all_of_it_in_order(size: int) -> None:
    journal = Recorded(HISTORY, size)
    wanted = {(one.session.channel, one.message.platform_id) for one in HISTORY[1:2] if isinstance(one, MessageTold)}
    known, had = await before_it(journal, Place(), wanted)
    assert known == Tally.of((await journal.since(Place()))[0]).known == {EntryId("one"), EntryId("three")}
    assert had == wanted


@pytest.mark.parametrize("size", [1, 3, 99])
async def test_a_run_counts_the_same_and_nothing_that_came_later_than_it(size: int) -> None:
    run = [one for one in HISTORY if at(one) <= NOW + timedelta(minutes=2)]
    later = said("m9", "now?", at=NOW + timedelta(minutes=3))
    counted = await run_since(Recorded([later, *run], size), Place(), NOW + timedelta(minutes=2))
    assert counted == Tally.of(run)
    assert counted.messages == 2
