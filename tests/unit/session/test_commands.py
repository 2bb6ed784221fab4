"""What is a command to Vigil, and what a question."""

import pytest

from core.session.commands import Command, command_in


@pytest.mark.parametrize(
    "text",
    [
        "@Vigil close",
        "close",
        "@vigil: Resolved!",
        "@Vigil，关闭",
        "@Helper done",
        "@UVIGIL  @Dana close",
        "close @Vigil",
    ],
)
def test_a_word_behind_any_name_closes(text: str) -> None:
    assert command_in(text) is Command.CLOSE


@pytest.mark.parametrize("text", ["@Vigil why?", "@Helper 为什么？"])
def test_a_bare_why_is_a_command(text: str) -> None:
    assert command_in(text) is Command.WHY


@pytest.mark.parametrize("text", ["@Vigil help", "What can you help me with?", "@Helper 你能做什么？"])
def test_who_asks_for_help_alone_wants_to_know_how_to_ask(text: str) -> None:
    assert command_in(text) is Command.HELP


@pytest.mark.parametrize(
    "text",
    [
        "@Vigil can you help?",
        "@Vigil why does it close?",
        "@Vigil",
        "",
        "how do I close",
        "mail dana@example.com close",
        "@close",
    ],
)
def test_anything_else_is_none(text: str) -> None:
    assert command_in(text) is None
