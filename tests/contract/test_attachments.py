"""What keeping pictures promises, on Slack and on its twin in memory; and what Slack's files may not do to us."""

import stat
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from adapters.slack.files import MOST_BYTES, SlackFiles
from adapters.slack.web import opened_client
from adapters.slack_payloads.content import files_of
from core.domain.errors import CallerError, FinalError, TransientError
from core.domain.events import Attachment
from core.domain.ids import MessageId
from core.ports.attachments import Attachments
from tests.fakes.attachments import FakeAttachments
from tests.fakes.slack.member import Member
from tests.fakes.slack.server import FakeSlack, fake_slack

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 40
ONE, TWO = MessageId("m-1"), MessageId("m-2")


@dataclass
class Files:
    """A workspace whose people post files."""

    slack: FakeSlack
    home: Path
    dana: Member
    bob: Member
    attachments: SlackFiles

    def posted(self, content: bytes = PNG, mimetype: str = "image/png", *, by: Member | None = None) -> Attachment:
        """A file as a message told of it."""
        who = by or self.dana
        channel = self.slack.channel("support", [self.slack.bot, who])
        message = who.post(channel, "look", files=(self.slack.file(who, "shot.png", content, mimetype),))
        return files_of(message.body)[0]

    @property
    def on_disk(self) -> list[str]:
        return sorted(p.relative_to(self.home).as_posix() for p in self.home.rglob("*") if p.is_file())


@pytest.fixture
async def files(tmp_path: Path) -> AsyncIterator[Files]:
    async with fake_slack() as slack, opened_client(slack.app.bot_token, slack.api_url) as client:
        slack.app.events = set()  # nobody listens
        dana, bob = slack.person("Dana Analyst"), slack.person("Bob Customer", slack.team("Acme"))
        yield Files(slack, tmp_path, dana, bob, SlackFiles(client, tmp_path))


@pytest.fixture(params=["slack", "memory"])
def any_of(request: pytest.FixtureRequest, files: Files) -> tuple[Attachments, Attachment]:
    if request.param == "memory":
        return FakeAttachments(), Attachment("F1", "shot.png", "image/png", len(PNG), "https://files.test/shot.png")
    return files.attachments, files.posted()


async def test_a_picture_is_kept_and_kept_once(any_of: tuple[Attachments, Attachment]) -> None:
    attachments, posted = any_of
    kept = await attachments.fetch(posted, ONE)
    assert kept.kept.startswith("attachments/")
    assert replace(kept, kept="") == posted
    assert await attachments.fetch(posted, ONE) == kept


async def test_what_is_discarded_goes_and_what_is_named_stays(any_of: tuple[Attachments, Attachment]) -> None:
    attachments, posted = any_of
    kept = await attachments.fetch(posted, ONE)
    await attachments.discard(ONE, [kept.kept])
    assert (await attachments.fetch(posted, ONE)).kept == kept.kept
    await attachments.discard(ONE, [])
    await attachments.discard(ONE, [])


async def test_it_lies_below_the_home_for_this_user_only(files: Files) -> None:
    kept = await files.attachments.fetch(files.posted(), ONE)
    assert files.on_disk == [kept.kept]
    assert (files.home / kept.kept).read_bytes() == PNG
    assert stat.S_IMODE((files.home / kept.kept).stat().st_mode) == 0o600


async def test_a_deleted_message_takes_its_copy_and_leaves_the_others(files: Files) -> None:
    posted = files.posted()
    await files.attachments.fetch(posted, ONE)
    other = await files.attachments.fetch(posted, TWO)
    await files.attachments.discard(ONE, [])
    assert files.on_disk == [other.kept]
    await files.attachments.discard(TWO, [])
    assert list((files.home / "attachments").iterdir()) == []


async def test_a_file_from_outside_is_asked_for_first(files: Files) -> None:
    stub = files.posted(by=files.bob)
    assert (stub.media_type, stub.url) == ("", "")
    kept = await files.attachments.fetch(stub, ONE)
    assert (kept.name, kept.media_type, kept.size_bytes) == ("shot.png", "image/png", len(PNG))
    assert (files.home / kept.kept).read_bytes() == PNG


async def test_what_is_no_picture_is_described_and_not_fetched(files: Files) -> None:
    found = await files.attachments.fetch(files.posted(b"%PDF-1.7", "application/pdf", by=files.bob), ONE)
    assert (found.media_type, found.kept) == ("application/pdf", "")
    assert files.on_disk == []


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "empty"),
        (b"<!DOCTYPE html><html>", "none of PNG"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "none of PNG"),
        (b"\x89PNG\r\n\x1a\n" + b"\x00" * MOST_BYTES, "larger than 10 MB"),
    ],
)
async def test_what_only_calls_itself_a_picture_is_refused(files: Files, content: bytes, why: str) -> None:
    posted = replace(files.posted(content), size_bytes=0)  # the cap holds for what comes, whatever was announced
    with pytest.raises(FinalError, match=why):
        await files.attachments.fetch(posted, ONE)
    assert files.on_disk == []


@pytest.mark.parametrize(
    ("content", "ending"),
    [(b"\xff\xd8\xff\xe0" + b"\x00" * 20, "jpeg"), (b"GIF89a" + b"\x00" * 20, "gif"),
     (b"RIFF\x10\x00\x00\x00WEBPVP8 " + b"\x00" * 20, "webp")],
)  # fmt: skip
async def test_each_kind_of_picture_is_known_by_its_first_bytes(files: Files, content: bytes, ending: str) -> None:
    kept = await files.attachments.fetch(files.posted(content), ONE)
    assert (kept.media_type, kept.kept.rpartition(".")[2]) == (f"image/{ending}", ending)


async def test_a_login_page_is_no_picture(files: Files) -> None:
    posted = files.posted()
    files.slack.app.scopes.remove("files:read")
    with pytest.raises(FinalError, match="files:read"):
        await files.attachments.fetch(posted, ONE)
    with pytest.raises(CallerError, match="files:read"):
        await files.attachments.fetch(replace(posted, url="", media_type=""), ONE)


@pytest.mark.parametrize(
    "url",
    ["http://files.slack.com/a.png", "https://files.slack.com.evil.test/a.png", "https://evil.test/files.slack.com/a.png",
     "https://files.slack.com@evil.test/a.png", "https://files.slack.com:8443/a.png", "file:///etc/passwd"],
)  # fmt: skip
async def test_the_token_goes_to_no_other_host(files: Files, url: str) -> None:
    with pytest.raises(FinalError, match="file host"):
        await files.attachments.fetch(Attachment("F1", "a.png", "image/png", 10, url), ONE)


async def test_a_redirect_is_not_followed_with_the_token(files: Files) -> None:
    posted = files.posted()
    files.slack.app.scopes.remove("files:read")  # Slack sends whoever may not see a file to its login page
    with pytest.raises(FinalError, match="HTTP 302"):
        await files.attachments.fetch(posted, ONE)


async def test_a_home_that_is_full_is_tried_again(files: Files, monkeypatch: pytest.MonkeyPatch) -> None:
    (files.home / "attachments").write_text("in the way", "utf-8")
    with pytest.raises(TransientError, match="cannot be kept"):
        await files.attachments.fetch(files.posted(), ONE)
