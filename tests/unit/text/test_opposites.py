"""When what somebody says goes against what is known."""

import pytest

from core.text.opposites import turns_down

KNOWN = "Upgrade the SDK to 3.3.0 and set `retry_mode=adaptive`, it handles `SlowDown` by itself."
ASKED = "uploads stop with `SlowDown` on SDK 3.2.4, what now?"


@pytest.mark.parametrize(
    "said",
    [
        "Please don't install 3.3.0, it was pulled",
        "leave 3.3.0 alone for now",
        "on Python `retry_mode=adaptive` has no effect",
        "take 3.2.9 rather than 3.3.0",
        "别升级到 3.3.0，有问题",
        "`retry_mode=adaptive` 无效",
    ],
)
def test_a_warning_off_what_is_known_by_name_turns_it_down(said: str) -> None:
    assert turns_down(KNOWN, said, ASKED)


@pytest.mark.parametrize(
    "said",
    [
        "Don't worry, 3.3.0 is the one",
        "yes, 3.3.0 per host, not per region",
        "it does not need more, but 3.3.0 must be there",
        "don't ignore `SlowDown`",
        "3.2.4 isn't supported any more",
        "升级到 3.3.0 就好",
        "",
    ],
    ids=["reassures", "agrees", "another clause", "the question's own name", "the asker's version", "zh", "nothing"],
)
def test_a_warning_about_something_else_does_not(said: str) -> None:
    assert not turns_down(KNOWN, said, ASKED)
