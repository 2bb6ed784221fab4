"""Until when a solution holds: end of the last day named, seven days when it is only called temporary (DESIGN 6)."""

from datetime import UTC, date, datetime

import pytest

from adapters.engine.offline.expiry import expiry_beside, expiry_of

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
        ("This is only a temporary fix, set region=eu.", date(2026, 11, 11)),
        ("Temporarily disable the checksum.", date(2026, 11, 11)),
        ("The old limit is off until Friday.", date(2026, 11, 6)),
        ("Turn the checksum off temporarily.", date(2026, 11, 11)),
        ("I'm out until Monday, so use the old endpoint until 20 November.", date(2026, 11, 20)),
        ("There is no workaround on 2.0, but until the fix use the old endpoint.", date(2026, 11, 11)),
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
        "Use temporary credentials from STS instead of the root key.",
        "Delete the temporary files under the spool directory and restart the agent.",
        "A 503 means the node is temporarily unavailable: add a retry with backoff.",
        "Add a retry where a node becomes temporarily unavailable.",
        "There is no workaround, upgrade to 2.1.4, it fixes the leak.",
        "Raise the part size to 64 MiB, that's all for now.",
        "Set x=4. I'm out until Monday, ping Bob if it comes back.",
        "Set x=4. Bob is on vacation until 20 November.",
        "Support hours run through Friday. Set region=eu.",
        "Set region=eu. In the meantime I'll look at your logs.",
        "请使用临时凭证。",
    ],
)
def test_what_is_not_temporary_does_not(text: str) -> None:
    assert expiry_of(text, SAID) is None


def test_how_long_it_holds_is_read_beside_what_was_kept() -> None:
    said = "Use the old endpoint. This is a workaround until 20 November."
    found = expiry_beside(said, "Use the old endpoint.", SAID)
    assert found is not None
    assert found.date() == date(2026, 11, 20)


@pytest.mark.parametrize(
    "said",
    [
        "Set region=eu. The migration of the docs runs until Friday.",
        "We had a workaround for your mail. The mail is back since noon. Set region=eu.",
        "I'm on call through Friday. Set region=eu. That's all for now.",
    ],
)
def test_what_else_a_message_says_gives_the_answer_no_end(said: str) -> None:
    assert expiry_beside(said, "Set region=eu.", SAID) is None
