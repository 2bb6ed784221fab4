"""Which indexes a table has, by its size. The figures are measured on 2 cores with 384 dimensions: ``make bench``."""

from dataclasses import dataclass

FLAT_UP_TO = 5_000
"""Rows up to which every search reads all vectors and nothing has to be built. At 10,000 that takes 35 ms of CPU for both
kinds, with an index that is built in 3 s of CPU it takes 19."""
KEYED_FROM = 5_000
"""Rows from which ids are indexed, so that a put need not read all of them."""
EF = 200
"""Neighbours that a search of the index looks at: of the ten nearest it then finds 99.7 %, also where a filter keeps a tenth of
the rows and all lie far from the query (100: 98.5 %). Under a filter that keeps less, LanceDB compares all that is left."""
MOST_PARTS = 20
"""Each upkeep adds a part to the index, and each part costs a search .3 ms of CPU: a whole index is built beyond this many."""
MOST_ADDED = 5_000
"""Rows that upkeep adds to the index itself, at 1.6 ms of CPU each; more are left to a process beside the bot."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """What the vector index of a table covers: how many rows are not in it, and of how many parts it is made."""

    unindexed: int
    parts: int


def wants_vector_index(rows: int, there: Coverage | None) -> bool:
    """Whether the vector index is to be built: there is none, much of the table is not in it, or it has too many parts."""
    if there is None:
        return rows > FLAT_UP_TO
    return is_heavy(there) or there.parts > MOST_PARTS


def is_heavy(there: Coverage) -> bool:
    """Whether bringing the index up to date would hold up the bot."""
    return there.unindexed > MOST_ADDED
