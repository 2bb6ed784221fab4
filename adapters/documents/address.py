"""Addresses as the fence reads them: taken apart once, by rules that leave nothing to interpret, and handed on in parts. What
another reader could understand otherwise is refused instead of guessed at."""

import ipaddress
import re
from dataclasses import dataclass
from urllib.parse import quote, urljoin

import idna

from core.domain.errors import CallerError

PORTS = {"http": 80, "https": 443}
MOST_CHARACTERS = 4_096
SHOWN_CHARACTERS = 200

_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
_ADDRESS = re.compile(
    r"(?P<scheme>https?)://(?P<authority>[^/?#]*)(?P<target>[^#]*)(?:#.*)?", re.IGNORECASE | re.DOTALL
)
_AUTHORITY = re.compile(r"(?P<host>\[[^\[\]]*\]|[^:\[\]]*)(?::(?P<port>[0-9]{0,5}))?")
_KEPT = "%/:=&?~+!$,;'@()*[]-._|"


@dataclass(frozen=True, slots=True)
class Address:
    """An http(s) address in parts. ``host`` is in lower case ASCII without a closing dot, an IPv6 one without brackets;
    ``target`` is path and query as they go over the wire."""

    scheme: str
    host: str
    port: int
    target: str

    @property
    def authority(self) -> str:
        """What the ``Host`` header says: the port only where it is not the scheme's own."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def url(self) -> str:
        """The whole address, without fragment."""
        return f"{self.scheme}://{self.authority}{self.target}"

    @property
    def shown(self) -> str:
        """The address as sentences name it: without its query."""
        return clipped(f"{self.scheme}://{self.authority}{self.target.partition('?')[0]}")


def parse_address(text: str, base: Address | None = None) -> Address:
    """Take an address apart; ``base`` is where a redirect to it came from. Raises ``CallerError`` with the reason."""
    text = text.strip()
    if base is not None:
        text = _joined(base, text)
    if len(text) > MOST_CHARACTERS:
        raise CallerError(f"The address is longer than {MOST_CHARACTERS:,} characters and is not read.")
    if re.search(r"[\x00-\x20\x7f-\x9f\\\ufffd]", text):
        raise CallerError("The address has a space, a backslash or a control character in it: give it percent-encoded.")
    parts = _ADDRESS.fullmatch(text)
    if parts is None:
        raise CallerError("Only http:// and https:// addresses are read: give one of these.")
    scheme, authority = parts["scheme"].lower(), parts["authority"]
    if "@" in authority:
        raise CallerError("An address with a user name or password in it is not read: give it without.")
    found = _AUTHORITY.fullmatch(authority)
    if found is None:
        raise CallerError("The address names no host that can be read: correct it.")
    target = quote(parts["target"], safe=_KEPT)
    port = _port(found["port"], scheme)
    return Address(scheme, normal_host(found["host"]), port, target if target.startswith("/") else f"/{target}")


def _joined(base: Address, text: str) -> str:
    try:
        return urljoin(base.url, text)
    except ValueError as error:  # brackets that are not closed
        raise CallerError(f"{base.shown} leads to an address that cannot be read.") from error


def normal_host(text: str) -> str:
    """One form of a host's name or address. Raises ``CallerError`` for what is none, and for an IPv4 address written in any way
    but four plain decimal numbers: as one number, in octal or hex, shortened, with wide digits or other dots."""
    if text.startswith("["):
        return _ipv6(text[1:-1])
    wrong = CallerError("The address names no host that can be read: correct it.")
    if "%" in text:
        raise CallerError("The address has a percent-encoded host and is not read: write the host plainly.")
    try:
        host = text.lower() if text.isascii() else idna.encode(text, uts46=True, std3_rules=True).decode("ascii")
    except (idna.IDNAError, UnicodeError) as error:
        raise wrong from error
    host = host.removesuffix(".")
    labels = host.split(".")
    if len(host) > 253 or not all(_LABEL.fullmatch(label) for label in labels):
        raise wrong
    if _NUMBER.fullmatch(labels[-1]) and (host != text.lower() or not _is_plain_ipv4(host)):
        raise CallerError(
            "The address writes its host as a number in an unusual way and is not read: write it plainly."
        )
    return host


def clipped(text: str) -> str:
    """A text short enough for a sentence."""
    return text if len(text) <= SHOWN_CHARACTERS else f"{text[:SHOWN_CHARACTERS]}…"


def _port(text: str | None, scheme: str) -> int:
    port = int(text) if text else PORTS[scheme]
    if not 0 < port < 65_536:
        raise CallerError("The address names a port that does not exist: correct it.")
    return port


def _ipv6(text: str) -> str:
    try:
        if "%" in text:
            raise ValueError("a zone belongs to one machine")
        return str(ipaddress.IPv6Address(text))
    except ValueError as error:
        raise CallerError("The address names no IPv6 host that can be read: correct it.") from error


def _is_plain_ipv4(host: str) -> bool:
    try:
        return str(ipaddress.IPv4Address(host)) == host
    except ValueError:
        return False
