"""Who is who in an export: ``users.json`` and what messages tell of their authors. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping

from adapters.slack_payloads.fields import Payload, object_in, text_in
from adapters.slack_payloads.head import Head
from core.domain.people import Person


class People:
    """The people of an export. Names and teams of those whom ``users.json`` does not list are picked up from messages."""

    def __init__(self, users: Iterable[Payload] = ()) -> None:
        self.users: dict[str, Payload] = {}
        self._names: dict[str, str] = {}
        self._teams: dict[str, str] = {}
        self._bots: dict[str, str] = {}
        for user in users:
            self._know(user)

    def _know(self, user: Payload) -> None:
        key, profile = text_in(user, "id"), object_in(user, "profile")
        if not key:
            return
        self.users[key] = user
        self._names[key] = _name(user, profile)
        self._teams[key] = text_in(user, "team_id") or text_in(profile, "team")
        if bot := text_in(profile, "bot_id"):
            self._bots[bot] = key

    def see(self, head: Head, payload: Payload) -> None:
        """Take what a message tells of its author."""
        profile = object_in(payload, "user_profile") or object_in(payload, "bot_profile")
        name = _name(profile, profile) or (text_in(payload, "username") if head.bot else "")
        if name and not self._names.get(head.author):
            self._names[head.author] = name
        if head.team and not self._teams.get(head.author):
            self._teams[head.author] = head.team
        if head.bot and head.bot != head.author:
            self._bots.setdefault(head.bot, head.author)

    def author(self, head: Head, home: str) -> Person:
        """The author of a message. A bot goes by its user's id where that is known."""
        if head.bot:
            return self._bot(head, home)
        return self.person(head.author, home, head.team)

    def _bot(self, head: Head, home: str) -> Person:
        key = self.user_of(head.author)
        return Person(
            key, self._names.get(head.author) or self.name(key), head.team or self._teams.get(key) or home, True
        )

    def person(self, key: str, home: str, team: str = "") -> Person:
        """The person of this id; unknown ones are named by it. ``team`` is what a message says, and goes first."""
        user = self.users.get(key, {})
        is_bot = user.get("is_bot") is True or key == "USLACKBOT"
        return Person(key, self.name(key), team or self._teams.get(key) or home, is_bot)

    def name(self, key: str) -> str:
        """The name to show for a user id: the id itself where nobody knows better."""
        return self._names.get(key) or key

    def user_of(self, bot: str) -> str:
        """The user id behind a bot id, or the id as it is."""
        return self._bots.get(bot, bot)

    def is_vigil(self, key: str) -> bool:
        """Whether a user goes by our name."""
        user = self.users.get(key, {})
        profile = object_in(user, "profile")
        names = (text_in(user, "name"), text_in(user, "real_name"), text_in(profile, "display_name"), self.name(key))
        return any(name.casefold() == "vigil" for name in names)


def _name(user: Payload, profile: Payload) -> str:
    real = text_in(user, "real_name") or text_in(profile, "real_name")
    return real or text_in(profile, "display_name") or text_in(user, "name")


def home_by_users(users: Mapping[str, Payload]) -> str | None:
    """The team that ``users.json`` belongs to: that of its owners and admins, else that of most who are not strangers.

    Slack sets ``is_admin`` and ``is_owner`` for members of the exporting workspace only. A tie decides nothing.
    """
    own = [user for user in users.values() if user.get("is_stranger") is not True]
    ruling = [u for u in own if any(u.get(flag) is True for flag in ("is_primary_owner", "is_owner", "is_admin"))]
    return _most(ruling) or _most(own)


def _most(users: Iterable[Payload]) -> str | None:
    teams = Counter(
        team for user in users if (team := text_in(user, "team_id") or text_in(object_in(user, "profile"), "team"))
    )
    ranking = teams.most_common(2)
    if not ranking or (len(ranking) == 2 and ranking[0][1] == ranking[1][1]):
        return None
    return ranking[0][0]
