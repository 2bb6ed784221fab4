"""A replay of an export in a home of its own, as its JSON lines."""

import asyncio
import contextlib
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from structlog.testing import capture_logs

from bot.replay import replay
from bot.settings import Settings

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"


def settings_in(home: Path) -> Settings:
    """Settings that know nothing of this machine but the home."""
    return Settings(home=home, _env_file=None)


@dataclass(slots=True)
class Replayed:
    """The lines of a replay, with what scenario tests ask of them."""

    text: str
    home: Path
    lines: list[dict[str, Any]] = field(init=False)

    def __post_init__(self) -> None:
        """Read the lines."""
        self.lines = [json.loads(line) for line in self.text.splitlines()]

    def of(self, kind: str) -> list[dict[str, Any]]:
        """The lines of a type."""
        return [line for line in self.lines if line["type"] == kind]

    @property
    def ts(self) -> Mapping[str, str]:
        """The platform's ts by message id."""
        return {m["id"]: m["ts"] for m in self.of("message")}

    def questions(self, ts: str) -> list[dict[str, Any]]:
        """The questions of the turns that dealt with a message."""
        names = self.ts
        return [q for t in self.of("turn") if ts in [names[m] for m in t["message_ids"]] for q in t["questions"]]

    def lessons(self, ts: str) -> list[dict[str, Any]]:
        """The changes of knowledge learned from a message, oldest first, of the entry that it made where it made one."""
        names = self.ts
        changes = [k for k in self.of("knowledge") if ts in [names[m] for m in k["from"]] and k["change"] != "retired"]
        made = [k["entry"] for k in changes if k["change"] == "added"][-1:]
        return [k for k in changes if not made or k["entry"] in made]

    def answers(self, ts: str) -> list[dict[str, Any]]:
        """The answers of the turns that dealt with a message."""
        return [q["answer"] for q in self.questions(ts) if q["outcome"] == "answered"]

    def without_ms(self) -> str:
        """The lines as text, but for the times."""
        kept = [{k: v for k, v in line.items() if k != "ms"} for line in self.lines]
        return "\n".join(json.dumps(line, ensure_ascii=False) for line in kept)


def replayed(export: Path, home: Path, errors: io.StringIO | None = None) -> Replayed:
    """Replay in this process; ``errors`` takes what goes to standard error."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(errors or io.StringIO()), capture_logs():
        asyncio.run(replay(settings_in(home), export, None, as_json=True))
    return Replayed(out.getvalue(), home)
