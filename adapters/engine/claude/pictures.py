"""Pictures of the dialogue as a model takes them: checked, made small, capped."""

import asyncio
import base64
import io
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import structlog
from PIL import Image, UnidentifiedImageError

from core.domain.tasks import Picture

log = structlog.get_logger(__name__)

MOST_PICTURES = 6
"""The latest ones: a dialogue with more is a log, and each costs up to about 1,600 tokens."""
LONGEST_SIDE = 1_568
"""Pixels; larger pictures are made this small by the provider anyway, after they were uploaded and waited for."""
MOST_PIXELS = 50_000_000
MOST_BYTES = 3_500_000
"""Of one picture as sent, before base64 makes a third more of it: the provider takes 5 MB."""
_QUALITY = 85
_AS_IT_IS = {"PNG": "image/png", "JPEG": "image/jpeg", "WEBP": "image/webp"}
_TAKEN = (*_AS_IT_IS, "GIF")


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
    path = (home / picture.kept).resolve()
    if not path.is_relative_to(home.resolve()):
        log.warning("picture_not_sent", reason="it is not below the home")
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            media_type, content = _small(path.read_bytes())
    except (OSError, UnidentifiedImageError, ValueError, SyntaxError, Image.DecompressionBombError, Warning) as error:
        log.warning("picture_not_sent", kept=picture.kept, reason=type(error).__name__)
        return None
    return ReadPicture(picture.of, media_type, base64.b64encode(content).decode("ascii"))


def _small(content: bytes) -> tuple[str, bytes]:
    """Its media type and bytes: as it is where it is small and of a common kind, else made anew. Raises ``ValueError`` for one
    of too many pixels, before they are unpacked."""
    with Image.open(io.BytesIO(content), formats=_TAKEN) as image:
        if image.width * image.height > MOST_PIXELS:
            raise ValueError("too many pixels")
        image.load()
        if max(image.size) <= LONGEST_SIDE and len(content) <= MOST_BYTES and image.format in _AS_IT_IS:
            return _AS_IT_IS[image.format], content
        image.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
        flat = Image.new("RGB", image.size, "white")
        flat.paste(image.convert("RGBA"), mask=image.convert("RGBA"))
        made = io.BytesIO()
        flat.save(made, "JPEG", quality=_QUALITY)
        return "image/jpeg", made.getvalue()
