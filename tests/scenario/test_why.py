"""``vigil why`` tells what is on record, in words for people, by all the names that they have for it."""

import asyncio
import json
import sqlite3
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from adapters.records import open_records
from bot.home import REPLAYS
from bot.why import why
from core.domain.channels import Channel, ChannelRef
from core.domain.errors import CallerError, NothingKnownError
from core.domain.ids import MessageId, SessionId
from core.domain.people import Person, Role, RoleBasis, Standing
from core.domain.sessions import Message, Session
from tests.fakes.replayed import EXAMPLES, Replayed, settings_in
from tests.scenario.command_line import one_sentence, vigil


@pytest.fixture
def home(acme: Replayed) -> Path:
    (found,) = (acme.home / REPLAYS).iterdir()
    return found


def told(home: Path, name: str, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    asyncio.run(why(settings_in(home), name, as_json=True))
    read: dict[str, Any] = json.loads(capsys.readouterr().out)
    return read


def words(home: Path, name: str, capsys: pytest.CaptureFixture[str]) -> str:
    asyncio.run(why(settings_in(home), name, as_json=False))
    return capsys.readouterr().out


def one(home: Path, statement: str) -> str:
    with sqlite3.connect(home / "records.db") as db:
        (found,) = db.execute(statement).fetchone()
    return str(found)


def test_a_message_is_told_by_its_id_its_channel_and_its_link(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    export = EXAMPLES / "acme"
    day = min((export / "ext-globex").glob("*.json"))
    ts = next(one["ts"] for one in json.loads(day.read_text("utf-8")) if "?" in one.get("text", ""))
    channels = json.loads((export / "channels.json").read_text("utf-8"))
    channel = next(one["id"] for one in channels if one["name"] == "ext-globex")
    by_name = told(home, f"ext-globex:{ts}", capsys)
    assert by_name["turn"]
    assert told(home, f"#ext-globex:{ts}", capsys) == by_name
    assert told(home, f"https://acme.slack.com/archives/{channel}/p{ts.replace('.', '')}", capsys) == by_name
    assert told(home, by_name["message"], capsys) == by_name
    one_sentence(vigil(home, "why", "C0:1.2"), 2, "CHANNEL:TS")


def test_a_turn_a_question_an_answer_and_a_card_name_the_same_record(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = one(home, "SELECT id FROM answers WHERE sent_at NOT NULL")
    names = {
        name: one(home, f"SELECT {name} FROM answers WHERE id = '{answer}'") for name in ("id", "question", "card")
    }
    records = [told(home, name, capsys) for name in names.values()]
    assert records[0] == records[1] == records[2] == told(home, records[0]["turn"], capsys)
    assert records[0]["record"]["questions"][0]["answer"] == answer
    assert "identify" in records[0]["record"]["ms"]
    session = one(home, f"SELECT session FROM answers WHERE id = '{answer}'")
    assert told(home, session, capsys)["record"]["session"] == session


def test_an_entrys_id_is_sent_to_the_command_that_shows_it(home: Path) -> None:
    entry = one(home, "SELECT subject_id FROM revisions")
    with pytest.raises(CallerError, match=f"{entry[:8]} names an entry, not a message: `vigil kb show {entry[:8]}`"):
        asyncio.run(why(settings_in(home), entry[:8], as_json=False))


def test_an_answer_is_told_with_its_sources_its_lead_and_what_became_of_it(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    accepted = words(home, one(home, "SELECT target FROM feedback WHERE target_kind = 'answer'"), capsys)
    for said in ("Vigil answered: ", "Taken for a question", "by how likely it is to help", "%  ", "The answer: ",
                 "The asker accepted it on 10 Nov 2026.", "The card was posted.", "Vigil took "):  # fmt: skip
        assert said in accepted
    ahead = words(home, one(home, "SELECT id FROM turns WHERE lead_s NOT NULL"), capsys)
    assert "minutes before a human answered" in ahead
    withdrawn = words(home, one(home, "SELECT id FROM answers WHERE withdrawn_at NOT NULL"), capsys)
    assert "It was withdrawn on" in withdrawn
    best = [float(line.split("%")[0]) for line in accepted.splitlines() if "%  " in line]
    assert best == sorted(best, reverse=True)


def test_silence_is_told_in_the_readers_words_and_not_in_ours(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    unsure = words(
        home, one(home, "SELECT id FROM turns WHERE questions LIKE '%abstained%' AND delivery = 'none'"), capsys
    )
    assert "Vigil was not sure enough to answer: " in unsure
    assert "There was nothing to post." in unsure
    talk = words(home, one(home, "SELECT id FROM turns WHERE questions LIKE '%small talk%'"), capsys)
    assert "Vigil kept silent: small talk" in talk
    assert "needs no help" in talk
    analyst = words(home, one(home, "SELECT id FROM messages WHERE role = 'analyst'"), capsys)
    assert "An analyst wrote this" in analyst
    for text in (unsure, talk, analyst):
        assert not any(ours in text for ours in ("within_scope", "no_assistance", "abstained", "out_of_scope"))


@pytest.mark.parametrize(
    "name", ["", " ", "nothing", "C1:", "https://example.com/archives/C0/p1", "a:b:c", "\x00", "x" * 5000]
)
def test_a_name_that_nothing_goes_by_is_refused_in_a_sentence(home: Path, name: str) -> None:
    with pytest.raises(CallerError, match="Nothing on record goes by that"):
        asyncio.run(why(settings_in(home), name, as_json=False))


def test_a_home_without_entries_explains_what_is_on_record(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(NothingKnownError, match="there is nothing to explain"):
        told(tmp_path, "m1", capsys)
    ref, at = ChannelRef("slack", "T0", "C1"), datetime(2026, 11, 2, 9, tzinfo=UTC)

    async def put() -> None:
        records = await open_records(f"sqlite+aiosqlite:///{tmp_path / 'records.db'}")
        kim = Person("U1", "Kim")
        async with records.begin() as work:
            await work.channels.put(Channel(ref, "ext-one"))
            await work.sessions.put(Session(SessionId("s1"), ref, "1.0", kim, at, at))
            standing = Standing(Role.REQUESTER, RoleBasis.HOME)
            await work.messages.put(Message(MessageId("m1"), SessionId("s1"), "1.0", 1, at, kim, standing, "thanks"))
        await records.close()

    asyncio.run(put())
    assert words(tmp_path, "m1", capsys).startswith("Kim (requester) in #ext-one, 2026-11-02 09:00 UTC: thanks\n")
