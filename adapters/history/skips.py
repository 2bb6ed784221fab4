"""What is left out of an export: all of it is counted, some of it is listed."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

LISTED = 20
"""Of a file and a reason, so many are kept one by one: a small file may hold millions of bad records."""


@dataclass(frozen=True, slots=True)
class Skipped:
    """Something that replay leaves out: a whole file, or the record at ``index`` of it, and why. The reason is one of few, so
    that it can be counted; ``detail`` says more of this one."""

    file: str
    index: int | None
    reason: str
    detail: str = ""

    def __str__(self) -> str:
        """Where and why."""
        where = self.file if self.index is None else f"{self.file} record {self.index + 1}"
        return f"{where}: {self.reason}" + (f" ({self.detail})" if self.detail else "")


class Skips:
    """What was left out so far: ``listed`` one by one, the first of each file and reason; ``reasons`` counts all."""

    def __init__(self, skipped: Iterable[Skipped] = ()) -> None:
        self.listed: list[Skipped] = []
        self.reasons: Counter[str] = Counter()
        self._of_file: Counter[tuple[str, str]] = Counter()
        for one in skipped:
            self.add(one)

    def add(self, one: Skipped) -> None:
        """Count it, and list it where not too many of its kind are."""
        self.reasons[one.reason] += 1
        self._of_file[one.file, one.reason] += 1
        if self._of_file[one.file, one.reason] <= LISTED:
            self.listed.append(one)

    def copy(self) -> "Skips":
        """The same, to go on from."""
        again = Skips()
        again.listed, again.reasons, again._of_file = [*self.listed], self.reasons.copy(), self._of_file.copy()
        return again
