"""Who is known of a workspace: names, teams, guests, user groups. Filled by lookups and by what events tell."""

import time
from collections.abc import Iterable, Mapping

from adapters.slack_payloads.fields import Payload, list_in, object_in, text_in
from core.domain.people import Person

MOST_PEOPLE = 50_000
"""How many people are remembered; then the oldest half is forgotten and looked up again when they write."""
KNOWN_FOR_S = 3600.0
"""How long what was looked up of somebody holds: a colleague may have become a guest."""
OUR_NAME = "Vigil"
GUEST = "guest:"
"""A guest of our own workspace belongs to somebody else, and Slack does not say to whom. They count as an organisation of their
own in each channel, so that what they write stays there (DESIGN 1.4)."""


class People:
    """The people of one workspace, as payloads and lookups have told of them. The workspaces of our own ``enterprise``
    (Enterprise Grid) are one organisation with ours: their people are at home here."""

    def __init__(self, home: str, enterprise: str = "", us: str = "") -> None:
        self._home, self._enterprise, self._us = home, enterprise, us
        self.ours = frozenset({home, enterprise}) - {""}
        self._users: dict[str, Payload] = {}
        self._until: dict[str, float] = {}
        self._guests: frozenset[str] = frozenset()
        self._listed: frozenset[str] = frozenset()
        self._names: dict[str, str] = {}
        self._teams: dict[str, str] = {}
        self._groups: dict[str, frozenset[str]] = {}

    def __contains__(self, key: str) -> bool:
        return self._until.get(key, 0.0) > time.monotonic()

    def know(self, user: Payload) -> None:
        """Take what ``users.info`` tells of somebody."""
        key = text_in(user, "id")
        if not key:
            return
        if len(self._users) >= MOST_PEOPLE:
            for old in list(self._users)[: MOST_PEOPLE // 2]:
                del self._users[old], self._until[old]
        self._users[key], self._until[key] = user, time.monotonic() + KNOWN_FOR_S
        self._name(key, user, object_in(user, "profile"))
        if team := text_in(user, "team_id"):
            self._teams[key] = team
        if self._enterprise and text_in(object_in(user, "enterprise_user"), "enterprise_id") == self._enterprise:
            self.join({team} - {""})

    def see(self, event: Payload) -> None:
        """Take what a message tells of its author. People of other organisations may be known from here only."""
        key, profile = text_in(event, "user", "bot_id"), object_in(event, "user_profile")
        if not key:
            return
        self._name(key, profile, profile or object_in(event, "bot_profile"))
        if team := text_in(event, "user_team", "source_team"):
            self._teams[key] = team

    def join(self, teams: Iterable[str]) -> None:
        """Take these workspaces as part of our own organisation."""
        self.ours |= frozenset(teams)

    def list_members(self, users: Iterable[Payload]) -> None:
        """Take who is in our own workspace, and who of them is a guest, from ``users.list``."""
        found = {text_in(user, "id"): is_restricted(user) for user in users}
        self._listed, self._guests = frozenset(found), frozenset(key for key, guest in found.items() if guest)

    def is_listed(self, key: str) -> bool:
        """Whether somebody was in the list of our workspace, or was looked up of late."""
        return key in self._listed or key in self

    def is_guest(self, key: str) -> bool:
        """Whether somebody is a guest of our own workspace, as the list says or as they were looked up."""
        return is_restricted(self._users[key]) if key in self._users else key in self._guests

    def put_groups(self, members: Mapping[str, Iterable[str]]) -> None:
        """Who is in which of the user groups that the settings name, by the name they use."""
        found: dict[str, set[str]] = {}
        for group, users in members.items():
            for user in users:
                found.setdefault(user, set()).add(group)
        self._groups = {user: frozenset(groups) for user, groups in found.items()}

    def _name(self, key: str, user: Payload, profile: Payload) -> None:
        real = text_in(user, "real_name") or text_in(profile, "real_name")
        if name := real or text_in(profile, "display_name", "name") or text_in(user, "name"):
            self._names[key] = name

    def name(self, key: str) -> str:
        """The name to show for a user id: the id itself where nobody knows better. We are called Vigil in what people write,
        whatever a workspace has named the app: it is the word that commands are known by."""
        return OUR_NAME if key == self._us else self._names.get(key, key)

    def person(self, key: str, channel: str, team: str = "") -> Person:
        """The person of this id as a member of a channel; ``team`` is what a payload says of theirs, and goes first. Nobody
        counts as of our workspace before they were looked up: they may be a guest. Their organisation is empty until then."""
        user, of = self._users.get(key, {}), team or self._teams.get(key, "")
        if of in self.ours:
            of = self._home if text_in(user, "team_id") else ""
        guest = of == self._home and is_restricted(user)
        is_bot = user.get("is_bot") is True or key == "USLACKBOT"
        groups = self._groups.get(key, frozenset())
        return Person(key, self.name(key), f"{GUEST}{channel}" if guest else of, is_bot, groups)

    def bot(self, key: str, bot: str) -> Person:
        """The bot that posts under a user id or, where none is known, under its bot id."""
        of = self._teams.get(key, self._home)
        return Person(
            key or bot, self._names.get(key) or self.name(bot), self._home if of in self.ours else of, is_bot=True
        )


def is_restricted(user: Payload) -> bool:
    """Whether ``users.info`` or ``users.list`` calls somebody a guest, of one channel or of several."""
    return user.get("is_restricted") is True or user.get("is_ultra_restricted") is True


def wanted_groups(groups: Iterable[Payload], wanted: Iterable[str]) -> dict[str, list[str]]:
    """The settings' groups (by id, handle or name, with or without @) with their members, from ``usergroups.list``."""
    found: dict[str, list[str]] = {}
    for name in wanted:
        plain = name.removeprefix("@").casefold()
        for group in groups:
            if plain in [text_in(group, field).casefold() for field in ("id", "handle", "name")]:
                found[name] = [user for user in list_in(group, "users") if isinstance(user, str)]
    return found
