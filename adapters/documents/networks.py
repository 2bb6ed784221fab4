"""Which IP addresses a document may be read from. Python's ``is_global`` alone lets multicast, benchmark and transition
addresses pass; the lists here are IANA's registries of special addresses, and what clouds answer to their own machines."""

import ipaddress
from enum import StrEnum

IpAddress = ipaddress.IPv4Address | ipaddress.IPv6Address
_Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class Reachability(StrEnum):
    """Who may lead a document's reader to an IP address: anybody's link, only a host that the operator named, nobody."""

    PUBLIC = "public"
    PRIVATE = "private"
    NEVER = "never"


def _networks(text: str) -> tuple[_Network, ...]:
    return tuple(ipaddress.ip_network(part) for part in text.split())


_METADATA = _networks("168.63.129.16/32 100.100.100.200/32 fd00:ec2::/32 fd20:ce::254/128")
"""What clouds tell their own machines, secrets included; 169.254.169.254 and its like are link-local."""
_PRIVATE = _networks("10.0.0.0/8 172.16.0.0/12 192.168.0.0/16 100.64.0.0/10 fc00::/7")
_NEVER = _networks(
    """0.0.0.0/8 127.0.0.0/8 169.254.0.0/16 192.0.0.0/24 192.0.2.0/24 192.88.99.0/24 198.18.0.0/15 198.51.100.0/24
    203.0.113.0/24 224.0.0.0/4 240.0.0.0/4 2001::/23 2001:db8::/32 2002::/16 3fff::/20"""
)
"""This host, loopback, link-local, protocols, documentation, benchmarks, multicast, reserved; Teredo (in 2001::/23), 6to4."""
_GLOBAL_V6 = ipaddress.IPv6Network("2000::/3")
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


def reachability(ip: IpAddress) -> Reachability:
    """Where an address stands. IPv4 in IPv6 clothes (mapped, compatible, 6to4, Teredo) is never reached; behind the well-known
    NAT64 prefix, which networks without IPv4 need, the address inside decides."""
    if ip.version == 6 and ip in _NAT64:
        ip = ipaddress.IPv4Address(int(ip) & 0xFFFF_FFFF)
    if any(ip in network for network in _METADATA):
        return Reachability.NEVER
    if any(ip in network for network in _PRIVATE):
        return Reachability.PRIVATE
    if any(ip in network for network in _NEVER) or (ip.version == 6 and ip not in _GLOBAL_V6):
        return Reachability.NEVER
    return Reachability.PUBLIC
