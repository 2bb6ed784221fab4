"""A thread that is done: the asker says so by a reaction or a word, and from then on it is over until somebody asks again."""

import pytest

from tests.fakes.slack.member import Member
from tests.fakes.slack.world import Message
from tests.scenario.slack.running import Running

pytestmark = pytest.mark.asyncio(loop_scope="module")
ASKED = "Our multipart uploads fail with 503 SlowDown since this morning, why?"
ANSWER = "Lower the concurrency to 4 parallel parts"


async def said(bot: Running, name: str, text: str) -> tuple[Message, Member]:
    """What a customer says in a channel of its own, and the customer."""
    acme = bot.bob.person.team
    carol = bot.slack.person("Carol Customer", acme)
    message = carol.post(bot.slack.channel(name, [bot.slack.bot, bot.dana, carol], shared_with=[acme]), text)
    await bot.slack.deliveries.settled()
    return message, carol


def record(bot: Running, thread: Message) -> tuple[str, str]:
    """The phase of a thread on record, and why it was closed."""
    asking = "SELECT phase, close_reason FROM sessions WHERE channel = ? AND thread = ?"
    ((phase, reason),) = bot.on_record(asking, thread.channel.id, thread.ts)
    return phase, reason


async def told_when_closing(bot: Running, thread: Message) -> str:
    """What an analyst is told who closes the thread by hand."""
    before = len(thread.channel.ephemerals)
    await bot.dana.shortcut(thread, "close_session")
    await bot.until(lambda: len(thread.channel.ephemerals) > before)
    return thread.channel.ephemerals[-1].text


async def test_a_resolve_reaction_of_the_asker_closes_the_thread(shared_bot: Running) -> None:
    bot = shared_bot
    question, carol = await said(bot, "uploads", ASKED)
    assert ANSWER in (await bot.card(question, carol)).text
    carol.react(question, "eyes")
    await bot.slack.deliveries.settled()
    assert record(bot, question) == ("engaged", "")
    carol.react(question, "white_check_mark")
    await bot.slack.deliveries.settled()
    assert record(bot, question) == ("closed", "a resolve reaction")
    assert await told_when_closing(bot, question) == "This thread is closed for Vigil already."
    assert len(bot.cards(question, carol)) == 1


async def test_the_asker_closes_by_a_word_and_a_new_question_in_the_thread_opens_it_again(shared_bot: Running) -> None:
    bot = shared_bot
    opened, carol = await said(bot, "downloads", "Hello, we have a problem with the nightly job.")
    carol.post(opened.channel, f"{bot.slack.bot.mention} close", thread=opened)
    await bot.slack.deliveries.settled()
    assert record(bot, opened) == ("closed", "closed by a command")
    carol.post(opened.channel, ASKED, thread=opened)
    assert ANSWER in (await bot.card(opened, carol)).text
    assert record(bot, opened) == ("engaged", "")
    assert len(bot.cards(opened, carol)) == 1
