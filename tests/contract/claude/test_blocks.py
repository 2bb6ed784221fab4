"""Texts, images and search results: the blocks that a request may hold."""

import struct

import pytest

from tests.contract.claude.blocks import CACHED, gif, image, jpeg, png, result, text, webp
from tests.contract.claude.conftest import HELLO, Line
from tests.fakes.claude.refusals import Json

CITED: Json = {"citations": {"enabled": True}}
THOUGHT: Json = {"type": "thinking", "thinking": "", "signature": "s"}


async def test_the_blocks_of_a_turn_may_be_of_each_kind(line: Line) -> None:
    assert (await line.ask(image(png()), result("One. ", "Two."), text())).content
    before = [HELLO, {"role": "assistant", "content": [THOUGHT, text("Hi.", citations=[])]}, HELLO]
    assert (await line.ask(messages=before)).content
    assert line.claude.violations == []


@pytest.mark.parametrize(
    ("block", "sentence"),
    [
        (text(""), "messages: text content blocks must be non-empty"),
        (text("\n"), "messages: text content blocks must contain non-whitespace text"),
        (text("a", colour="red"), "messages.0.content.0.text.colour: Extra inputs are not permitted"),
        (text("a", citations=[{"type": "search_result_location"}]), "messages.0.content.0.text.citations"),
        ({"type": "text"}, "messages.0.content.0.text.text: Field required"),
        ({"type": "video"}, "messages.0.content.0: Input tag 'video' found using 'type' does not match any"),
        (THOUGHT, "messages.0.content.0: Input tag 'thinking' found"),
        ({"type": "image", "source": {"type": "url", "url": "a"}}, "messages.0.content.0.image.source.type"),
        (image(gif(), "image/bmp"), "messages.0.content.0.image.source.base64.media_type: Input should be"),
        (image(jpeg(), "image/png"), "messages.0.content.0.image.source.base64.data: The image was specified using"),
        (image(b"plain"), "Could not process image"),
        (image(png()[:20]), "Could not process image"),
        (image(jpeg()[:6], "image/jpeg"), "Could not process image"),
        (image(png(8001, 8)), "messages.0.content.0.image.source.base64.data: At least one of the image dimensions"),
        (image(png(size=5 * 2**20 * 3 // 4 + 3)), "messages.0.content.0.image.source.base64: image exceeds 5 MB"),
        (result(), "messages.0.content.0.search_result.content: List should have at least 1 item"),
        (result(""), "messages: text content blocks must be non-empty"),
        (result("a", url="b"), "messages.0.content.0.search_result.url: Extra inputs are not permitted"),
        (result("a", citations={"enabled": 1}), "messages.0.content.0.search_result.citations.enabled: Input"),
        ({"type": "search_result", "content": []}, "messages.0.content.0.search_result.source: Field required"),
        ({**result(), "content": [image(png())]}, "messages.0.content.0.search_result.content.0"),
    ],
)
async def test_each_wrong_block_is_refused(line: Line, block: Json, sentence: str) -> None:
    assert (await line.refusal(block)).startswith(sentence)
    assert len(line.claude.violations) == 1


async def test_what_is_no_base64_is_refused(line: Line) -> None:
    bad = image(png())
    bad["source"]["data"] = bad["source"]["data"] + "!"
    assert (await line.refusal(bad)).endswith("Invalid base64 data")


@pytest.mark.parametrize(
    ("data", "media_type"),
    [
        (png(8000, 8000), "image/png"),
        (png(size=5 * 2**20 * 3 // 4), "image/png"),
        (gif(), "image/gif"),
        (jpeg(), "image/jpeg"),
        (webp(b"VP8X", b"\0\0\0\0" + b"\x07\0\0" * 2), "image/webp"),
        (webp(b"VP8L", b"\x2f" + struct.pack("<I", 7 | 7 << 14)), "image/webp"),
        (webp(b"VP8 ", b"\0\0\0\x9d\x01\x2a" + struct.pack("<HH", 8, 8)), "image/webp"),
    ],
)
async def test_each_kind_of_image_is_taken(line: Line, data: bytes, media_type: str) -> None:
    assert (await line.ask(image(data, media_type))).content


async def test_many_images_must_be_smaller_and_not_too_many(line: Line) -> None:
    assert (await line.ask(*[image(png(2001))] * 20)).content
    assert (await line.ask(*[image(png(2000))] * 21)).content
    assert "many-image requests: 2000 pixels" in await line.refusal(*[image(png(2001))] * 21)
    assert await line.refusal(*[image(png())] * 101) == "Too much media: 0 document pages + 101 images > 100"


async def test_an_assistant_shows_no_images(line: Line) -> None:
    before = [HELLO, {"role": "assistant", "content": [image(png())]}, HELLO]
    assert "messages.1.content.0: Input tag 'image'" in await line.refusal(messages=before)


async def test_all_search_results_may_be_cited_or_none(line: Line) -> None:
    assert (await line.ask(result("a", **CITED), result("b", cache_control=CACHED, **CITED), text())).content
    assert (await line.ask(result("a"), result("b", citations={"enabled": False}), text())).content
    told = await line.refusal(result("a", **CITED), result("b"), text())
    assert told == "all search_results in a request must have the same citations setting"
