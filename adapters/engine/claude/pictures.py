"""Pictures of the dialogue as a model takes them: checked, made small, capped."""

import asyncio
import base64
import io
import struct
import threading
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import structlog
from PIL import Image, ImageOps

from core.domain.dialogue import Picture

log = structlog.get_logger(__name__)

MOST_PICTURES = 6
"""The latest ones: a dialogue with more is a log, and each costs up to about 1,600 tokens."""
LONGEST_SIDE = 1_568
"""Pixels; larger pictures are made this small by the provider anyway, after they were uploaded and waited for."""
MOST_PIXELS = 50_000_000
MOST_BYTES = 3_500_000
"""Of one picture as sent, before base64 makes a third more of it: the provider takes 5 MB."""
_QUALITY = 85
_CHECKED = frozenset({"PNG", "WEBP"})
"""What is sent as it came. A JPEG is always made anew: Pillow reads ones that other readers do not."""
_KINDS = {"PNG": "image/png", "JPEG": "image/jpeg", "WEBP": "image/webp"}
_TAKEN = (*_KINDS, "GIF")
_MODES = {"1", "L", "LA", "P", "RGB", "RGBA"}
_TELLS_PIXELS_ONLY = {
    *("adobe", "adobe_transform", "background", "chromaticity", "dpi", "duration", "gamma", "icc_profile", "interlace"),
    *("jfif", "jfif_density", "jfif_unit", "jfif_version", "loop", "progression", "progressive", "srgb", "timestamp"),
    "transparency",
}
"""What a file may say beside its pixels and still go as it is. Anything else may be where and by whom it was taken."""
_UNREADABLE = (
    *(OSError, ValueError, SyntaxError, EOFError, LookupError, ArithmeticError, TypeError, MemoryError, struct.error),
    *(zlib.error, Image.DecompressionBombError, Warning),
)
"""What Pillow raises for broken files; the last one where warnings are errors."""
_READY = 2 * MOST_PICTURES
"""How many are remembered: several tasks of one turn look at the same ones, and a large one takes a tenth of a second."""
_UNPACKING = threading.Lock()
"""One at a time: unpacked, the largest takes some 200 MB."""


@dataclass(frozen=True, slots=True)
class ReadPicture:
    """A picture ready to be sent: the label of its line, its media type and its bytes in base64."""

    of: str
    media_type: str
    data: str


async def read_pictures(pictures: Sequence[Picture], home: Path) -> list[ReadPicture]:
    """Read the latest pictures below the home. One that cannot be read, or is none, is left out and logged by its hash."""
    found = [await asyncio.to_thread(_read, one, home) for one in pictures[-MOST_PICTURES:]]
    return [one for one in found if one is not None]


def _read(picture: Picture, home: Path) -> ReadPicture | None:
    try:
        path = (home / picture.kept).resolve()
        if not path.is_relative_to(home.resolve()):
            log.warning("picture_not_sent", reason="it is not below the home")
            return None
        now = path.stat()
        with _UNPACKING:
            media_type, data = _ready(path, now.st_mtime_ns, now.st_size)
    except _UNREADABLE as error:
        log.warning("picture_not_sent", kept=picture.kept, reason=type(error).__name__)
        return None
    return ReadPicture(picture.of, media_type, data)


@lru_cache(maxsize=_READY)
def _ready(path: Path, mtime_ns: int, size: int) -> tuple[str, str]:  # noqa: ARG001  # a file that is another one is read anew
    media_type, content = _small(path.read_bytes())
    return media_type, base64.b64encode(content).decode("ascii")


def _small(content: bytes) -> tuple[str, bytes]:
    """Its media type and bytes: as it is where it is small, of a common kind and tells nothing but its pixels, else made anew.
    Raises ``ValueError`` for one of too many pixels, before they are unpacked."""
    with Image.open(io.BytesIO(content), formats=_TAKEN) as image:
        if image.width * image.height > MOST_PIXELS:
            raise ValueError("too many pixels")
        kind = image.format or ""
        if max(image.size) <= LONGEST_SIDE and len(content) <= MOST_BYTES and kind in _CHECKED:
            image.load()  # a file that ends too early is found here, and what stands behind the pixels
            if image.mode in _MODES and _TELLS_PIXELS_ONLY.issuperset(image.info) and not _moves(image):
                return _KINDS[kind], content
        flat = _flat(image)
    lossless = _written(flat, "PNG") if kind == "PNG" and max(flat.size) < LONGEST_SIDE else b""
    if 0 < len(lossless) <= MOST_BYTES:
        return _KINDS["PNG"], lossless
    return _KINDS["JPEG"], _written(flat, "JPEG")


def _moves(image: Image.Image) -> bool:
    return bool(getattr(image, "is_animated", False))


def _flat(image: Image.Image) -> Image.Image:
    """The pixels of the first frame, upright, on white and no larger than is looked at."""
    shown = image.convert("RGBA") if image.mode in {"1", "P"} else image  # these two cannot be made small smoothly
    shown.thumbnail(
        (LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.HAMMING, reducing_gap=1.1
    )  # twice as fast, and legible
    upright = ImageOps.exif_transpose(shown)
    if not upright.has_transparency_data:
        return upright.convert("RGB")
    upright = upright.convert("RGBA")
    flat = Image.new("RGB", upright.size, "white")
    flat.paste(upright, mask=upright)
    return flat


def _written(image: Image.Image, kind: str) -> bytes:
    made = io.BytesIO()
    image.info.clear()  # what it tells beside its pixels would be written too
    image.save(made, kind, quality=_QUALITY)
    return made.getvalue()
