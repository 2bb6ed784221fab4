"""Pictures that people post in Slack: fetched with the token from Slack's file host only, checked, kept below the home."""

import asyncio
import hashlib
import os
from collections.abc import Collection
from pathlib import Path
from urllib.parse import urlsplit

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.errors import BUSY, UNREACHABLE, calling
from adapters.slack_payloads.fields import number_in, object_in, text_in
from core.domain.errors import FinalError, TransientError
from core.domain.events import Attachment
from core.domain.ids import MessageId

MOST_BYTES = 10_000_000
TIMEOUT_S = 60
CHUNK = 65_536
FILE_HOST = "files.slack.com"
SLACK_HOSTS = frozenset({"slack.com", "slack-gov.com"})
FOLDER = "attachments"
SIGNS = (
    (b"\x89PNG\r\n\x1a\n", 0, "png", "image/png"),
    (b"\xff\xd8\xff", 0, "jpeg", "image/jpeg"),
    (b"GIF87a", 0, "gif", "image/gif"),
    (b"GIF89a", 0, "gif", "image/gif"),
    (b"WEBP", 8, "webp", "image/webp"),
)
"""What a picture begins with, at which byte, its ending and its media type."""


class SlackFiles:
    """The ``Attachments`` of one workspace. A file is kept by the hash of its content and the message that it belongs to:
    ``attachments/HASH/MESSAGE.png``, readable by this user only."""

    def __init__(self, client: AsyncWebClient, home: Path) -> None:
        self._client, self._home = client, home

    async def fetch(self, attachment: Attachment, message: MessageId) -> Attachment:
        """As the port says. What was shared from outside comes without type and address: Slack is asked for them first."""
        known = attachment if attachment.url and attachment.media_type else await self._described(attachment)
        if not known.is_image:
            return known
        if known.size_bytes > MOST_BYTES:
            raise FinalError("The picture is larger than 10 MB.")
        content = await self._content(self._allowed(known.url))
        ending, media_type = _kind(content)
        kept = f"{FOLDER}/{hashlib.sha256(content).hexdigest()}/{message}.{ending}"
        await asyncio.to_thread(_write, self._home / kept, content)
        return Attachment(known.id, known.name, media_type, len(content), known.url, kept)

    async def discard(self, message: MessageId, but: Collection[str]) -> None:
        """As the port says."""
        await discard(self._home, message, but)

    async def _described(self, attachment: Attachment) -> Attachment:
        found = object_in(await calling(lambda: self._client.files_info(file=attachment.id)), "file")
        return Attachment(
            attachment.id,
            text_in(found, "name", "title") or attachment.name,
            text_in(found, "mimetype") or "application/octet-stream",
            number_in(found, "size"),
            text_in(found, "url_private"),
        )

    def _allowed(self, url: str) -> str:
        """The address, if it is one that may see the token: Slack's file host or, where the API is another one, that."""
        api, there = urlsplit(self._client.base_url), urlsplit(url)
        slack = there.scheme == "https" and there.netloc == FILE_HOST
        configured = not _is_slack(api.hostname) and (there.scheme, there.netloc) == (api.scheme, api.netloc)
        govslack = there.scheme == "https" and api.hostname == "slack-gov.com" and there.netloc == "files.slack-gov.com"
        if not (slack or configured or govslack):
            raise FinalError("The file is not on Slack's file host, so it is not fetched.")
        return url

    async def _content(self, url: str) -> bytes:
        headers = {"Authorization": f"Bearer {self._client.token}"}
        timeout = aiohttp.ClientTimeout(total=TIMEOUT_S)
        session = self._client.session
        assert session is not None, "the client was opened with a session"
        try:
            async with session.get(url, headers=headers, allow_redirects=False, timeout=timeout) as answer:
                _check(answer)
                return await _at_most(answer.content)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise TransientError(UNREACHABLE) from error


async def discard(home: Path, message: MessageId, but: Collection[str]) -> None:
    """As the port says, for whoever has no connection to Slack."""
    await asyncio.to_thread(_remove, home, message, frozenset(but))


def _is_slack(host: str | None) -> bool:
    return host is not None and any(host == one or host.endswith(f".{one}") for one in SLACK_HOSTS)


def _check(answer: aiohttp.ClientResponse) -> None:
    """Slack answers whoever may not see a file with its login page, by a redirect and then with status 200."""
    if answer.status == 429:
        wait = answer.headers.get("Retry-After", "")
        raise TransientError(BUSY, float(wait) if wait.isdecimal() else None)
    if answer.status >= 500:
        raise TransientError(UNREACHABLE)
    if answer.status != 200:
        raise FinalError(f"Slack does not give the file (HTTP {answer.status}): it is gone, or files:read is missing.")
    if not answer.content_type.startswith("image/"):
        raise FinalError("What Slack gives is no picture.")


async def _at_most(stream: aiohttp.StreamReader) -> bytes:
    content = bytearray()
    async for chunk in stream.iter_chunked(CHUNK):
        content += chunk
        if len(content) > MOST_BYTES:
            raise FinalError("The picture is larger than 10 MB.")
    return bytes(content)


def _kind(content: bytes) -> tuple[str, str]:
    for sign, at, ending, media_type in SIGNS:
        if content[at : at + len(sign)] == sign and (ending != "webp" or content.startswith(b"RIFF")):
            return ending, media_type
    raise FinalError("The file is empty." if not content else "The file is none of PNG, JPEG, GIF and WebP.")


def _write(path: Path, content: bytes) -> None:
    """Whole or not at all."""
    partial = path.with_suffix(".partial")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(content)
        partial.replace(path)
    except OSError as error:
        raise TransientError("The picture cannot be kept: the disk is full, or the home cannot be written.") from error


def _remove(home: Path, message: MessageId, but: frozenset[str]) -> None:
    for path in sorted((home / FOLDER).glob(f"*/{message}.*")):
        if path.relative_to(home).as_posix() in but:
            continue
        path.unlink(missing_ok=True)
        if not any(path.parent.iterdir()):
            path.parent.rmdir()
