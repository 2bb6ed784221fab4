"""The panels about on-calls and answers."""

from typing import Any

from adapters.picture.axes import days_along, legend, whole_numbers
from adapters.picture.bins import bins_of
from adapters.picture.page import BLUE, GREEN, GREY, INK, ORANGE, RULE, SOFT, empty, span_of
from core.domain.figures import FEW, Figures, Help


def helped(axes: Any, found: Figures) -> None:
    """One bar: all on-calls, parted by whether and when they were helped."""
    axes.set_title("On-calls helped")
    if not found.on_calls:
        empty(axes)
        return
    parts = [
        ("before the analyst", found.helped[Help.BEFORE], BLUE), ("after the analyst", found.helped[Help.AFTER], ORANGE),
        ("not helped", found.helped[Help.NONE], GREY),
    ]  # fmt: skip
    for row, (name, n, colour) in enumerate(parts):
        axes.barh(row + 0.14, n, color=colour, height=0.42)
        share = f" ({n / found.on_calls:.0%})" if found.on_calls >= FEW else ""
        axes.text(found.on_calls * 0.01, row - 0.2, name, va="center", color=INK)
        axes.text(n + found.on_calls * 0.015, row + 0.14, f"{n:,}{share}", va="center", fontweight="bold")
    axes.set_yticks([])
    axes.set_ylim(len(parts) - 0.5, -0.5)
    axes.set_xlim(0, found.on_calls * (1.0 if max(n for _, n, _ in parts) < found.on_calls * 0.7 else 1.25))
    whole_numbers(axes.xaxis)
    axes.set_xlabel(f"of {found.on_calls:,} on-calls in scope")


def answers_per_on_call(axes: Any, found: Figures) -> None:
    """How many on-calls got how many answers."""
    axes.set_title("Answers per on-call")
    counts = found.answers_per_on_call
    if not found.on_calls:
        empty(axes)
        return
    names = [*map(str, range(len(counts) - 1)), f"{len(counts) - 1}+"]
    axes.bar(names, counts, color=[GREY, *[BLUE] * (len(counts) - 1)], width=0.66)
    for place, n in enumerate(counts):
        axes.text(place, n, f"{n:,}", ha="center", va="bottom", fontweight="bold")
    axes.set_ylim(0, max(counts) * 1.14)
    whole_numbers(axes.yaxis)
    axes.grid(axis="y", color=RULE, linewidth=0.6)
    axes.set_xlabel("standing answers")
    axes.set_ylabel("on-calls")


def answers_per_day(axes: Any, found: Figures) -> None:
    """Answers a day, the accepted ones in another colour; longer periods as means."""
    bins = bins_of(found.over)
    a_day = "Answers a day" if bins.step == 1 else f"Answers a day, mean of each {bins.word}"
    axes.set_title(a_day)
    if not found.answers.posted:
        empty(axes, "Nothing was posted")
        return
    posted = bins.sums((one.day, one.posted) for one in found.days)
    accepted = bins.sums((one.day, one.by_requester + one.by_analyst) for one in found.days)
    means = [[n / length for n, length in zip(of, bins.lengths, strict=True)] for of in (posted, accepted)]
    days_along(axes, bins)
    width = [length * 0.86 for length in bins.lengths]
    axes.bar(bins.starts, means[0], width=width, align="edge", color=BLUE, label="posted")
    axes.bar(bins.starts, means[1], width=width, align="edge", color=GREEN, label="of these accepted")
    axes.set_ylim(0, max(means[0]) * 1.22)
    if bins.step == 1:
        whole_numbers(axes.yaxis)
    axes.grid(axis="y", color=RULE, linewidth=0.6)
    legend(axes, 2)


def leads(axes: Any, found: Figures) -> None:
    """How far ahead of the human: the spread of leads with its median, or each of a few as a dot."""
    axes.set_title("Ahead of the human's answer")
    ahead = found.leads_s
    if not ahead:
        empty(axes, "No human answer came after a card")
        return
    unit, name = (60.0, "minutes") if ahead[int(len(ahead) * 0.95)] < 7200 else (3600.0, "hours")
    far = ahead[min(len(ahead) - 1, int(len(ahead) * 0.97))] / unit
    shown = [one / unit for one in ahead if one / unit <= far]
    if len(ahead) < FEW:
        axes.scatter(shown, [0.5] * len(shown), s=70, color=BLUE, alpha=0.65, linewidths=0)
        axes.set_ylim(0, 1)
        axes.set_yticks([])
        axes.spines["left"].set_visible(False)
        whole_numbers(axes.xaxis)
        axes.text(0.0, 0.9, f"One dot an answer; quartiles take {FEW} or more", transform=axes.transAxes, color=SOFT)
    else:
        axes.hist(shown, bins=min(24, max(6, len(shown) // 6)), range=(0.0, far), color=BLUE, rwidth=0.9)
        _quartiles(axes, found, unit)
    beyond = len(ahead) - len(shown)
    axes.set_xlim(0, far * 1.08)
    axes.set_xlabel(name + (f" ({beyond:,} longer ones are not shown)" if beyond else ""))


def _quartiles(axes: Any, found: Figures, unit: float) -> None:
    low, middle, high = found.lead.p25_s or 0.0, found.lead.median_s or 0.0, found.lead.p75_s or 0.0
    axes.axvspan(low / unit, high / unit, color=ORANGE, alpha=0.16, linewidth=0, zorder=0)
    axes.axvline(middle / unit, color=ORANGE, linewidth=2)
    axes.set_ylim(0, axes.get_ylim()[1] * 1.2)
    told = f"median {span_of(middle)}; half of them {span_of(low)} to {span_of(high)}"
    axes.text(0.99, 0.97, told, transform=axes.transAxes, ha="right", va="top", color=INK)
    axes.grid(axis="y", color=RULE, linewidth=0.6)
    whole_numbers(axes.yaxis)
    axes.set_ylabel("answers")
