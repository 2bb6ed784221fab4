"""A model's reason made fit to be read by people who take it for ours. Pure."""

from core.text.links import links_in
from core.text.printable import printable
from core.text.redaction import redact

MOST_CHARS = 240


def short_reason(text: str) -> str:
    """The reason on one line, not too long; empty where it holds an address or a secret."""
    line = " ".join(printable(text).split())[:MOST_CHARS].rstrip()
    return "" if links_in(line) or redact(line).masks else line
