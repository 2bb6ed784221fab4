"""``vigil doctor``: whether everything that Vigil needs is there, and where to mend what is not."""

import json
import re
import sys
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from adapters.terminal.plain import safe
from bot.called import as_called
from core.domain.errors import TransientError, VigilError

_AGAIN = re.compile(r"[;,]? (?:and )?it is tried again\b")


class State(StrEnum):
    """How a thing stands; a ``note`` is neither well nor wrong."""

    OK = "ok"
    MISSING = "missing"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at: its name, and in a sentence how it stands or where to mend it."""

    name: str
    state: State
    said: str

    def as_line(self) -> str:
        """For people; the name is not said twice."""
        said = self.said if self.said.startswith(f"{self.name} ") else f"{self.name}: {self.said}"
        return f"{self.state.value:<8} {safe(said)}"

    def as_json(self) -> str:
        """For a program."""
        told = {"v": 1, "type": "check", "name": self.name, "state": self.state.value, "said": as_called(self.said)}
        return json.dumps(told, ensure_ascii=False)


def well(name: str, said: str) -> Check:
    """It is as it should be."""
    return Check(name, State.OK, said)


def missing(name: str, said: str) -> Check:
    """Something is to be mended."""
    return Check(name, State.MISSING, said)


def note(name: str, said: str) -> Check:
    """Good to know."""
    return Check(name, State.NOTE, said)


Look = Callable[[], Awaitable[Sequence[Check]]]


async def looked(name: str, look: Look) -> Sequence[Check]:
    """What a look gives; an error that it meets is what is missing."""
    try:
        return await look()
    except VigilError as error:
        return [missing(name, told_once(error))]


def told_once(error: VigilError) -> str:
    """The sentence of an error for somebody who looks once: the bot tries again, doctor does not."""
    if not isinstance(error, TransientError):
        return error.sentence
    happened = _AGAIN.sub("", error.sentence).rstrip(".")
    return f"{happened}: check the network and any proxy between, then run `vigil doctor` again."


class Teller:
    """Prints each check as soon as it is known; ``all_well`` says whether nothing is missing."""

    def __init__(self, as_json: bool) -> None:
        self._as_json, self.all_well = as_json, True

    def tell(self, checks: Sequence[Check]) -> None:
        """Print them."""
        for check in checks:
            self.all_well = self.all_well and check.state is not State.MISSING
            sys.stdout.write((check.as_json() if self._as_json else as_called(check.as_line())) + "\n")
        sys.stdout.flush()
