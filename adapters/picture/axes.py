"""What the panels' axes have in common: days, whole numbers, a legend."""

from datetime import timedelta
from typing import Any

from adapters.picture.bins import Bins

LABELS = 5
YEAR = 366


def days_along(axes: Any, bins: Bins) -> None:
    """Set the axis to the period, whether or not something happened at its ends, with a few dates under the middles of their
    bins; a period of more than a year tells months. Few bins stay as narrow as many."""
    end = bins.starts[-1] + timedelta(days=bins.lengths[-1])
    beside = timedelta(days=bins.step * max(0, LABELS - len(bins.starts)) // 2)
    axes.xaxis_date()
    axes.set_xlim(bins.starts[0] - beside, end + beside)
    marked = list(range(len(bins.starts) - 1, -1, -len(bins.starts) // LABELS))
    long = (end - bins.starts[0]).days > YEAR
    names = [f"{one:%b %Y}" if long else f"{one.day} {one:%b}" for one in (bins.starts[n] for n in marked)]
    axes.set_xticks([_middle(bins, n) for n in marked], names)


def _middle(bins: Bins, n: int) -> float:
    from matplotlib.dates import date2num

    return float(date2num(bins.starts[n])) + bins.lengths[n] / 2


def whole_numbers(axis: Any, ticks: int = 5) -> None:
    """Tick at whole numbers only, without a sign."""
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    axis.set_major_locator(MaxNLocator(ticks, integer=True))
    axis.set_major_formatter(FuncFormatter(lambda value, _: f"{abs(value):,.0f}"))


def legend(axes: Any, columns: int) -> None:
    """Name the colours above what is drawn."""
    axes.legend(
        loc="upper left", frameon=False, ncols=columns, fontsize=8.5, borderaxespad=0.1, handlelength=1.0,
        columnspacing=1.0, handletextpad=0.4,
    )  # fmt: skip
