"""Pictures as they are sent: small, upright, of a kind that is taken, and telling nothing but what they show."""

import base64
import io
import random
import struct
import zlib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from structlog.testing import capture_logs

from adapters.engine.claude import pictures
from adapters.engine.claude.pictures import LONGEST_SIDE, MOST_PICTURES, ReadPicture, read_pictures
from core.domain.dialogue import Picture
from core.domain.tasks import Request
from tests.fakes.asked import identify
from tests.fakes.claude.images import measure
from tests.fakes.claude.opened import At

MOST_ENCODED = 5 * 2**20
RED, BLUE = (230, 20, 20), (20, 20, 230)


def drawn(size: tuple[int, int] = (60, 40), mode: str = "RGB") -> Image.Image:
    """Red on the left, blue on the right."""
    image = Image.new("RGB", size, RED)
    image.paste(BLUE, (size[0] // 2, 0, *size))
    return image.convert(mode)


def noise(width: int, height: int) -> Image.Image:
    return Image.frombytes("RGB", (width, height), random.Random(1).randbytes(width * height * 3))


def written(image: Image.Image, kind: str, **more: Any) -> bytes:
    made = io.BytesIO()
    image.save(made, kind, **more)
    return made.getvalue()


async def sent(home: Path, content: bytes, name: str = "p.png") -> list[ReadPicture]:
    (home / name).write_bytes(content)
    return await read_pictures([Picture("m1", name)], home)


async def seen(home: Path, content: bytes) -> tuple[Image.Image, bytes]:
    """The picture as the model gets it, and its bytes."""
    (one,) = await sent(home, content)
    raw = base64.b64decode(one.data)
    assert len(one.data) <= MOST_ENCODED
    assert measure(raw)[0] == one.media_type
    assert max(measure(raw)[1:]) <= LONGEST_SIDE
    with Image.open(io.BytesIO(raw)) as image:
        image.load()
    return image, raw


def is_near(image: Image.Image, at: tuple[int, int], colour: tuple[int, int, int]) -> bool:
    found = image.convert("RGB").getpixel(at)
    assert isinstance(found, tuple)
    return all(abs(one - other) < 40 for one, other in zip(found, colour, strict=True))


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
@pytest.mark.parametrize("mode", ["RGB", "L"])
async def test_a_small_picture_of_a_common_kind_goes_as_it_is(tmp_path: Path, kind: str, mode: str) -> None:
    content = written(drawn(mode=mode), kind)
    image, raw = await seen(tmp_path, content)
    assert (image.format, raw) == (kind, content)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
@pytest.mark.parametrize("size", [(2400, 1200), (300, 4000), (LONGEST_SIDE + 1, 20)])
async def test_a_large_picture_is_made_small_in_its_proportions(
    tmp_path: Path, kind: str, size: tuple[int, int]
) -> None:
    image, _ = await seen(tmp_path, written(drawn(size), kind))
    assert max(image.size) == LONGEST_SIDE
    assert image.width / image.height == pytest.approx(size[0] / size[1], rel=0.05)
    assert is_near(image, (2, 2), RED)
    assert is_near(image, (image.width - 3, image.height - 3), BLUE)


async def test_a_picture_of_few_pixels_and_many_bytes_is_made_light(tmp_path: Path) -> None:
    content = written(noise(1500, 1000), "PNG")
    assert len(content) > pictures.MOST_BYTES
    image, raw = await seen(tmp_path, content)
    assert (image.size, image.format, len(raw) <= pictures.MOST_BYTES) == ((1500, 1000), "JPEG", True)


async def test_the_worst_picture_is_within_the_limit(tmp_path: Path) -> None:
    await seen(tmp_path, written(noise(LONGEST_SIDE, LONGEST_SIDE), "PNG"))


async def test_of_what_moves_the_first_frame_is_sent(tmp_path: Path) -> None:
    for kind in ("GIF", "WEBP", "PNG"):
        content = written(drawn(), kind, save_all=True, append_images=[Image.new("RGB", (60, 40), BLUE)], duration=90)
        image, raw = await seen(tmp_path, content)
        assert is_near(image, (2, 2), RED), kind
        assert raw != content, kind
        assert not getattr(image, "is_animated", False), kind


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P", "1", "CMYK"])
async def test_every_mode_can_be_seen(tmp_path: Path, mode: str) -> None:
    kind = "JPEG" if mode == "CMYK" else "PNG"
    for size in ((60, 40), (3000, 2000)):
        image, _ = await seen(tmp_path, written(drawn(size, mode), kind))
        assert image.mode != "CMYK"
        grey = image.convert("L")
        assert grey.getpixel((2, 2)) != grey.getpixel((image.width - 3, 2))


async def test_what_is_transparent_becomes_white(tmp_path: Path) -> None:
    image, _ = await seen(tmp_path, written(Image.new("RGBA", (2000, 100), (0, 0, 0, 0)), "PNG"))
    assert is_near(image, (5, 5), (255, 255, 255))


def taken_at_home() -> Image.Exif:
    """As a telephone writes it: turned by a quarter, with its owner and the place."""
    exif = Image.Exif()
    exif[0x0112], exif[0x013B] = 6, "Kim Secret"
    exif.get_ifd(0x8825)[29] = "2026:11:02 Secret"
    return exif


@pytest.mark.parametrize("kind", ["JPEG", "WEBP", "PNG"])
@pytest.mark.parametrize("size", [(60, 40), (2400, 1600)])
async def test_a_photograph_is_upright_and_does_not_tell_where_it_was_taken(
    tmp_path: Path, kind: str, size: tuple[int, int]
) -> None:
    content = written(drawn(size), kind, exif=taken_at_home())
    assert b"Secret" in content
    image, raw = await seen(tmp_path, content)
    assert image.height > image.width
    assert is_near(image, (image.width // 2, 2), RED)
    assert b"Secret" not in raw
    assert not image.getexif()


async def test_what_stands_beside_the_pixels_is_not_sent(tmp_path: Path) -> None:
    told = PngInfo()
    told.add_text("Author", "Kim Secret")
    told.add_itxt("XML:com.adobe.xmp", "<x>Secret</x>")
    made = [
        written(drawn(), "PNG", pnginfo=told),
        written(drawn(), "JPEG", comment=b"Kim Secret"),
        written(drawn(), "JPEG", xmp=b"<x>Secret</x>"),
        written(drawn(), "WEBP", xmp=b"<x>Secret</x>"),
    ]
    for content in made:
        image, raw = await seen(tmp_path, content)
        assert b"Secret" in content
        assert b"Secret" not in raw
        assert image.size == (60, 40)


def bomb(width: int, height: int) -> bytes:
    """A PNG of few bytes that claims to be so large."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    rows = zlib.compress(bytes(1_000_000), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


BROKEN = {
    "empty": b"",
    "text": b"this is no picture",
    "SVG": b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    "PDF": b"%PDF-1.7\n",
    "BMP": written(drawn(), "BMP"),
    "TIFF": written(drawn(), "TIFF"),
    "truncated PNG": written(noise(50, 50), "PNG")[:3000],
    "truncated JPEG": written(noise(50, 50), "JPEG")[:1500],
    "truncated WEBP": written(noise(50, 50), "WEBP")[:900],
    "truncated GIF": written(noise(50, 50), "GIF")[:900],
    "header alone": b"\x89PNG\r\n\x1a\n",
    "51 megapixels": bomb(10_200, 5_000),
    "100 megapixels": bomb(10_000, 10_000),
    "a gigapixel": bomb(50_000, 50_000),
    "no pixels": bomb(0, 0),
}


@pytest.mark.parametrize("content", BROKEN.values(), ids=BROKEN)
async def test_what_cannot_be_seen_is_left_out_and_logged_by_its_place_alone(tmp_path: Path, content: bytes) -> None:
    with capture_logs() as logs:
        assert await sent(tmp_path, content) == []
    (line,) = logs
    assert (line["event"], line["kept"]) == ("picture_not_sent", "p.png")
    assert set(line) == {"event", "kept", "reason", "log_level"}


async def test_a_picture_is_made_small_once_and_anew_when_its_file_is_another(tmp_path: Path) -> None:
    first = await sent(tmp_path, written(drawn((2000, 1000)), "PNG"))
    made = pictures._ready.cache_info().misses
    assert await read_pictures([Picture("m1", "p.png")] * 3, tmp_path) == first * 3
    assert pictures._ready.cache_info().misses == made
    assert await sent(tmp_path, written(drawn((1000, 2000)), "PNG")) != first
    (tmp_path / "p.png").unlink()
    assert await read_pictures([Picture("m1", "p.png")], tmp_path) == []


@pytest.mark.parametrize("kept", ["gone.png", ".", "a\x00b.png", "x" * 5_000, "p.png/inside"])
async def test_a_file_that_is_not_there_is_left_out(tmp_path: Path, kept: str) -> None:
    (tmp_path / "p.png").write_bytes(written(drawn(), "PNG"))
    with capture_logs() as logs:
        assert await read_pictures([Picture("m1", kept)], tmp_path) == []
    assert [line["event"] for line in logs] == ["picture_not_sent"]


@pytest.mark.parametrize("way", ["../outside.png", "inside/../../outside.png", "{absolute}", "link.png"])
async def test_nothing_outside_of_the_home_is_sent(tmp_path: Path, way: str) -> None:
    home = tmp_path / "home"
    (home / "inside").mkdir(parents=True)
    outside = tmp_path / "outside.png"
    outside.write_bytes(written(drawn(), "PNG"))
    (home / "link.png").symlink_to(outside)
    with capture_logs() as logs:
        assert await read_pictures([Picture("m1", way.format(absolute=outside))], home) == []
    assert str(tmp_path) not in str(logs)
    assert logs[0]["reason"] == "it is not below the home"


async def test_the_latest_pictures_are_sent_under_their_labels_in_order(tmp_path: Path) -> None:
    (tmp_path / "p.png").write_bytes(written(drawn(), "PNG"))
    found = await read_pictures([Picture(f"m{n}", "p.png") for n in range(9)], tmp_path)
    assert [one.of for one in found] == [f"m{n}" for n in range(9 - MOST_PICTURES, 9)]


async def test_a_broken_picture_takes_no_other_along_and_the_provider_takes_the_rest(at: At) -> None:
    kinds = {"a.png": "PNG", "b.jpg": "JPEG", "c.gif": "GIF", "d.webp": "WEBP"}
    for name, kind in kinds.items():
        (at.home / name).write_bytes(written(drawn((2000, 1000)), kind))
    (at.home / "broken.png").write_bytes(b"no")
    request = identify("see this")
    kept = tuple(Picture("m2", name) for name in [*kinds, "broken.png"])
    await at.engine.perform(Request(request.task, request.inputs, request.prompt, kept))
    content = at.claude.requests[0].body["messages"][0]["content"]
    assert [one["type"] for one in content].count("image") == len(kinds)
    assert at.claude.violations == []


WHOLE = [
    written(noise(40, 30), kind, **({} if kind == "GIF" else {"exif": taken_at_home()})) for kind in pictures._TAKEN
]


@given(st.sampled_from(WHOLE), st.dictionaries(st.integers(0, 400), st.integers(0, 255)), st.integers(10, 9_000))
def test_no_bytes_whatever_are_an_error(whole: bytes, spoilt: dict[int, int], length: int) -> None:
    content = bytearray(whole[:length])
    for at, byte in spoilt.items():
        content[min(at, len(content) - 1)] = byte
    try:
        media_type, made = pictures._small(bytes(content))
    except pictures._UNREADABLE:
        return
    assert measure(made)[0] == media_type
