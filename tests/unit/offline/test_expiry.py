"""Until when a solution holds, read from its words."""

from datetime import UTC, datetime

import pytest

from adapters.engine.offline.expiry import expiry_of

WEDNESDAY = datetime(2026, 11, 4, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("said", "last_day"),
    [
        ("set it to 4 until Friday", "2026-11-06"),
        ("workaround until Thursday's deploy", "2026-11-05"),
        ("use the old endpoint till Tues", "2026-11-10"),
        ("valid until 5 Nov", "2026-11-05"),
        ("until Sept 3", "2027-09-03"),
        ("expires on 2026-12-01", "2026-12-01"),
        ("as a workaround, restart it", "2026-11-11"),
    ],
)
def test_a_temporary_solution_ends_with_the_day_it_names(said: str, last_day: str) -> None:
    expiry = expiry_of(said, WEDNESDAY)
    assert expiry is not None
    assert str(expiry.date()) == last_day


@pytest.mark.parametrize(
    "said",
    [
        "Keep retrying until satisfied",
        "resize it before thumbnails are made",
        "Wait until monitoring is green",
        "wait before marking 3 objects",
        "rotate the key before 1 March 2027",
        "before sunset of the v1 API",
    ],
)
def test_words_that_only_begin_like_a_date_end_nothing(said: str) -> None:
    assert expiry_of(said, WEDNESDAY) is None
