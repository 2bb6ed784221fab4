"""Addresses in a text, however they are written: what a platform would make a link of. Pure and linear."""

import re

_SCHEME = r"[a-z][a-z0-9+.-]{1,20}://[^\s<>|\"'`，。；（）、]+"
_MAIL = r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+"
_ENDINGS = (
    "com|net|org|io|dev|app|ai|co|cn|de|uk|eu|us|ru|fr|jp|in|info|biz|xyz|site|online|top|shop|cloud|tech|link|click|me|ly|gg|"
    "tv|cc|page|store|live|gov|edu|hk|tw|sg|to|ws|su|icu|zip|mov|ae|ar|au|br|ca|ch|cz|dk|es|fi|fm|ga|gq|gr|hu|ie|il|kr|ml|mx|nl|"
    "nu|nz|pt|pw|ro|se|tk|tr|ua|za|blog|chat|download|email|fun|help|host|lol|pro|sbs|space|support|website|wiki|win|work|world"
)
_BARE = rf"(?<![\w@./-])(?:[\w-]{{1,63}}\.){{1,6}}(?:{_ENDINGS})(?![\w-]|\.\w)(?:[:/?#][^\s<>|\"'`，。；（）、]*)?"
_LINK = re.compile(rf"{_SCHEME}|{_MAIL}|{_BARE}", re.IGNORECASE)
_TAIL = ".,;:!?)]}*_~'\"。，；：！？）】」"
_LEADS = re.compile(r"(?:[a-z][a-z0-9+.-]{0,20}://|mailto:|www\.)*", re.IGNORECASE)


def links_in(text: str) -> frozenset[str]:
    """The addresses (web, mail, hosts) of a text in one form: lower case, without scheme, ``www.`` and closing marks."""
    return frozenset(_plain(match.group()) for match in _LINK.finditer(text))


def _plain(link: str) -> str:
    return _LEADS.sub("", link.rstrip(_TAIL).lower(), count=1).rstrip("/")
