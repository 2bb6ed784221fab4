"""Addresses of the web in one form, and as they may be stored and shown."""

import re
from urllib.parse import SplitResult, parse_qsl, urlencode, urlsplit

from core.text.redaction import redact

_TRACKING = re.compile(r"utm_\w+|(?:g|fb|ms)clid|mc_[ce]id|_hs(?:enc|mi)|igshid|ref_src|yclid", re.IGNORECASE)
_PORTS = {"http": 80, "https": 443}
_LOGIN = re.compile(r"(?<=//)[^/?#\s]*@")


def canonical(address: str) -> str:
    """An address without fragment, tracking and what else does not change which page it is; empty for what is no address of
    the web."""
    try:
        parts = urlsplit(address.strip())
        port = parts.port
    except ValueError:  # brackets or a port that are none
        return ""
    scheme, host = parts.scheme.lower(), (parts.hostname or "").rstrip(".")
    if scheme not in _PORTS or not host:
        return ""
    login = f"{parts.netloc.rpartition('@')[0]}@" if "@" in parts.netloc else ""
    named = f"[{host}]" if ":" in host else host
    place = login + (named if port in (None, _PORTS[scheme]) else f"{named}:{port}")
    return SplitResult(scheme, place, parts.path or "/", _query(parts.query), "").geturl()


def _query(query: str) -> str:
    pairs = parse_qsl(query, keep_blank_values=True)
    kept = [pair for pair in pairs if not _TRACKING.fullmatch(pair[0])]
    return query if len(kept) == len(pairs) else urlencode(kept)


def without_secrets(address: str) -> str:
    """An address or path as it may be stored and shown: without user name and password, and what else is secret masked."""
    return redact(_LOGIN.sub("", address)).text


def is_plain(address: str) -> bool:
    """Whether an address is one of the web, in its one form and without user name, password and whatever else is secret."""
    return bool(address) and canonical(address) == address and without_secrets(address) == address
