"""How Slack says no."""

from typing import Any

Json = dict[str, Any]


class Refused(Exception):
    """An answer ``{"ok": false, "error": ...}``; ``more`` are fields beside it, ``status`` and ``headers`` those of HTTP."""

    def __init__(self, error: str, *, status: int = 200, headers: dict[str, str] | None = None, **more: object) -> None:
        super().__init__(error)
        self.error = error
        self.status = status
        self.headers = headers or {}
        self.body: Json = {"ok": False, "error": error, **more}


def malformed(error: str, problems: list[str]) -> Refused:
    """A refusal that lists what is wrong, as ``invalid_blocks`` and ``invalid_arguments`` do."""
    return Refused(error, response_metadata={"messages": problems}, errors=problems)
