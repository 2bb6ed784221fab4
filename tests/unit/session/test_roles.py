"""Who is who, and on which ground (DESIGN 4, Roles)."""

import pytest

from core.domain.channels import Channel, ChannelRef
from core.domain.people import Person, Role, RoleBasis
from core.domain.policy import Policy
from core.session.roles import is_analyst, standing_of

REF = ChannelRef("slack", "T0HOME", "C1")
INTERNAL = Channel(REF)
SHARED = Channel(REF, external=True, organisations=frozenset({"T0CUS"}))
OPENER, JOINER = Person("U1", "Sel", "T0HOME"), Person("U2", "Dev", "T0HOME")
OUTSIDER = Person("U3", "Kim", "T0CUS")
UNKNOWN = Person("U5", "U5")
BOT = Person("U4", "Helper", "T0HOME", is_bot=True)


@pytest.mark.parametrize(
    ("person", "channel", "role", "basis"),
    [
        (OUTSIDER, SHARED, Role.REQUESTER, RoleBasis.HOME),
        (JOINER, SHARED, Role.ANALYST, RoleBasis.HOME),
        (OPENER, SHARED, Role.ANALYST, RoleBasis.HOME),
        (OPENER, INTERNAL, Role.REQUESTER, RoleBasis.PRESUMED),
        (JOINER, INTERNAL, Role.ANALYST, RoleBasis.PRESUMED),
        (UNKNOWN, SHARED, Role.OTHER, RoleBasis.PRESUMED),
        (UNKNOWN, INTERNAL, Role.ANALYST, RoleBasis.PRESUMED),
        (BOT, SHARED, Role.BOT, RoleBasis.HOME),
        (BOT, INTERNAL, Role.BOT, RoleBasis.HOME),
    ],
)
def test_membership_decides_where_nobody_is_configured(
    person: Person, channel: Channel, role: Role, basis: RoleBasis
) -> None:
    standing = standing_of(person, channel, OPENER, Policy())
    assert (standing.role, standing.basis) == (role, basis)


@pytest.mark.parametrize("person", [OUTSIDER, OPENER, JOINER])
def test_a_configured_analyst_is_one_everywhere(person: Person) -> None:
    policy = Policy(analysts=frozenset({person.id}))
    for channel in (INTERNAL, SHARED):
        standing = standing_of(person, channel, OPENER, policy)
        assert (standing.role, standing.basis) == (Role.ANALYST, RoleBasis.CONFIGURED)


def test_a_bot_is_never_an_analyst_even_when_it_is_listed() -> None:
    assert standing_of(BOT, SHARED, OPENER, Policy(analysts=frozenset({BOT.id}))).role is Role.BOT


@pytest.mark.parametrize("workspace", ["T0HOME", ""])
def test_somebody_of_whom_nothing_is_known_is_no_analyst(workspace: str) -> None:
    assert not is_analyst(UNKNOWN, workspace, Policy())
    assert is_analyst(UNKNOWN, workspace, Policy(analysts=frozenset({UNKNOWN.id})))
