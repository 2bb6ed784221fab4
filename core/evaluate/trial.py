"""One run of a suite: what it is measured on, with what, and what is left out."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from core.domain.errors import CallerError
from core.evaluate.flight import in_order
from core.evaluate.rows import Row
from core.ports.documents import Documents
from core.ports.records import Records
from core.respond.situation import Tools

Result = TypeVar("Result")


class Ablation(StrEnum):
    """A part that is left out to see what it is worth (arXiv 2604.09579, tables 1 and 2)."""

    NO_IDENTIFY = "no-identify"
    NO_LEARNING = "no-learning"
    NO_REVIEW = "no-review"


@dataclass(frozen=True, slots=True)
class Pages:
    """Raw pages to learn: the file of each by the page's name, what reads them, and where the ledger is."""

    files: Mapping[str, str]
    documents: Documents
    records: Records


@dataclass(frozen=True, slots=True)
class Trial:
    """The labelled ``rows``, the documents to know, the team's ``scope``, how many rows are in flight ``at_once``; ``pages``
    are the documents as raw pages, for the suite that learns them."""

    rows: Sequence[Row]
    tools: Tools
    corpus: Sequence[Row] = ()
    scope: str = ""
    at_once: int = 1
    ablated: frozenset[Ablation] = frozenset()
    pages: Pages | None = None

    async def each(
        self,
        work: Callable[[Row], Awaitable[Result]],
        lost: Callable[[Row], Result],
        rows: Sequence[Row] | None = None,
    ) -> list[Result]:
        """Work on every row, or on these; see ``in_order``."""
        return await in_order(self.rows if rows is None else rows, work, lost, self.at_once)


def check_ablations(suite: str, wanted: frozenset[Ablation]) -> None:
    """Raise ``CallerError`` for a part that the suite cannot leave out."""
    for one in sorted(wanted):
        if suite not in ABLATED_IN[one]:
            raise CallerError(f"--ablate {one.value} goes with {' and '.join(ABLATED_IN[one])}, not with {suite}.")


ABLATED_IN = {
    Ablation.NO_IDENTIFY: ("should-answer",),
    Ablation.NO_LEARNING: ("growth", "replay-quality"),
    Ablation.NO_REVIEW: ("growth", "replay-quality"),
}
