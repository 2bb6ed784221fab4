"""What a team has labelled by working with Vigil, as ``vigil labels export`` writes it, read for fitting.

Of its rows ``identify`` teaches identify. The others are checked and counted: what they hold is not learned from yet.
"""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, Field, TypeAdapter, ValidationError

from adapters.engine.offline.exemplars import Utterance
from core.domain.errors import CallerError
from core.domain.sessions import QuestionClass

USED = "identify"


class _Said(BaseModel):
    role: Literal["requester", "analyst", "bot", "other"]
    text: str


class _Identify(BaseModel):
    v: Literal[1]
    dialogue: list[_Said] = Field(min_length=1)
    asked: list[Annotated[int, Field(ge=0)]] = Field(min_length=1)
    label: QuestionClass


class _Other(BaseModel):
    v: Literal[1]
    kind: Literal["accept", "extract", "review"]


_IDENTIFY, _OTHER = TypeAdapter(_Identify), TypeAdapter(_Other)


@dataclass(frozen=True, slots=True)
class Labels:
    """A team's labelled utterances, and how many rows of other kinds there were."""

    utterances: tuple[Utterance, ...]
    unused: Mapping[str, int]


def read_labels(files: Sequence[Path], scope: str) -> Labels:
    """Read the files; ``scope`` is the team's own, which its rows do not name. Raises ``CallerError`` with file and line for
    the first row that cannot be used."""
    utterances: list[Utterance] = []
    unused: Counter[str] = Counter()
    for file in files:
        for number, row in _rows(file):
            where = f"{file.name} line {number}"
            if row.get("kind") == USED:
                utterances.append(_utterance(row, where, scope))
            else:
                unused[_checked(row, where)] += 1
    return Labels(tuple(utterances), dict(unused))


def _rows(file: Path) -> Iterator[tuple[int, dict[str, object]]]:
    try:
        lines = file.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise CallerError(
            f"{file} cannot be read as a text file: name one that `vigil labels export` wrote."
        ) from error
    for number, text in enumerate(lines, start=1):
        if not text.strip():
            continue
        try:
            row = json.loads(text)
        except ValueError as error:
            raise CallerError(f"{file.name} line {number} is not JSON.") from error
        if not isinstance(row, dict):
            raise CallerError(f"{file.name} line {number} is not a JSON object.")
        yield number, row


def _utterance(row: Mapping[str, object], where: str, scope: str) -> Utterance:
    try:
        read = _IDENTIFY.validate_python(row)
        asked = [read.dialogue[i] for i in read.asked]
    except ValidationError as error:
        raise _unusable(where, error) from error
    except IndexError as error:
        raise CallerError(f"{where} is no usable label: asked names a line that the dialogue does not have.") from error
    before = tuple((said.role, said.text) for said in read.dialogue[: min(read.asked)])
    return Utterance(where, "\n".join(said.text for said in asked), before, scope, read.label)


def _checked(row: Mapping[str, object], where: str) -> str:
    try:
        return _OTHER.validate_python(row).kind
    except ValidationError as error:
        raise _unusable(where, error) from error


def _unusable(where: str, error: ValidationError) -> CallerError:
    first = error.errors()[0]
    field = ".".join(str(part) for part in first["loc"])
    return CallerError(f"{where} is no usable label: {field}: {first['msg'].lower()}.")
