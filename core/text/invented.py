"""What a text names that none of its sources does. Pure."""

from enum import StrEnum

from core.text.links import links_in
from core.text.terms import keys


class Invented(StrEnum):
    """What is named and nobody has said."""

    LINK = "it names an address that nobody has posted"
    CODE = "it names a code, version or flag that nobody has posted"


def invented(text: str, told: str, *, seen: bool = False) -> Invented | None:
    """The first kind of thing that ``text`` names and ``told`` does not: an address, or a code, version, flag or identifier.
    Where pictures were ``seen``, codes may come from them; addresses never do."""
    if links_in(text) - links_in(told):
        return Invented.LINK
    if seen:
        return None
    known = told.lower()
    return Invented.CODE if any(key.lower() not in known for key in keys(text)) else None
