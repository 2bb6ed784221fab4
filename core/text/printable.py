"""Text from outside made safe to show anywhere. Pure."""

import re

_CONTROL = re.compile(
    r"\x1b\[[0-9;?]*[ -/]*[@-~]|\x1b[@-_]|[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]|[\ud800-\udfff]"
)


def printable(text: str) -> str:
    """Take out escape sequences, control and direction-override characters and lone surrogates; tabs and line breaks stay."""
    return _CONTROL.sub("", text.replace("\r\n", "\n"))
