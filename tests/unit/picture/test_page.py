"""The picture of the figures: for nothing, a day, two years; the same each time."""

from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from adapters.picture import check_file, draw
from adapters.picture.bins import bins_of
from adapters.picture.page import _numbers, drawable, page
from core.domain.errors import CallerError, FinalError
from core.domain.figures import FEW, AnswerDay, Figures, Help, Lead
from tests.fakes.figures_made import busy, nothing, over


def _words(found: Figures, about: str = "all channels") -> str:
    """Every word on the page."""
    from matplotlib.text import Text

    made = page(found, about)
    made.canvas.draw()
    return "\n".join(one.get_text() for one in made.findobj(Text))


@pytest.mark.parametrize("found", [nothing(), busy(1), busy(730)], ids=["nothing", "a day", "two years"])
def test_a_picture_is_a_picture_whatever_there_is_to_tell(found: Figures, tmp_path: Path) -> None:
    draw(found, "all channels", tmp_path / "a.png")
    with Image.open(BytesIO((tmp_path / "a.png").read_bytes())) as image:
        assert image.size == (2100, 1410)
        assert len(image.convert("L").getcolors(300) or []) > 20


def test_the_same_figures_give_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a.svg", "b.svg"):
        draw(busy(30), "#help", tmp_path / name)
    assert (tmp_path / "a.svg").read_bytes() == (tmp_path / "b.svg").read_bytes()


def test_of_few_no_share_and_no_quartiles_are_shown() -> None:
    few = replace(busy(30), leads_s=(60.0,) * (FEW - 1), lead=Lead(FEW - 1, 60.0, 60.0, 60.0))
    assert "quartiles take 10" in _words(few)
    assert "median of" not in _words(few)
    assert "median of 10" in _words(replace(few, leads_s=(60.0,) * FEW, lead=Lead(FEW, 60.0, 60.0, 60.0)))
    assert "%" not in _words(replace(nothing(), answers_per_on_call=(FEW - 2, 1, 0, 0, 0)))


def test_the_heading_says_what_a_share_or_a_median_still_takes() -> None:
    day = AnswerDay(nothing().over.until.date(), posted=5, by_requester=1, by_analyst=1)
    few = replace(
        nothing(), answers_per_on_call=(3, 4, 0, 0, 0), helped={**nothing().helped, Help.BEFORE: 3, Help.AFTER: 1},
        days=(day,), leads_s=(60.0,), lead=Lead(1, 60.0, 60.0, 60.0),
    )  # fmt: skip
    assert list(_numbers(few))[:3] == [
        ("4 of 7", "on-calls helped (a share takes 10)"),
        ("1 card", "ahead of a human (a median takes 10)"),
        ("2 of 5", "answers accepted (a share takes 10)"),
    ]
    assert list(_numbers(nothing()))[:3] == [
        ("–", "no on-call was in scope"), ("–", "no human answered after a card"), ("–", "no answer was posted"),
    ]  # fmt: skip


def test_an_empty_period_says_so_in_every_panel() -> None:
    words = _words(nothing(30))
    assert words.count("Nothing") == 5
    assert "No human answer came after a card" in words


def test_names_that_the_font_cannot_draw_leave_no_boxes_and_no_formulas() -> None:
    assert drawable("#ext-北京 $x$ é") == "#ext-?? $x$ é"
    assert "#ext-?? $x^2$" in _words(busy(2), "#ext-北京 $x^2$")


def test_longer_periods_are_told_in_weeks_and_months_and_lose_no_day() -> None:
    for days, step in ((1, 1), (62, 1), (63, 7), (730, 7), (3650, 28)):
        bins = bins_of(over(days))
        assert (bins.step, sum(bins.lengths)) == (step, days)
        found = busy(days)
        posted = bins.sums((one.day, one.posted) for one in found.days)
        assert sum(posted) == found.answers.posted


def test_a_file_that_cannot_be_a_picture_is_refused_before_anything_is_read(tmp_path: Path) -> None:
    with pytest.raises(CallerError, match=r"neither a \.png nor a \.svg"):
        check_file(tmp_path / "a.pdf")
    with pytest.raises(CallerError, match="is not a folder"):
        check_file(tmp_path / "none" / "a.png")
    (tmp_path / "taken.svg").mkdir()
    with pytest.raises(FinalError, match="cannot be written"):
        draw(nothing(), "all channels", tmp_path / "taken.svg")
