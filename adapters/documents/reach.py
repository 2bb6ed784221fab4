"""What the operator's settings say about documents: which hosts, which of them inside, and what to show them."""

import re
from collections.abc import Collection
from dataclasses import dataclass, field

from adapters.documents.address import PORTS, Address, normal_host
from core.domain.errors import CallerError

_ENTRY = re.compile(
    r"(?:(?P<scheme>https?)://)?(?P<host>\[[^\]]*\]|[^:/=\[\]]+)(?::(?P<port>\d{1,5}))?/?=\s*(?P<name>[^:\s]+)\s*:(?P<value>.*)"
)
_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}")
_VALUE = re.compile(r"[\x20-\x7e]{1,8000}")
_OURS = frozenset("host connection content-length transfer-encoding accept-encoding te upgrade expect range".split())


@dataclass(frozen=True, slots=True)
class HostHeader:
    """A header that is shown to one origin and to no other; ``value`` is a secret and stays out of ``repr``."""

    scheme: str
    host: str
    port: int
    name: str
    value: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Reach:
    """``only`` are the hosts that may be read (``*.example.com``: those below it; none named: any public one), ``private``
    those which may have private addresses, ``headers`` what to show to whom. A host that one of them names may have any
    port, any other only one of ``ports``."""

    only: frozenset[str] = frozenset()
    private: frozenset[str] = frozenset()
    headers: tuple[HostHeader, ...] = ()
    ports: frozenset[int] = frozenset(PORTS.values())

    def refusal(self, address: Address) -> str:
        """Why the address may not be asked at all, before its host is looked up; empty when it may."""
        if self.only and not self._named(address.host):
            return "its host is not among those that VIGIL_DOCUMENT_HOSTS names"
        if address.port not in self.ports and not self._named(address.host):
            return f"port {address.port} is read only on hosts that the settings name"
        return ""

    def may_be_private(self, address: Address) -> bool:
        """Whether the operator said that this host may have a private address."""
        return address.host in self.private

    def headers_for(self, address: Address) -> list[tuple[str, str]]:
        """What to show: only where scheme, host and port are the ones named."""
        origin = (address.scheme, address.host, address.port)
        return [(h.name, h.value) for h in self.headers if (h.scheme, h.host, h.port) == origin]

    def refusal_from(self, first: Address, onward: Address) -> str:
        """Why a way that began at ``first`` may not go on to this address; empty when it may. What only the team can open is
        reached from there, or by its own name: who owns a page elsewhere would choose otherwise what is read with the team's
        rights, and it would be kept for those who were shown that page."""
        by_name = (first.host, first.target) == (onward.host, onward.target)
        if by_name or self._opens(first) or not self._opens(onward):
            return ""
        return "which the settings open for the team: whoever means that page must link it itself"

    def _opens(self, address: Address) -> bool:
        return self.may_be_private(address) or bool(self.headers_for(address))

    def _named(self, host: str) -> bool:
        above = {f"*.{host[i + 1 :]}" for i, character in enumerate(host) if character == "."}
        return host in self.only | self.private or bool(above & self.only) or any(h.host == host for h in self.headers)


def reach_of(only: Collection[str] = (), private: Collection[str] = (), headers: str = "") -> Reach:
    """Read the settings' texts. Raises ``CallerError`` that names the place and never the value of a header."""
    return Reach(
        frozenset(
            "*." * host.startswith("*.") + _host(host.removeprefix("*."), "VIGIL_DOCUMENT_HOSTS") for host in only
        ),
        frozenset(_host(host, "VIGIL_DOCUMENT_PRIVATE_HOSTS") for host in private),
        tuple(_header(line.strip(), n) for n, line in enumerate(headers.splitlines(), 1) if line.strip()),
    )


def _host(text: str, setting: str) -> str:
    """A bare host, without scheme, port and path."""
    try:
        return normal_host(text)
    except CallerError as error:
        raise CallerError(f"{setting} names something that is no host: write it like docs.example.com.") from error


def _header(line: str, n: int) -> HostHeader:
    found = _ENTRY.fullmatch(line)
    if found is None:
        raise CallerError(f"Entry {n} of VIGIL_DOCUMENT_HEADERS is not of the form 'docs.example.com=Name: value'.")
    scheme, value = found["scheme"] or "https", found["value"].strip()
    if not _NAME.fullmatch(found["name"]) or found["name"].lower() in _OURS:
        raise CallerError(f"Entry {n} of VIGIL_DOCUMENT_HEADERS names no header that can be set.")
    if not _VALUE.fullmatch(value):
        raise CallerError(f"Entry {n} of VIGIL_DOCUMENT_HEADERS has an empty value, or one that is not plain ASCII.")
    host, port = _host(found["host"], "VIGIL_DOCUMENT_HEADERS"), int(found["port"] or PORTS[scheme])
    return HostHeader(scheme, host, port, found["name"], value)
