"""The page: a heading, four numbers, six panels, and what the words mean. Drawn by Agg, so no screen is needed.

The colours are those of Okabe and Ito (2008), told apart by nearly everybody; each is also named where it stands.
"""

import io
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.domain.errors import CallerError, FinalError
from core.domain.figures import FEW, Figures, Lead

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SUFFIXES = (".png", ".svg")
INCHES = (14.0, 9.4)
DPI = 150
INK, SOFT, RULE, PAPER = "#1d2530", "#5b6673", "#d5dae0", "#ffffff"
BLUE, SKY, ORANGE, GREEN, RED, GREY = "#0072B2", "#56B4E9", "#E69F00", "#009E73", "#D55E00", "#C9CED4"
STYLE: dict[str, Any] = {
    "font.family": "DejaVu Sans", "font.size": 9.5, "text.color": INK, "axes.edgecolor": RULE, "axes.labelcolor": SOFT,
    "xtick.color": SOFT, "ytick.color": SOFT, "axes.spines.top": False, "axes.spines.right": False, "axes.titlesize": 11.5,
    "axes.titleweight": "bold", "axes.titlelocation": "left", "axes.titlepad": 12, "figure.facecolor": PAPER,
    "text.parse_math": False, "svg.hashsalt": "vigil", "axes.axisbelow": True,
}  # fmt: skip
MEANING = (
    "On-call: a session with a question in scope. Helped: at least one posted answer stands; before or after the "
    "session's first message of an analyst.\nAhead: from the posted card to the first human answer behind it, where one "
    "came. Accepted: the last click on the answer is an accept. Days are UTC days."
)


def check_file(file: Path) -> None:
    """Raise ``CallerError`` for a name that no picture can have, before the figures are read."""
    if file.suffix.lower() not in SUFFIXES:
        raise CallerError(f"{file} is neither a .png nor a .svg: name the picture FILE.png or FILE.svg.")
    if not file.parent.is_dir():
        raise CallerError(f"{file.parent} is not a folder: name another file with --plot.")


def draw(found: Figures, about: str, file: Path) -> None:
    """Draw the page into a file; the same figures give the same bytes. ``about`` names the channels. Raises ``FinalError`` when
    the file cannot be written."""
    import matplotlib as mpl

    kind, drawn = file.suffix.lower().removeprefix("."), io.BytesIO()
    with mpl.rc_context(STYLE):
        page(found, about).savefig(drawn, format=kind, dpi=DPI, metadata={"Date": None} if kind == "svg" else None)
    try:
        file.write_bytes(drawn.getvalue())
    except OSError as error:
        raise FinalError(f"{file} cannot be written ({error.strerror}): name another file with --plot.") from error


def page(found: Figures, about: str) -> "Figure":
    """The whole page."""
    from matplotlib.figure import Figure

    from adapters.picture import knowledge, on_calls

    made = Figure(figsize=INCHES)
    _heading(made, found, about)
    grid = made.add_gridspec(2, 3, left=0.055, right=0.965, top=0.715, bottom=0.115, hspace=0.46, wspace=0.22)
    panels = (
        on_calls.helped, on_calls.answers_per_on_call, on_calls.leads, on_calls.answers_per_day, knowledge.size,
        knowledge.changes,
    )  # fmt: skip
    for n, panel in enumerate(panels):
        panel(made.add_subplot(grid[n // 3, n % 3]), found)
    made.text(0.03, 0.025, MEANING, color=SOFT, fontsize=8, linespacing=1.5)
    return made


def _heading(made: "Figure", found: Figures, about: str) -> None:
    over = found.over
    last, days = over.until - timedelta(days=1), (over.until - over.since).days
    made.text(0.03, 0.945, "What Vigil did", fontsize=21, fontweight="bold")
    span = f"{last.day} {last:%b %Y}"
    if days > 1:
        span = f"{over.since.day} {over.since:%b %Y} to {span}, {days} days"
    made.text(0.03, 0.912, drawable(f"{span} · {about}"), fontsize=11, color=SOFT)
    for n, (number, words) in enumerate(_numbers(found)):
        left = 0.03 + n * 0.243
        made.text(left, 0.835, number, fontsize=26, fontweight="bold", color=BLUE)
        made.text(left, 0.807, words, fontsize=10, color=SOFT)
    made.add_artist(_line(0.79))


def _line(y: float) -> Any:
    from matplotlib.lines import Line2D

    return Line2D([0.03, 0.975], [y, y], color=RULE, linewidth=1)


def _numbers(found: Figures) -> Iterator[tuple[str, str]]:
    """The numbers with their words. Of few there is no share and no median: then the counts, and how many it takes."""
    total, size, before = found.answers, sum(found.knowledge.size.values()), sum(found.knowledge.before.values())
    yield _share(found.helped_at_all, found.on_calls, "on-calls helped", "no on-call was in scope")
    yield _ahead(found.lead)
    yield _share(total.by_requester + total.by_analyst, total.posted, "answers accepted", "no answer was posted")
    yield f"{size:,}", f"things known at the end ({size - before:+,})"


def _share(part: int, whole: int, what: str, none: str) -> tuple[str, str]:
    if not whole:
        return "–", none
    if whole < FEW:
        return f"{part} of {whole}", f"{what} (a share takes {FEW})"
    return f"{part / whole:.0%}", f"of {what} ({part:,} of {whole:,})"


def _ahead(lead: Lead) -> tuple[str, str]:
    if lead.n >= FEW:
        return span_of(lead.median_s or 0.0), f"ahead of the human (median of {lead.n:,})"
    if not lead.n:
        return "–", "no human answered after a card"
    return f"{lead.n} card{'' if lead.n == 1 else 's'}", f"ahead of a human (a median takes {FEW})"


def span_of(seconds: float) -> str:
    """A time as a person says it."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"


def drawable(text: str) -> str:
    """The text with ``?`` for each character that the font has no shape for: no empty boxes on the page."""
    from matplotlib.font_manager import findfont, get_font

    font = get_font(findfont("DejaVu Sans"))
    return "".join(one if font.get_char_index(ord(one)) else "?" for one in text)


def empty(axes: Any, why: str = "Nothing yet") -> None:
    """Say in a panel that there is nothing to draw."""
    axes.set_xticks([])
    axes.set_yticks([])
    for side in axes.spines.values():
        side.set_visible(False)
    axes.text(0.5, 0.5, why, transform=axes.transAxes, ha="center", va="center", color=SOFT, fontsize=11)
