"""The slash command: look-ups that one person sees, pages, and what only analysts may do."""

from tests.fakes.slack.member import Member
from tests.fakes.slack.world import Message
from tests.scenario.slack.running import Running


def private(bot: Running, who: Member) -> list[Message]:
    return [message for message in bot.channel.ephemerals if message.ephemeral_to == who.id]


async def test_a_look_up_is_answered_to_its_asker_alone(bot: Running) -> None:
    outcome = await bot.lee.command(bot.channel, "/vigil why do multipart uploads fail with SlowDown?")
    assert outcome.warning == ""
    await bot.until(lambda: any("Lower the concurrency" in m.text for m in private(bot, bot.lee)))
    assert private(bot, bot.dana) == []
    assert all("Lower the concurrency" not in m.text for m in bot.dana.screen(bot.channel))


async def test_a_search_lists_what_is_near(bot: Running) -> None:
    await bot.lee.command(bot.channel, "/vigil search SlowDown uploads")
    await bot.until(lambda: any("What I know that comes near" in m.text for m in private(bot, bot.lee)))


async def test_help_fits_on_one_screen_and_says_what_was_not_understood(bot: Running) -> None:
    await bot.lee.command(bot.channel, "/vigil help")
    await bot.until(lambda: private(bot, bot.lee))
    assert "How to use Vigil" in private(bot, bot.lee)[-1].text
    await bot.lee.command(bot.channel, "/vigil search")
    await bot.until(lambda: any("“search” was not understood" in m.text for m in private(bot, bot.lee)))


async def test_pausing_and_configuring_are_for_analysts(bot: Running) -> None:
    await bot.lee.command(bot.channel, "/vigil pause")
    await bot.until(lambda: private(bot, bot.lee))
    assert private(bot, bot.lee)[-1].text.startswith("Only an analyst can do this.")
    await bot.dana.command(bot.channel, "/vigil pause")
    await bot.until(lambda: private(bot, bot.dana))
    assert "paused in this channel" in private(bot, bot.dana)[-1].text


async def test_a_channel_is_configured_in_a_form_and_drafts_want_a_channel(bot: Running) -> None:
    await bot.dana.command(bot.channel, "/vigil config")
    await bot.until(lambda: bot.dana.modals)
    refused = await bot.dana.submit(mode="mode_draft")
    assert "analyst_channel" in str(refused)
    assert bot.dana.modals


async def test_why_tells_the_record_of_a_message(bot: Running) -> None:
    question = bot.bob.post(bot.channel, "Our multipart uploads fail with 503 SlowDown since this morning, why?")
    await bot.card(question)
    link = f"https://home.slack.com/archives/{bot.channel.id}/p{question.ts.replace('.', '')}"
    await bot.dana.command(bot.channel, f"/vigil why {link}")
    await bot.until(lambda: any("answered" in m.text for m in private(bot, bot.dana)))


async def test_a_look_up_where_vigil_is_no_member_is_answered_and_its_accept_shows(bot: Running) -> None:
    elsewhere = bot.slack.channel("random", [bot.lee, bot.dana])
    await bot.lee.command(elsewhere, "/vigil why do multipart uploads fail with SlowDown?")
    await bot.until(lambda: any("Lower the concurrency" in m.text for m in elsewhere.ephemerals))
    (card,) = (m for m in elsewhere.ephemerals if "Lower the concurrency" in m.text)
    outcome = await bot.lee.press(card, "vigil:accept:0")
    assert outcome.warning == ""
    await bot.until(lambda: "Accepted by Lee Colleague" in card.text)
