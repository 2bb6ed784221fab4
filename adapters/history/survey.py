"""What must be known of a whole export before its first event can be made. Pure; fed record by record."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import datetime

from adapters.history.people import People, home_by_users
from adapters.slack_payloads.fields import Payload, texts_in
from adapters.slack_payloads.head import Head, Kind


@dataclass(slots=True)
class ChannelSurvey:
    """One channel: its messages' ts, the roots that have replies, the end of each thread, who writes."""

    posted: set[str] = field(default_factory=set)
    replied: set[str] = field(default_factory=set)
    last_at: dict[str, datetime] = field(default_factory=dict)
    first_at: datetime | None = None
    authors: set[tuple[str, str]] = field(default_factory=set)
    openers: dict[str, str] = field(default_factory=dict)
    replies: Counter[tuple[str, str]] = field(default_factory=Counter)


class Survey:
    """The export as a whole."""

    def __init__(self, people: People) -> None:
        self.people = people
        self.channels: defaultdict[str, ChannelSurvey] = defaultdict(ChannelSurvey)

    def see(self, channel: str, head: Head, payload: Payload) -> None:
        """Take one record into account."""
        if head.kind is not Kind.POST:
            return
        self.people.see(head, payload)
        seen, root = self.channels[channel], head.thread or head.ts
        seen.posted.add(head.ts)
        seen.last_at[root] = max(seen.last_at.get(root, head.at), head.at)
        seen.first_at = min(seen.first_at or head.at, head.at)
        if head.thread:
            seen.replied.add(head.thread)
        if not head.bot:
            self._note_team(seen, head, root)

    def _note_team(self, seen: ChannelSurvey, head: Head, root: str) -> None:
        team = self.people.person(head.author, "", head.team)
        if team.is_bot:
            return
        seen.authors.add((head.author, team.organisation))
        if head.thread:
            seen.replies[root, team.organisation] += 1
        else:
            seen.openers[root] = team.organisation

    def home(self, given: str | None) -> tuple[str, str]:
        """The home team and why it is taken for that."""
        teams = {team for seen in self.channels.values() for _, team in seen.authors if team}
        if given:
            return (
                given,
                "given" if given in teams or not teams else "given, though nobody in the export writes from it",
            )
        if by_users := home_by_users(self.people.users):
            return by_users, "users.json belongs to it"
        if helping := self._helping():
            return helping, "it replies most in threads that others opened"
        if len(teams) == 1:
            return teams.pop(), "it is the only team"
        return "home", "the export does not tell teams apart"

    def _helping(self) -> str | None:
        votes: Counter[str] = Counter()
        for seen in self.channels.values():
            for (root, team), count in seen.replies.items():
                if team and seen.openers.get(root, "") not in ("", team):
                    votes[team] += count
        return min(votes, key=lambda team: (-votes[team], team)) if votes else None


def outside(seen: ChannelSurvey, listed: Payload, home: str) -> tuple[bool, frozenset[str]]:
    """Whether outsiders share a channel, and which organisations they are of."""
    shared = {team for name in ("shared_team_ids", "connected_team_ids") for team in texts_in(listed, name)}
    teams = frozenset({team for _, team in seen.authors if team} | shared) - {home}
    return bool(teams) or listed.get("is_ext_shared") is True, teams
