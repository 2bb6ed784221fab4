"""Until when a solution holds: end of the last day named, seven days when it is only called temporary (DESIGN 6)."""

from datetime import UTC, date, datetime

import pytest

from adapters.engine.offline.expiry import expiry_of

SAID = datetime(2026, 11, 4, 15, 30, tzinfo=UTC)
"""A Wednesday."""


@pytest.mark.parametrize(
    ("text", "last"),
    [
        ("Use max_concurrency=4 until 2026-11-20.", date(2026, 11, 20)),
        ("valid until 20 November", date(2026, 11, 20)),
        ("valid until the end of 20th of Nov, 2027", date(2027, 11, 20)),
        ("not needed after November 20", date(2026, 11, 20)),
        ("until Jan 3rd use the old endpoint", date(2027, 1, 3)),
        ("Use the old endpoint until Friday.", date(2026, 11, 6)),
        ("use it until next mon", date(2026, 11, 9)),
        ("the limit is lifted until Wednesday", date(2026, 11, 11)),
        ("leave it off until tomorrow", date(2026, 11, 5)),
        ("leave it off until tonight", date(2026, 11, 4)),
        ("11月20日前请先用旧接口", date(2026, 11, 20)),
        ("到周五为止用旧接口", date(2026, 11, 6)),
        ("As a workaround set the part size to 64 MiB.", date(2026, 11, 11)),
        ("For now use the old endpoint.", date(2026, 11, 11)),
        ("暂时用旧接口", date(2026, 11, 11)),
        ("workaround until 31 February", date(2026, 11, 11)),
        ("workaround, valid until 2026-01-05", date(2026, 11, 11)),
    ],
)
def test_what_is_temporary_ends(text: str, last: date) -> None:
    found = expiry_of(text, SAID)
    assert found is not None
    assert found.date() == last
    assert (found.hour, found.minute, found.tzinfo) == (23, 59, UTC)


@pytest.mark.parametrize(
    "text",
    [
        "Set the part size to 64 MiB in the transfer config.",
        "The limit is four connections per bucket since 2026-11-01.",
        "Wait until the index is green, then switch the alias.",
        "Tokens expire after 20 minutes.",
        "Keep retrying until satisfied.",
        "Resize it before thumbnails are made.",
        "Wait until monitoring is green.",
        "Wait before marking 3 objects.",
        "请把 part_size 设置为 64 MiB。",
    ],
)
def test_what_is_not_temporary_does_not(text: str) -> None:
    assert expiry_of(text, SAID) is None
