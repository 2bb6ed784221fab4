"""Only humans teach, each with the weight of their role (DESIGN 4, 6)."""

from datetime import UTC, datetime

import pytest

from core.domain.dialogue import Line
from core.domain.ids import MessageId
from core.domain.people import Role, RoleBasis
from core.domain.tasks import Lesson
from core.learn.teaching import may_teach

AT = datetime(2026, 11, 2, tzinfo=UTC)


def line(name: str, role: Role, basis: RoleBasis = RoleBasis.HOME) -> Line:
    return Line(MessageId(name), role, basis, name, "text", AT)


DIALOGUE = (
    line("asker", Role.REQUESTER),
    line("ana", Role.ANALYST),
    line("listed", Role.ANALYST, RoleBasis.CONFIGURED),
    line("dev", Role.ANALYST, RoleBasis.PRESUMED),
    line("bot", Role.BOT),
    line("guest", Role.OTHER),
)


def lesson(*sources: str, confirmed: bool = False) -> Lesson:
    return Lesson("o", "s", "", "a", (), tuple(MessageId(s) for s in sources), None, confirmed, 1.0)


@pytest.mark.parametrize(
    ("sources", "confirmed", "allowed", "stays"),
    [
        (("ana",), False, True, False),
        (("listed",), False, True, False),
        (("dev",), False, False, False),
        (("dev",), True, True, False),
        (("dev", "ana"), False, True, False),
        (("asker",), False, True, True),
        (("asker", "ana"), False, True, False),
        (("bot",), True, False, False),
        (("ana", "bot"), True, False, False),
        (("guest",), True, False, False),
        ((), True, False, False),
        (("nobody",), True, False, False),
    ],
)
def test_who_may_teach(sources: tuple[str, ...], confirmed: bool, allowed: bool, stays: bool) -> None:
    ruling = may_teach(lesson(*sources, confirmed=confirmed), DIALOGUE)
    assert (ruling.allowed, ruling.stays, bool(ruling.reason)) == (allowed, stays, not allowed)


@pytest.mark.parametrize(("sources", "own"), [(("asker",), True), (("asker", "ana"), True), (("ana", "asker"), False)])
def test_whoever_is_named_first_found_it(sources: tuple[str, ...], own: bool) -> None:
    assert may_teach(lesson(*sources), DIALOGUE).own is own
