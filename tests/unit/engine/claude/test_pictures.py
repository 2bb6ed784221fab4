"""Pictures as they are sent: small, upright, of a kind that is taken, and telling nothing but what they show."""

import base64
import io
import random
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

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


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
@pytest.mark.parametrize("mode", ["RGB", "L"])
async def test_a_small_picture_of_a_common_kind_goes_as_it_is(tmp_path: Path, kind: str, mode: str) -> None:
    content = written(drawn(mode=mode), kind)
    image, raw = await seen(tmp_path, content)
    assert (image.format, raw) == (kind, content)


async def test_a_jpeg_is_made_anew_so_that_every_reader_can_read_it(tmp_path: Path) -> None:
    whole = written(drawn(), "JPEG", exif=taken_at_home())
    for broken in (whole, whole[:5] + bytes([17]) + whole[6:]):  # a length that only lenient readers get over
        image, raw = await seen(tmp_path, broken)
        assert (image.format, measure(raw)) == ("JPEG", ("image/jpeg", *image.size))


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


async def test_a_picture_is_made_small_once_and_anew_when_its_file_is_another(tmp_path: Path) -> None:
    first = await sent(tmp_path, written(drawn((2000, 1000)), "PNG"))
    made = pictures._ready.cache_info().misses
    assert await read_pictures([Picture("m1", "p.png")] * 3, tmp_path) == first * 3
    assert pictures._ready.cache_info().misses == made
    assert await sent(tmp_path, written(drawn((1000, 2000)), "PNG")) != first
    (tmp_path / "p.png").unlink()
    assert await read_pictures([Picture("m1", "p.png")], tmp_path) == []


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
