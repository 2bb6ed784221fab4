"""What ends the running bot leaves as one error with a sentence, never as a group of them."""

import pytest

from bot.live import first_of
from core.domain.errors import CallerError, FinalError, VigilError


def test_the_error_of_a_group_is_found_however_deep() -> None:
    inside = ExceptionGroup[VigilError]("lines", [CallerError("The app token is refused.")])
    both = [inside, FinalError("The disk is full.")]
    found = first_of(BaseExceptionGroup("work", both))  # type: ignore[arg-type]  # as a TaskGroup nests them
    with pytest.raises(CallerError, match="The app token is refused"):
        raise found
