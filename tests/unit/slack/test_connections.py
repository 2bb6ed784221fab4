"""The long connections: what ends them, what does not, when it is looked what passed us by, and the way out."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress

import pytest
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse

from adapters.slack.connection import Connection, Connections, Patience
from adapters.slack.errors import calling
from adapters.slack.web import proxy_for
from core.domain.errors import TransientError
from tests.unit.slack.conftest import There


async def _acknowledge(client: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
    await client.send_socket_mode_response(SocketModeResponse(request.envelope_id))


@asynccontextmanager
async def _open(
    there: There, patience: Patience, lost: Callable[[], None] = lambda: None, count: int = 2
) -> AsyncIterator[Connections]:
    async def on_lost() -> None:
        lost()
        there.slack.world.bell.ring()

    connections = Connections(there.slack.app.app_token, there.workspace.client, _acknowledge, on_lost, patience)
    task = asyncio.create_task(connections.run(count))
    try:
        await there.slack.connected(count)
        yield connections
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


def _opened(there: There, at_least: int) -> Callable[[], bool]:
    return lambda: len(there.slack.connections.all) >= at_least


async def test_an_answer_that_is_no_json_is_tried_again(there: There) -> None:
    there.slack.faults.garbled(1, method="auth.test")
    with pytest.raises(TransientError):
        await calling(there.workspace.client.auth_test)


async def test_an_unforeseen_error_ends_neither_the_other_connection_nor_its_own_place(
    there: There, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    issue, failing = Connection.issue_new_wss_url, [RuntimeError("nobody thought of it")]

    async def issued(self: Connection) -> str:
        if failing:
            raise failing.pop()
        return await issue(self)

    monkeypatch.setattr(Connection, "issue_new_wss_url", issued)
    async with _open(there, Patience(first_retry_s=0.01)):
        assert len(there.slack.connections.live) == 2
    assert "nobody thought of it" in capsys.readouterr().out


async def test_a_quiet_workspace_is_renewed_and_not_read_again(there: There) -> None:
    looks: list[str] = []
    async with _open(there, Patience(deaf_s=0.2, overlap_s=0.01), lambda: looks.append("look")):
        await there.slack.until(_opened(there, 6))
        assert looks == ["look"], "once, at the start"


async def test_where_all_are_silent_for_long_it_is_looked_what_passed_by(there: There) -> None:
    looks: list[str] = []
    patience = Patience(deaf_s=0.1, quiet_s=0.3, overlap_s=0.01)
    async with _open(there, patience, lambda: looks.append("look")):
        await there.slack.until(lambda: len(looks) >= 3)


async def test_a_connection_that_is_silent_while_another_hears_is_deaf(there: There) -> None:
    looks: list[str] = []
    async with _open(there, Patience(deaf_s=1.0, overlap_s=0.01), lambda: looks.append("look")):
        there.slack.connections.live[0].go_deaf(routed=False)
        await there.slack.until(lambda: looks == ["look"])
        for n in range(3):
            there.dana.post(there.channel, f"still here {n}")
            await there.slack.deliveries.settled()
        await there.slack.until(lambda: len(looks) == 2)


def test_the_websocket_takes_the_proxy_of_its_kind_unless_it_is_excepted(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "NO_PROXY", "WSS_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    assert proxy_for("wss://wss.slack.com/link") is None
    monkeypatch.setenv("https_proxy", "http://proxy.example:3128")
    assert proxy_for("wss://wss.slack.com/link") == "http://proxy.example:3128"
    assert proxy_for("ws://wss.slack.com/link") is None
    monkeypatch.setenv("no_proxy", ".slack.com")
    assert proxy_for("wss://wss.slack.com/link") is None


async def test_a_connection_is_made_through_the_proxy(there: There, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    host, port = there.slack.world.address.removeprefix("http://").split(":")

    async def pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        first = await reader.readline()
        asked.append(first.decode().split()[1])
        there_reader, there_writer = await asyncio.open_connection(host, int(port))
        there_writer.write(first)
        await asyncio.gather(_pump(reader, there_writer), _pump(there_reader, writer))

    async with await asyncio.start_server(pass_on, "127.0.0.1", 0) as proxy:
        at = proxy.sockets[0].getsockname()[1]
        monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{at}")
        monkeypatch.setenv("no_proxy", "")
        async with _open(there, Patience(), count=1):
            assert any("/link/" in url for url in asked)


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(ConnectionError):
        while read := await reader.read(65_536):
            writer.write(read)
            await writer.drain()
    writer.close()
