"""A small export in which everything happens once: a question, its answer, a lesson, a card, thanks, small talk, a deletion."""

import json
from pathlib import Path

HOME, ASKS, ASKS_TOO = "T0HOME", "T0ONE", "T0TWO"
DAY = "2026-11-02"
LEARNED, ASKED_AGAIN = 1793600000, 1793605000


def _message(ts: int, user: str, team: str, text: str, thread: int) -> dict[str, object]:
    return {
        "type": "message", "user": user, "team": team, "user_team": team, "text": text,
        "ts": f"{ts}.000100", "thread_ts": f"{thread}.000100",
    }  # fmt: skip


def _first_customer(t: int) -> list[dict[str, object]]:
    """Asks, is answered by an analyst, confirms; long after, the analyst's message is deleted."""
    answer = "Set `max_concurrency=4` in the transfer config, the ingest limit is per connection."
    return [
        _message(t, "UONE", ASKS, "multipart uploads fail with `SlowDown` in region north, what can we do?", t),
        _message(t + 60, "UANA", HOME, answer, t),
        _message(t + 120, "UONE", ASKS, "that worked, thank you", t),
        {
            "type": "message",
            "subtype": "message_deleted",
            "ts": f"{t + 9000}.000100",
            "deleted_ts": f"{t + 60}.000100",
        },
    ]


def _second_customer(t: int) -> list[dict[str, object]]:
    """Greets, asks the same in other words, is answered by Vigil, says thanks."""
    again = "our multipart uploads fail with `SlowDown` in region north, what can be done?"
    return [
        _message(t - 900, "UTWO", ASKS_TOO, "good morning everybody!", t - 900),
        _message(t, "UTWO", ASKS_TOO, again, t),
        _message(t + 300, "UTWO", ASKS_TOO, "great, that helped, thanks", t),
        _message(t + 400, "UANA", HOME, "glad to hear it", t),
    ]


def write_export(folder: Path) -> Path:
    """Write it: one customer is helped and confirms, the other is answered by Vigil, then the source is deleted."""
    users = [{"id": "UANA", "name": "ana", "real_name": "Ana", "team_id": HOME}]
    channels = [{"id": "C1", "name": "ext-one"}, {"id": "C2", "name": "ext-two"}]
    days = {"ext-one": _first_customer(LEARNED), "ext-two": _second_customer(ASKED_AGAIN)}
    for name, messages in days.items():
        (folder / name).mkdir(parents=True)
        (folder / name / f"{DAY}.json").write_text(json.dumps(messages), "utf-8")
    (folder / "users.json").write_text(json.dumps(users), "utf-8")
    (folder / "channels.json").write_text(json.dumps(channels), "utf-8")
    return folder
