"""What ``vigil doctor`` says of what it could not reach: it looks once."""

import pytest

from adapters.slack.errors import BUSY, UNREACHABLE
from bot.doctor import State, looked, missing, told_once
from core.domain.errors import CallerError, TransientError


@pytest.mark.parametrize("sentence", [UNREACHABLE, BUSY, "The knowledge store is busy; it is tried again."])
async def test_it_promises_no_later_try(sentence: str) -> None:
    async def fails() -> list[object]:
        raise TransientError(sentence)

    (check,) = await looked("workspace", fails)  # type: ignore[arg-type]  # it never gives any
    assert check.state is State.MISSING
    assert "tried again" not in check.said
    assert "run `vigil doctor` again" in check.said
    assert check.said.startswith(sentence.split(";", maxsplit=1)[0])


def test_a_check_does_not_say_its_name_twice() -> None:
    assert missing("SLACK_BOT_TOKEN", "SLACK_BOT_TOKEN is missing: install it.").as_line() == (
        "missing  SLACK_BOT_TOKEN is missing: install it."
    )
    assert missing("scope", "chat:write is missing.").as_line() == "missing  scope: chat:write is missing."


def test_what_is_to_be_mended_is_said_as_it_is() -> None:
    assert told_once(CallerError("Correct the id.")) == "Correct the id."
