"""Who is who in a session (DESIGN 4, Roles)."""

from core.domain.channels import Channel
from core.domain.people import Person, Role, RoleBasis, Standing
from core.domain.policy import Policy


def standing_of(person: Person, channel: Channel, opener: Person, policy: Policy) -> Standing:
    """Give a person's role and why: configured analysts first, then membership, then who opened the session.

    In a channel that outsiders share, outsiders are requesters and home members analysts; of whom nobody knows the
    organisation may be either, and counts as neither. In an internal channel the opener is the requester and those who join
    are presumed analysts.
    """
    if person.is_bot:
        return Standing(Role.BOT, RoleBasis.HOME)
    if person.id in policy.analysts or person.groups & policy.analyst_groups:
        return Standing(Role.ANALYST, RoleBasis.CONFIGURED)
    if is_outside(person, channel):
        return Standing(Role.REQUESTER, RoleBasis.HOME)
    if channel.external:
        role = Role.ANALYST if is_home(person, channel.ref.workspace) else Role.OTHER
        return Standing(role, RoleBasis.HOME if role is Role.ANALYST else RoleBasis.PRESUMED)
    if person.id == opener.id:
        return Standing(Role.REQUESTER, RoleBasis.PRESUMED)
    return Standing(Role.ANALYST, RoleBasis.PRESUMED)


def is_analyst(person: Person, workspace: str, policy: Policy) -> bool:
    """Whether a person may teach and configure: a configured analyst or, where a team configures nobody, any home member."""
    if person.is_bot:
        return False
    if policy.analysts or policy.analyst_groups:
        return person.id in policy.analysts or bool(person.groups & policy.analyst_groups)
    return is_home(person, workspace)


def is_home(person: Person, workspace: str) -> bool:
    """Whether a person is known to belong to the home organisation."""
    return bool(person.organisation) and person.organisation == workspace


def is_outside(person: Person, channel: Channel) -> bool:
    """Whether a person belongs to another organisation than the channel's workspace."""
    return bool(person.organisation) and person.organisation != channel.ref.workspace
