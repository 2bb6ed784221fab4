"""A small export in which everything happens once: a question, its answer, a lesson, a card, its Accept, a source that is
deleted."""

import json
from pathlib import Path

HOME, ASKS, ASKS_TOO = "T0HOME", "T0ONE", "T0TWO"


def _message(ts: int, user: str, team: str, text: str, thread: int | None = None) -> dict[str, object]:
    said: dict[str, object] = {
        "type": "message",
        "user": user,
        "team": team,
        "user_team": team,
        "text": text,
        "ts": f"{ts}.000100",
    }
    return said | ({"thread_ts": f"{thread}.000100"} if thread else {})


def write_export(folder: Path) -> Path:
    """Write it: one customer is helped and confirms, the other is answered by Vigil and accepts, then the source is
    deleted."""
    day, t, u = 1793600000, 1793600000, 1793605000
    users = [{"id": "UANA", "name": "ana", "real_name": "Ana", "team_id": HOME}]
    one = [
        _message(t, "UONE", ASKS, "multipart uploads fail with `SlowDown` in region north, what can we do?", t),
        _message(
            t + 60,
            "UANA",
            HOME,
            "Set `max_concurrency=4` in the transfer config, the ingest limit is per connection.",
            t,
        ),
        _message(t + 120, "UONE", ASKS, "that worked, thank you", t),
        {"type": "message", "subtype": "message_deleted", "ts": f"{u + 3000}.000100", "deleted_ts": f"{t + 60}.000100"},
    ]
    two = [
        _message(
            u, "UTWO", ASKS_TOO, "our multipart uploads fail with `SlowDown` in region north, what can be done?", u
        )
        | {"reactions": [{"name": "accept", "users": ["UTWO"], "count": 1}]}
    ]
    (folder / "ext-one").mkdir(parents=True)
    (folder / "ext-two").mkdir()
    (folder / "users.json").write_text(json.dumps(users), "utf-8")
    (folder / "channels.json").write_text(
        json.dumps([{"id": "C1", "name": "ext-one"}, {"id": "C2", "name": "ext-two"}]), "utf-8"
    )
    (folder / "ext-one" / "2026-11-02.json").write_text(json.dumps(one), "utf-8")
    (folder / "ext-two" / "2026-11-02.json").write_text(json.dumps(two), "utf-8")
    assert day == t, "the day of the first message names the file"
    return folder
