"""What the offline engine takes for a correction, and what it does not (DESIGN 6, Review: unsure keeps)."""

from datetime import UTC, datetime, timedelta

import pytest

from adapters.engine.offline.engine import OfflineEngine
from core.domain.dialogue import Line
from core.domain.ids import AnswerId, EntryId, MessageId
from core.domain.knowledge import QA, SHARED, KnowledgeEntry
from core.domain.people import Role, RoleBasis
from core.domain.reviews import CitedEntry, EntryRuling, GivenAnswer, ReviewInput, Verdict
from core.learn.review import review, rulings
from tests.fakes.shipped import shipped_engine

AT = datetime(2026, 11, 2, 9, tzinfo=UTC)
ASKED = "How many keys may one access list hold?"
TOLD = "An access list holds 500 keys. Delete old ones under Lists > Clean up."


@pytest.fixture(scope="module")
def engine() -> OfflineEngine:
    return shipped_engine()


async def ruled(engine: OfflineEngine, *said: tuple[Role, str], asked: str = ASKED, seen: bool = True) -> EntryRuling:
    """What holds of the shipped engine's review of one answer."""
    lines = tuple(
        Line(MessageId(f"m{n}"), role, RoleBasis.HOME, "somebody", text, AT + timedelta(minutes=n))
        for n, (role, text) in enumerate(((Role.REQUESTER, asked), *said))
    )
    entry = KnowledgeEntry(
        id=EntryId("e"), kind=QA, audience=SHARED, title="Access lists", question=ASKED, answer=TOLD, created_at=AT,
        updated_at=AT,
    )  # fmt: skip
    answer = GivenAnswer(AnswerId("a"), f"{TOLD} [1]", AT, seen)
    inputs = ReviewInput(asked, AT, (MessageId("m0"),), (answer,), (CitedEntry(1, entry, 1),), lines)
    (held,) = rulings((await review(inputs, engine)).output, inputs)
    return held


@pytest.mark.parametrize(
    "said",
    [
        (),
        ((Role.REQUESTER, "no, that does not work"),),
        ((Role.ANALYST, "exactly, and the clean up runs at night"),),
        ((Role.ANALYST, "hm, I think it might be 2,000 now, let me check"),),
        ((Role.ANALYST, "No! sorry, wrong thread"),),
        (
            (Role.REQUESTER, "that works, thanks. And how many per bucket?"),
            (Role.ANALYST, "only 20 since 4.1, not 500"),
        ),
        ((Role.ANALYST, "it is 2,000 now, not 500"), (Role.ANALYST, "no, my mistake, the bot is right")),
        ((Role.OTHER, "ignore the bot, it is wrong, use `lists.add` instead"),),
    ],
    ids=["silence", "requester", "agrees", "unsure", "elsewhere", "further question", "taken back", "bystander"],
)
async def test_what_is_no_correction_by_an_analyst_is_kept(
    engine: OfflineEngine, said: tuple[tuple[Role, str], ...]
) -> None:
    assert (await ruled(engine, *said)).verdict is Verdict.KEEP


async def test_a_number_put_right_updates_and_names_the_old_one_no_longer(engine: OfflineEngine) -> None:
    held = await ruled(
        engine,
        (Role.ANALYST, "An access list holds 2,000 keys now, not 500, since release 4.1."),
        (Role.REQUESTER, "great, works"),
    )
    assert (held.verdict, held.correction, held.confirmed) == (Verdict.UPDATE, (MessageId("m1"),), True)
    assert held.lesson is not None
    assert "2,000 keys" in held.lesson.answer
    assert held.lesson.from_messages == (MessageId("m1"),)


async def test_an_answer_to_something_else_is_deleted(engine: OfflineEngine) -> None:
    held = await ruled(
        engine,
        (
            Role.ANALYST,
            "Please ignore the bot, that is about lists. To take a key from a person open Members > Keys and click Revoke.",
        ),
        asked="how do I take a key away from somebody who left the company?",
    )
    assert (held.verdict, held.correction) == (Verdict.DELETE, (MessageId("m1"),))


async def test_a_number_put_right_in_few_words_is_not_lost(engine: OfflineEngine) -> None:
    held = await ruled(engine, (Role.ANALYST, "500 is outdated. It has been raised to 2,000 with release 4.1."))
    assert held.verdict is Verdict.UPDATE
    assert held.lesson is not None
    assert "2,000" in held.lesson.answer


async def test_what_an_analyst_tells_to_do_instead_deletes_without_a_word_about_the_card(engine: OfflineEngine) -> None:
    said = "That would only make room in the list. To take a key from one person open Members > Keys and click Revoke."
    asked = "how do I take a key away from somebody who left the company?"
    assert (await ruled(engine, (Role.ANALYST, said), asked=asked)).verdict is Verdict.DELETE


async def test_words_that_were_not_said_to_the_answer_correct_it_only_where_they_contradict_it(
    engine: OfflineEngine,
) -> None:
    said = (Role.ANALYST, "Use the import tool for many keys, that is only for admins since 4.1, otherwise ask yours.")
    assert (await ruled(engine, said, seen=False)).verdict is Verdict.KEEP


async def test_an_analyst_who_warns_off_what_an_unseen_answer_names_corrects_it(engine: OfflineEngine) -> None:
    wrong = "That card is wrong, please don't delete anything under `Lists`. Split the list by region instead."
    assert (await ruled(engine, (Role.ANALYST, wrong), seen=False)).verdict is Verdict.DELETE
    assert (await ruled(engine, (Role.REQUESTER, wrong), seen=False)).verdict is Verdict.KEEP


async def test_blame_of_a_card_that_names_nothing_of_an_unseen_answer_is_about_another_card(
    engine: OfflineEngine,
) -> None:
    assert (await ruled(engine, (Role.ANALYST, WRONG), seen=False)).verdict is Verdict.KEEP
    agrees = "Ignore the bot, it is wrong. An access list holds 500 keys, delete old ones under Lists > Clean up."
    assert (await ruled(engine, (Role.ANALYST, agrees), seen=False)).verdict is Verdict.KEEP


@pytest.mark.parametrize("text", ["", " ", "?", "🙂" * 9000, "a\x00b", "不" * 9000, "{n} %s", "```" * 500])
async def test_odd_and_huge_words_are_kept_without_an_error(engine: OfflineEngine, text: str) -> None:
    assert (await ruled(engine, (Role.ANALYST, text), (Role.REQUESTER, text))).verdict is Verdict.KEEP


WRONG = "That card is wrong, the limit is counted per region. Split the list by region under Lists > Split."
CAUSE = "There is a second cause: a list that is shared counts its keys twice. Unshare the list under Lists > Sharing."


async def test_an_analyst_who_calls_the_card_wrong_is_taken_at_their_word(engine: OfflineEngine) -> None:
    assert (await ruled(engine, (Role.ANALYST, WRONG))).verdict is Verdict.DELETE
    assert (await ruled(engine, (Role.REQUESTER, WRONG))).verdict is Verdict.KEEP
    taken_back = ((Role.ANALYST, WRONG), (Role.ANALYST, "You're right, I was on an old page."))
    assert (await ruled(engine, *taken_back)).verdict is Verdict.KEEP
    assert (await ruled(engine, (Role.ANALYST, f"I think {WRONG[0].lower()}{WRONG[1:]}"))).verdict is Verdict.KEEP


async def test_another_cause_stands_beside_the_known_one(engine: OfflineEngine) -> None:
    held = await ruled(engine, (Role.ANALYST, CAUSE))
    assert (held.verdict, held.sibling) == (Verdict.UPDATE, True)
