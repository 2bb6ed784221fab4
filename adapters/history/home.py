"""Which team of an export is the home team: the one that supports."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from adapters.history.parse import organisation_of


def home_of(
    given: str | None, users: Iterable[Mapping[str, Any]], messages: Iterable[Mapping[str, Any]]
) -> tuple[str, str]:
    """Give the home team and why it was taken: named by the caller, the team of most users, or the team that answers most in
    threads that another team opened."""
    if given:
        return given, "named on the command line"
    teams = Counter(
        str(u["team_id"]) for u in users if u.get("team_id") and not u.get("is_stranger") and not u.get("is_bot")
    )
    if teams:
        return teams.most_common(1)[0][0], "the team of most users"
    return _who_answers(messages)


def _who_answers(messages: Iterable[Mapping[str, Any]]) -> tuple[str, str]:
    openers: dict[str, str] = {}
    answers: Counter[str] = Counter()
    seen: Counter[str] = Counter()
    ordered = sorted((m for m in messages if m.get("ts")), key=lambda m: str(m["ts"]))
    for message in ordered:
        team = organisation_of(message, {})
        if not team:
            continue
        seen[team] += 1
        opener = openers.setdefault(str(message.get("thread_ts") or message["ts"]), team)
        answers[team] += opener != team
    if answers and answers.most_common(1)[0][1]:
        return answers.most_common(1)[0][0], "the team that answers most in threads that another team opened"
    return (seen.most_common(1)[0][0], "the only team") if seen else ("home", "no team is named")
