"""The panels about what is known."""

from datetime import timedelta
from typing import Any

from adapters.picture.axes import days_along, legend, whole_numbers
from adapters.picture.bins import bins_of
from adapters.picture.page import BLUE, GREEN, GREY, ORANGE, RED, RULE, SKY, empty
from core.domain.documents import DOCUMENT
from core.domain.figures import Figures
from core.domain.knowledge import CHUNK, QA, ChangeKind

KINDS = {QA: ("from people", BLUE), DOCUMENT: ("documents", ORANGE), CHUNK: ("parts of them", SKY)}
OTHERS = ("other", GREY)
ABOVE = {
    ChangeKind.ADDED: ("added", BLUE), ChangeKind.UPDATED: ("updated", SKY), ChangeKind.CONFIRMED: ("confirmed", GREEN),
    ChangeKind.RESTORED: ("restored", GREY),
}  # fmt: skip


def size(axes: Any, found: Figures) -> None:
    """How much is known, by kind, from the first to the last day."""
    axes.set_title("What it knows")
    bins = bins_of(found.over)
    kinds = [kind for kind in found.knowledge.size if found.knowledge.size[kind] or found.knowledge.before.get(kind)]
    if not kinds:
        empty(axes, "Nothing is known yet")
        return
    kinds.sort(key=lambda kind: list(KINDS).index(kind) if kind in KINDS else len(KINDS))
    days_along(axes, bins)
    ends = [start + timedelta(days=length) for start, length in zip(bins.starts, bins.lengths, strict=True)]
    series = [_running(found, kind) for kind in kinds]
    names, colours = zip(*(KINDS.get(kind, OTHERS) for kind in kinds), strict=True)
    labels = [f"{name} ({found.knowledge.size[kind]:,})" for name, kind in zip(names, kinds, strict=True)]
    axes.stackplot([bins.starts[0], *ends], *series, colors=colours, labels=labels, alpha=0.85, step="pre", linewidth=0)
    axes.set_ylim(0, max(1, *map(sum, zip(*series, strict=True))) * 1.22)
    axes.grid(axis="y", color=RULE, linewidth=0.6)
    whole_numbers(axes.yaxis)
    legend(axes, len(kinds))


def _running(found: Figures, kind: str) -> list[int]:
    grown = bins_of(found.over).sums((one.day, one.grew) for one in found.growth if one.kind == kind)
    level, series = found.knowledge.before.get(kind, 0), [found.knowledge.before.get(kind, 0)]
    for step in grown:
        level += step
        series.append(level)
    return series


def changes(axes: Any, found: Figures) -> None:
    """What became of it: what came in and was confirmed above the line, what was retired below."""
    bins = bins_of(found.over)
    axes.set_title(f"What changed, each {bins.word}")
    if not found.knowledge.changes:
        empty(axes, "Nothing was learned or changed")
        return
    days_along(axes, bins)
    width, floor = [length * 0.86 for length in bins.lengths], [0] * len(bins.starts)
    for change, (name, colour) in ABOVE.items():
        heights = _of(found, change)
        if any(heights):
            axes.bar(bins.starts, heights, width, floor, align="edge", color=colour, label=name)
            floor = [a + b for a, b in zip(floor, heights, strict=True)]
    retired = [-n for n in _of(found, ChangeKind.RETIRED)]
    if any(retired):
        axes.bar(bins.starts, retired, width, align="edge", color=RED, label="retired")
    axes.axhline(0, color=GREY, linewidth=0.8)
    axes.set_ylim(min(retired) * 1.3, max(1, *floor) * 1.3)
    axes.grid(axis="y", color=RULE, linewidth=0.6)
    whole_numbers(axes.yaxis, 6)
    legend(axes, 5)


def _of(found: Figures, change: ChangeKind) -> list[int]:
    return bins_of(found.over).sums((one.day, one.revisions) for one in found.growth if one.change is change)
