"""Which way a query takes, by size and selectivity. The figures are measured on 2 cores with 384 dimensions."""

from dataclasses import dataclass

FLAT_UP_TO = 20_000
"""Rows up to which an exact scan is fast enough without an index (10,000 rows: 9.5 ms)."""
SELECTIVE_SHARE = 0.10
"""Below this share of rows a filtered scan is exact and cheap (272,325 rows, 1 %: 36 ms), and index recall suffers."""
SCALAR_INDEX_FROM = 5_000


@dataclass(frozen=True, slots=True)
class Plan:
    """What a table of some size should have."""

    vector_index: bool
    scalar_indexes: bool


def plan_for(rows: int) -> Plan:
    """Give the indexes that a table of this many rows should have."""
    return Plan(vector_index=rows > FLAT_UP_TO, scalar_indexes=rows >= SCALAR_INDEX_FROM)


def scans_exactly(rows: int, kept: int) -> bool:
    """Whether a filtered query passes over the vector index: the table is small or the filter keeps few rows."""
    return rows <= FLAT_UP_TO or kept < SELECTIVE_SHARE * rows
