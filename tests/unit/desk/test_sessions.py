"""Which session a message belongs to, and how sessions live (DESIGN 4)."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import NoReturn

import pytest

from adapters.records.sessions import SqlMessageStore
from core.domain.channels import ChannelSettings, SessionScope
from core.domain.ids import SessionId
from core.domain.jobs import Lane
from core.domain.people import Person, Role, RoleBasis
from core.domain.sessions import Phase
from tests.unit.desk.clicking import ASKED
from tests.unit.desk.support import ANALYST, BOT, CHANNEL, CUSTOMER, HOME, Table, table

LIMITS = "is there a limit on the number of buckets?"


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Table]:
    async with table(tmp_path) as one:
        yield one


async def test_two_top_level_messages_within_five_minutes_are_one_session(desk: Table) -> None:
    first = await desk.post("uploads fail")
    desk.clock.pass_s(299)
    second = await desk.post("with SlowDown")
    desk.clock.pass_s(301)
    third = await desk.post("another thing")
    assert (await desk.session_of(first)).id == (await desk.session_of(second)).id
    assert (await desk.session_of(third)).id != (await desk.session_of(first)).id


async def test_an_answer_stands_where_the_question_does_though_the_session_began_elsewhere(desk: Table) -> None:
    await desk.know(ASKED)
    first = await desk.post("hello")
    await desk.wait(60)
    second = await desk.post(ASKED)
    await desk.wait(5)
    assert (await desk.session_of(first)).id == (await desk.session_of(second)).id
    (card,) = desk.messenger.posted.values()
    assert card.destination.thread == second
    await desk.know(LIMITS, "There is no limit.", name="limits")
    await desk.post("please look at this", ANALYST, thread=second)
    await desk.post(LIMITS, thread=second, direct=True)
    await desk.wait(5)
    assert [card.destination.thread for card in desk.messenger.posted.values()] == [second, second]


async def test_a_top_level_analyst_joins_the_only_open_session_or_the_one_mentioned(desk: Table) -> None:
    first = await desk.post("uploads fail")
    joined = await desk.post("set the part size", ANALYST)
    other = await desk.post("downloads fail", Person("UTWO", "Lee", "T0CUS"))
    named = await desk.post("use the mirror", ANALYST, mentions=("UTWO",))
    assert (await desk.session_of(joined)).id == (await desk.session_of(first)).id
    assert (await desk.session_of(named)).id == (await desk.session_of(other)).id


async def test_a_reply_that_comes_before_its_root_finds_the_same_session(desk: Table) -> None:
    reply = await desk.post("set the part size", ANALYST, thread="100.000001")
    root = await desk.post("uploads fail", ts="100.000001", thread="100.000001")
    session = await desk.session_of(root)
    assert (await desk.session_of(reply)).id == session.id
    assert session.opener.id == CUSTOMER.id


async def test_the_transcript_follows_the_platforms_time_not_the_arrival(desk: Table) -> None:
    root = await desk.post("one")
    desk.clock.pass_s(60)
    await desk.post("three", thread=root)
    late = desk.clock.at
    desk.clock.at = desk.clock.at.replace(minute=0, second=30)
    await desk.post("two", thread=root)
    desk.clock.at = late
    assert [m.text for m in await desk.messages((await desk.session_of(root)).id)] == ["one", "two", "three"]


async def test_a_message_is_taken_in_without_reading_the_transcript(
    desk: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def of_session(self: SqlMessageStore, session: SessionId) -> NoReturn:
        raise AssertionError("a long thread would be read for every message")

    monkeypatch.setattr(SqlMessageStore, "of_session", of_session)
    root = await desk.post("uploads fail")
    await desk.post("set the part size", ANALYST, thread=root)
    await desk.post("it still fails", thread=root)
    session = await desk.session_of(root)
    async with desk.desk.records.read() as work:
        jobs = await work.owners.listing()
    assert [(job.lane, job.key, job.generation) for job in jobs] == [
        (Lane.CLOSE, session.id, 3), (Lane.LEARN, session.id, 2), (Lane.RESPOND, session.id, 2)
    ]  # fmt: skip


async def test_in_a_chat_channel_everything_is_one_session(desk: Table) -> None:
    async with desk.desk.records.begin() as work:
        channel = await work.channels.get(CHANNEL)
        await work.channels.put(replace(channel, settings=ChannelSettings(session=SessionScope.CHAT)))
    first = await desk.post("uploads fail")
    desk.clock.pass_s(4000)
    second = await desk.post("downloads too", thread="9.9")
    assert (await desk.session_of(first)).id == (await desk.session_of(second)).id


async def test_roles_in_a_shared_channel_follow_membership(desk: Table) -> None:
    root = await desk.post("uploads fail")
    await desk.post("which sdk?", ANALYST, thread=root)
    standings = [m.standing for m in await desk.messages((await desk.session_of(root)).id)]
    assert [(s.role, s.basis) for s in standings] == [(Role.REQUESTER, RoleBasis.HOME), (Role.ANALYST, RoleBasis.HOME)]


async def test_roles_in_an_internal_channel_are_presumed(desk: Table) -> None:
    root = await desk.post("how do I?", Person("U1", "Sel", HOME))
    await desk.post("like this", Person("U2", "Dev", HOME), thread=root)
    standings = [m.standing for m in await desk.messages((await desk.session_of(root)).id)]
    assert [(s.role, s.basis) for s in standings] == [
        (Role.REQUESTER, RoleBasis.PRESUMED),
        (Role.ANALYST, RoleBasis.PRESUMED),
    ]


async def test_a_first_line_bot_keeps_the_session_open_until_it_hands_off(desk: Table) -> None:
    async with desk.desk.records.begin() as work:
        channel = await work.channels.get(CHANNEL)
        await work.channels.put(replace(channel, settings=ChannelSettings(first_line_bot=BOT.id)))
    root = await desk.post("uploads fail")
    await desk.post("have you tried turning it off?", BOT, thread=root)
    assert (await desk.session_of(root)).phase is Phase.OPEN
    await desk.wait(30)
    assert await desk.turns((await desk.session_of(root)).id) == []
    await desk.post("I am handing this over to the support team", BOT, thread=root)
    await desk.wait(30)
    session = await desk.session_of(root)
    assert session.phase is Phase.ENGAGED
    assert len(await desk.turns(session.id)) == 1


async def test_silence_closes_and_the_requester_reopens(desk: Table) -> None:
    root = await desk.post("uploads fail")
    await desk.wait(86_401)
    assert (await desk.session_of(root)).phase is Phase.CLOSED
    await desk.post("again!", thread=root)
    session = await desk.session_of(root)
    assert (session.phase, session.close_reason) == (Phase.ENGAGED, "")


HAL, IDA = Person("UH1", "Hal", HOME), Person("UH2", "Ida", HOME)


async def _said(desk: Table, ts: str) -> list[tuple[str, Role]]:
    return [(m.author.id, m.role) for m in await desk.messages((await desk.session_of(ts)).id)]


async def test_in_a_bots_thread_the_first_human_is_the_requester_and_the_next_an_analyst(desk: Table) -> None:
    root = await desk.post("New request from the form: upload fails", BOT)
    await desk.post("it fails with E42 since monday", HAL, thread=root)
    await desk.post("Set part_size=64 in the transfer config.", IDA, thread=root)
    assert (await desk.session_of(root)).opener == HAL
    assert await _said(desk, root) == [
        (BOT.id, Role.BOT),
        (HAL.id, Role.REQUESTER),
        (IDA.id, Role.ANALYST),
    ]


async def test_a_bots_root_that_comes_late_changes_no_roles(desk: Table) -> None:
    root = "1793600000.000100"
    await desk.post("it fails with E42 since monday", HAL, thread=root)
    await desk.post("Set part_size=64 in the transfer config.", IDA, thread=root)
    await desk.post("New request from the form: upload fails", BOT, ts=root)
    assert (await desk.session_of(root)).opener == HAL
    assert {(HAL.id, Role.REQUESTER), (IDA.id, Role.ANALYST)} <= set(await _said(desk, root))


async def test_a_configured_analyst_who_writes_first_does_not_become_the_opener(tmp_path: Path) -> None:
    async with table(tmp_path, analysts=frozenset({IDA.id})) as desk:
        root = await desk.post("New request from the form: upload fails", BOT)
        await desk.post("whose is this?", IDA, thread=root)
        await desk.post("mine, it fails with E42", HAL, thread=root)
        assert (await desk.session_of(root)).opener == HAL
        assert (HAL.id, Role.REQUESTER) in await _said(desk, root)


VIGIL = ("UVIGIL",)


@pytest.mark.parametrize("words", ["@Vigil close", "@Helper close.", "@UVIGIL 关闭"])
async def test_a_top_level_command_of_an_analyst_is_about_the_only_open_session(desk: Table, words: str) -> None:
    root = await desk.post("uploads fail")
    desk.clock.pass_s(60)
    command = await desk.post(words, ANALYST, direct=True, mentions=VIGIL)
    session = await desk.session_of(root)
    assert (session.phase, (await desk.session_of(command)).id) == (Phase.CLOSED, session.id)


async def test_a_top_level_question_of_an_analyst_to_vigil_is_a_session_of_its_own(desk: Table) -> None:
    root = await desk.post("uploads fail")
    asked = await desk.post("@Vigil why do downloads fail?", ANALYST, direct=True, mentions=VIGIL)
    assert (await desk.session_of(asked)).id != (await desk.session_of(root)).id


async def test_a_requester_who_mentions_vigil_within_five_minutes_goes_on_with_their_session(desk: Table) -> None:
    root = await desk.post("uploads fail")
    desk.clock.pass_s(60)
    asked = await desk.post("@Vigil what does SlowDown mean?", direct=True, mentions=VIGIL)
    assert (await desk.session_of(asked)).id == (await desk.session_of(root)).id


async def test_two_questions_in_direct_messages_are_two_sessions(desk: Table) -> None:
    first = await desk.post("what does SlowDown mean?", HAL, direct=True)
    desk.clock.pass_s(60)
    second = await desk.post("what does E42 mean?", HAL, direct=True)
    assert (await desk.session_of(first)).id != (await desk.session_of(second)).id
