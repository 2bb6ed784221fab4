"""Where people talk to it: private channels, group and direct messages; and whoever asks it directly always gets a reply."""

import pytest

from tests.fakes.slack.member import Member
from tests.fakes.slack.world import Channel, Message
from tests.scenario.slack.running import Running

pytestmark = pytest.mark.asyncio(loop_scope="module")
ASKED = "Our multipart uploads fail with 503 SlowDown since this morning, why?"
ANSWER = "Lower the concurrency to 4 parallel parts"
UNKNOWN = "Our nightly backup job fails with error 504 Gateway Timeout, how do we fix it?"
NOTHING = "I have nothing reliable on this."
DECIDED = "SELECT delivery FROM turns JOIN sessions ON sessions.id = turns.session WHERE channel = ? AND thread = ?"
POST, STATUS = "chat.postMessage", "assistant.threads.setStatus"


def talk(bot: Running, name: str, kind: str = "channel") -> tuple[Channel, Member]:
    """A conversation of colleagues, and one of them whom the bot has never met."""
    colleague = bot.slack.person("Mia Colleague")
    return bot.slack.channel(name, [bot.slack.bot, bot.dana, colleague], kind=kind), colleague


def shown(bot: Running, thread: Message) -> list[str]:
    """What the bot showed in a thread, in its order, by the methods of the Web API."""
    calls = [(name, given.get("thread_ts")) for name, given in bot.slack.calls if name in {POST, STATUS}]
    return [name for name, root in calls if root == thread.ts]


@pytest.mark.parametrize("kind", ["group", "mpim"])
async def test_private_channels_and_group_messages_are_followed_and_answered_unasked(
    shared_bot: Running, kind: str
) -> None:
    bot = shared_bot
    channel, mia = talk(bot, f"private-{kind}", kind)
    question = mia.post(channel, ASKED)
    assert ANSWER in (await bot.card(question, mia)).text
    assert shown(bot, question) == [POST]
    await mia.press(bot.cards(question, mia)[0], "vigil:accept:0")
    await bot.until(lambda: "Accepted by Mia Colleague" in bot.cards(question, mia)[0].text)


async def test_who_writes_to_it_directly_sees_at_once_that_it_looks_and_then_the_answer(shared_bot: Running) -> None:
    bot = shared_bot
    direct = bot.lee.direct()
    question = bot.lee.post(direct, ASKED)
    await bot.until(lambda: direct.statuses)
    assert direct.statuses[question.ts]["status"] == "Looking it up …"
    assert bot.cards(question, bot.lee) == []
    assert ANSWER in (await bot.card(question, bot.lee)).text
    assert (shown(bot, question), direct.statuses) == ([STATUS, POST], {})


async def test_who_mentions_it_is_told_honestly_that_nothing_is_known(shared_bot: Running) -> None:
    bot = shared_bot
    channel, mia = talk(bot, "backups")
    question = mia.post(channel, f"{bot.slack.bot.mention} {UNKNOWN}")
    card = await bot.card(question, mia)
    assert NOTHING in card.text
    assert not any(block["type"] == "actions" for block in card.blocks)
    assert (shown(bot, question), channel.statuses) == ([STATUS, POST], {})


async def test_who_does_not_mention_it_is_told_nothing_where_nothing_is_known(shared_bot: Running) -> None:
    bot = shared_bot
    channel, mia = talk(bot, "nightly")
    question = mia.post(channel, UNKNOWN)
    await bot.until_recorded(DECIDED, channel.id, question.ts)
    assert bot.on_record(DECIDED, channel.id, question.ts) == [("none",)]
    assert shown(bot, question) == []


async def test_nothing_that_it_posts_unfolds_previews_of_links(shared_bot: Running) -> None:
    bot = shared_bot
    channel, mia = talk(bot, "links")
    await mia.command(channel, f"/vigil {ASKED}")
    await bot.until(lambda: any(ANSWER in message.text for message in channel.ephemerals))
    await mia.press(channel.ephemerals[-1], "vigil:share:0")
    await bot.until(lambda: any("Shared by" in message.text for message in channel.messages.values()))
    await bot.card(mia.post(channel, f"{bot.slack.bot.mention} {UNKNOWN}"), mia)
    await bot.card(mia.post(mia.direct(), UNKNOWN), mia)
    posts = bot.slack.called(POST)
    assert len(posts) >= 3
    assert [
        post for post in posts if post.get("unfurl_links") is not False or post.get("unfurl_media") is not False
    ] == []
