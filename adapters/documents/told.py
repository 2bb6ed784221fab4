"""The transport's errors as our own, in sentences."""

import contextlib
import ssl
from collections.abc import Iterator

import httpcore2

from core.domain.errors import CallerError, TransientError


@contextlib.contextmanager
def exchanging(shown: str, whole_s: float) -> Iterator[None]:
    """Turn what the transport raises into ``TransientError`` or ``CallerError`` that name the address. The pool raises its
    errors ``from None``: what was behind one is its context."""
    try:
        yield
    except (TimeoutError, httpcore2.TimeoutException) as error:
        raise TransientError(f"{shown} cannot be read now: it did not come within {whole_s:g} s.") from error
    except httpcore2.ConnectError as error:
        if isinstance(error.__context__, ssl.SSLCertVerificationError):
            raise CallerError(f"{shown} is not read: its certificate is not valid for it.") from error
        raise TransientError(f"{shown} cannot be read now: its server does not take the connection.") from error
    except httpcore2.ProtocolError as error:
        if getattr(error.__context__, "error_status_hint", 0) == 431:  # h11: more than 100 KB of them
            raise CallerError(f"{shown} is not read: its server sends headers without end.") from error
        raise TransientError(f"{shown} cannot be read now: its server broke off, or does not speak HTTP.") from error
    except httpcore2.NetworkError as error:
        raise TransientError(f"{shown} cannot be read now: its server broke off.") from error
