"""What may stand in a block of content."""

import base64
import binascii

from tests.fakes.claude.images import measure
from tests.fakes.claude.prompt import Part
from tests.fakes.claude.refusals import Json, Refused, check_choice, check_fields

MOST_ENCODED = 5 * 2**20
MOST_PIXELS, MOST_PIXELS_OF_MANY, MANY_IMAGES, MOST_IMAGES = 8000, 2000, 20, 100
_MEDIA = ("image/jpeg", "image/png", "image/gif", "image/webp")
_KINDS = {
    "system": ("text",),
    "user": ("text", "image", "search_result"),
    "assistant": ("text", "thinking", "redacted_thinking"),
}


def check_parts(parts: list[Part]) -> None:
    """Refuse the first block that is not as it should be, then what is wrong between blocks."""
    images = sum(part.block.get("type") == "image" for part in parts)
    if images > MOST_IMAGES:
        raise Refused(f"Too much media: 0 document pages + {images} images > {MOST_IMAGES}")
    for part in parts:
        _check_part(part, MOST_PIXELS_OF_MANY if images > MANY_IMAGES else MOST_PIXELS)
    results = [part.block for part in parts if part.block["type"] == "search_result"]
    if len({bool((result.get("citations") or {}).get("enabled")) for result in results}) > 1:
        raise Refused("all search_results in a request must have the same citations setting")


def check_cache_control(given: Json | None, at: str) -> None:
    """Refuse a breakpoint that is not ephemeral."""
    if given is not None:
        check_fields(given, at, {"type": str}, {"ttl": str})
        check_choice(given["type"], f"{at}.type", ["ephemeral"])
        check_choice(given.get("ttl", "5m"), f"{at}.ttl", ["5m", "1h"])


def _check_part(part: Part, most_pixels: int) -> None:
    kind, block = part.block.get("type"), part.block
    if kind not in _KINDS[part.role]:
        tags = ", ".join(map(repr, _KINDS[part.role]))
        raise Refused(
            f"{part.at}: Input tag {kind!r} found using 'type' does not match any of the expected tags: {tags}"
        )
    at = f"{part.at}.{kind}"
    match kind:
        case "text":
            _check_text(block, at, part.role)
        case "image":
            _check_image(block, at, most_pixels)
        case "search_result":
            _check_search_result(block, at)
        case "thinking":
            check_fields(block, at, {"type": str, "thinking": str, "signature": str}, {})
        case "redacted_thinking":
            check_fields(block, at, {"type": str, "data": str}, {})
    check_cache_control(block.get("cache_control"), f"{at}.cache_control")


def _check_text(block: Json, at: str, role: str) -> None:
    check_fields(block, at, {"type": str, "text": str}, {"cache_control": dict, "citations": list})
    if not block["text"]:
        if block.get("cache_control"):
            raise Refused(f"{at}: cache_control cannot be set for empty text blocks")
        raise Refused(f"{at.partition('.')[0]}: text content blocks must be non-empty")
    if not block["text"].strip():
        raise Refused(f"{at.partition('.')[0]}: text content blocks must contain non-whitespace text")
    if role != "assistant" and block.get("citations"):
        raise Refused(f"{at}.citations: citations are only permitted in assistant messages")


def _check_search_result(block: Json, at: str) -> None:
    needed = {"type": str, "source": str, "title": str, "content": list}
    check_fields(block, at, needed, {"citations": dict, "cache_control": dict})
    if block.get("citations"):
        check_fields(block["citations"], f"{at}.citations", {}, {"enabled": bool})
    if not block["content"]:
        raise Refused(f"{at}.content: List should have at least 1 item after validation, not 0")
    for number, text in enumerate(block["content"]):
        inside = f"{at}.content.{number}"
        check_fields(text, inside, {"type": str}, {"text": str, "cache_control": dict, "citations": list})
        check_choice(text["type"], f"{inside}.type", ["text"])
        _check_text(text, inside, "user")


def _check_image(block: Json, at: str, most_pixels: int) -> None:
    check_fields(block, at, {"type": str, "source": dict}, {"cache_control": dict})
    source, at = block["source"], f"{at}.source"
    check_choice(source.get("type"), f"{at}.type", ["base64"])
    check_fields(source, f"{at}.base64", {"type": str, "media_type": str, "data": str}, {})
    check_choice(source["media_type"], f"{at}.base64.media_type", _MEDIA)
    # The limit is on the text as it is sent, a third longer than the image.
    if (size := len(source["data"])) > MOST_ENCODED:
        raise Refused(f"{at}.base64: image exceeds 5 MB maximum: {size} bytes > {MOST_ENCODED} bytes")
    try:
        found, width, height = measure(base64.b64decode(source["data"], validate=True))
    except binascii.Error as error:
        raise Refused(f"{at}.base64.data: Invalid base64 data") from error
    except ValueError as error:
        raise Refused("Could not process image") from error
    if found != source["media_type"]:
        told = f"The image was specified using the {source['media_type']} media type"
        raise Refused(f"{at}.base64.data: {told}, but the image appears to be a {found} image")
    if max(width, height) > most_pixels or not min(width, height):
        many = " for many-image requests" if most_pixels < MOST_PIXELS else ""
        too_big = f"At least one of the image dimensions exceed max allowed size{many}: {most_pixels} pixels"
        raise Refused(f"{at}.base64.data: {too_big}")
