"""Blocks of content to send."""

import base64
import struct

from tests.fakes.claude.refusals import Json

CACHED: Json = {"type": "ephemeral"}


def text(said: str = "Why?", **more: object) -> Json:
    return {"type": "text", "text": said, **more}


def result(*texts: str, source: str = "kb://1", title: str = "Encoding", **more: object) -> Json:
    content = [text(each) for each in texts]
    return {"type": "search_result", "source": source, "title": title, "content": content, **more}


def image(data: bytes, media_type: str = "image/png") -> Json:
    encoded = base64.b64encode(data).decode()
    return {"type": "image", "source": {"type": "base64", "media_type": media_type, "data": encoded}}


def png(width: int = 8, height: int = 8, size: int = 0) -> bytes:
    """As much of a PNG as says its size in pixels, then zeros up to ``size`` bytes."""
    head = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + b"IHDR" + struct.pack(">II", width, height)
    return head.ljust(size, b"\0")


def gif(width: int = 8, height: int = 8) -> bytes:
    return b"GIF89a" + struct.pack("<HH", width, height)


def jpeg(width: int = 8, height: int = 8) -> bytes:
    """A JPEG with a table before its frame."""
    table = b"\xff\xdb\x00\x04\x00\x00"
    return b"\xff\xd8" + table + b"\xff\xc0\x00\x11\x08" + struct.pack(">HH", height, width)


def webp(kind: bytes, rest: bytes) -> bytes:
    return b"RIFF\0\0\0\0WEBP" + kind + b"\0\0\0\0" + rest


def shape(**properties: Json) -> Json:
    """The schema of an object that must have all these properties."""
    return {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}


def wanting(schema: Json, **more: object) -> Json:
    """An ``output_config`` that asks for JSON."""
    return {"format": {"type": "json_schema", "schema": schema}, **more}
