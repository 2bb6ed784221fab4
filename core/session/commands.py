"""What people tell Vigil to do in a thread: a few words, behind its name or alone ("@Vigil close"). Pure."""

import re
from enum import StrEnum

_NAMED = re.compile(r"@vigil\b", re.IGNORECASE)
_MENTIONS = re.compile(r"(?:\s*@\S+\s+)+")
"""Our own mention may read as any name: an app can be renamed, and its name unknown."""
_ENDS = " .!,:?？。！，："


class Command(StrEnum):
    """A thread is closed for Vigil, or Vigil says why it answered there or stayed silent, or how to talk to it."""

    CLOSE = "close"
    WHY = "why"
    HELP = "help"


_WORDS = {
    **dict.fromkeys(("close", "resolved", "done", "关闭", "已解决"), Command.CLOSE),
    **dict.fromkeys(("why", "为什么"), Command.WHY),
    **dict.fromkeys(("help", "what can you do", "what can you help me with", "帮助", "你能做什么"), Command.HELP),
}


def command_in(text: str) -> Command | None:
    """The command that a message to Vigil is, whatever names it begins with; ``None`` where it is anything else."""
    said = _NAMED.sub(" ", text)
    words = said[found.end() :] if (found := _MENTIONS.match(said)) else said
    return _WORDS.get(words.strip(_ENDS).casefold())
