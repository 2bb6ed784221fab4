"""The bytes of an answer, capped both as they come and as they unpack."""

import re
import zlib
from collections.abc import AsyncIterator

from core.domain.errors import CallerError, TransientError

_PACKED = {"gzip", "x-gzip", "deflate"}
_EITHER = 32 + zlib.MAX_WBITS
"""zlib and gzip alike, told apart by their first bytes."""


class TooBigError(CallerError):
    """A document beyond the cap."""


async def whole_body(chunks: AsyncIterator[bytes], encoding: str, most_bytes: int, shown: str) -> bytes:
    """Collect a body and unpack it on the way. Nothing beyond ``most_bytes`` is kept or unpacked, so that a small file which
    unpacks to a huge one costs no more. Raises ``TooBigError``, ``CallerError`` for a packing that is not read (several at
    once, brotli, ...), ``TransientError`` when it broke off."""
    names = [name for name in re.split(r"[\s,]+", encoding.lower()) if name and name != "identity"]
    if names and (len(names) > 1 or names[0] not in _PACKED):
        raise CallerError(f"{shown} is not read: it is packed in a way that was not asked for.")
    body, packed = bytearray(), zlib.decompressobj(_EITHER) if names else None
    async for chunk in chunks:
        body += chunk if packed is None else _unpacked(packed, chunk, most_bytes + 1 - len(body), shown)
        if len(body) > most_bytes:
            raise too_big(shown, most_bytes)
    if packed is not None and not packed.eof:
        raise TransientError(f"{shown} cannot be read now: it broke off.")
    return bytes(body)


def too_big(shown: str, most_bytes: int) -> TooBigError:
    """The refusal of what is beyond the cap."""
    return TooBigError(f"{shown} is not read: it is larger than {most_bytes / 1e6:g} MB.")


def _unpacked(packed: "zlib._Decompress", chunk: bytes, room: int, shown: str) -> bytes:
    try:
        got = packed.decompress(chunk, max(room, 1)) if not packed.eof else b""
    except zlib.error as error:
        raise CallerError(f"{shown} is not read: it does not unpack.") from error
    if packed.unused_data.strip(b"\0"):
        raise CallerError(f"{shown} is not read: it is packed in several parts.")
    return got
