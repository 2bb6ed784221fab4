"""Analysts by user group: whoever is in the group that the settings name, for as long as they are in it."""

from pathlib import Path

from core.text.catalogue import say
from tests.fakes.slack.member import Member
from tests.fakes.slack.world import Channel
from tests.scenario.slack.running import Running, running

PAUSED = "Vigil is paused in this channel: it reads and learns, and says nothing unless asked."
ONLY_ANALYST = say("en", "only_analyst")
AT_MOST = 100
"""How often somebody tries, a round trip each: when the members have been read again is not to be seen from outside."""


async def pauses(bot: Running, who: Member, channel: Channel) -> str:
    """What somebody is told who pauses the bot in a channel."""
    before = len(channel.ephemerals)
    outcome = await who.command(channel, "/vigil pause")
    assert (outcome.warning, len(channel.ephemerals), channel.ephemerals[-1].ephemeral_to) == ("", before + 1, who.id)
    return channel.ephemerals[-1].text


async def in_the_end(bot: Running, who: Member, channel: Channel, told: str) -> bool:
    """Whether somebody who tries again and again is told this at last."""
    for _ in range(AT_MOST):
        if await pauses(bot, who, channel) == told:
            return True
    return False


async def test_who_is_in_the_named_group_may_pause_and_who_leaves_it_may_not_any_more(tmp_path: Path) -> None:
    async with running(tmp_path, VIGIL_ANALYSTS="", VIGIL_ANALYST_GROUPS="support-analysts") as bot:
        channel = bot.slack.channel("internal", [bot.slack.bot, bot.dana, bot.lee])
        group = bot.slack.group("support-analysts", [bot.lee])
        await bot.stop()
        await bot.start()
        assert await in_the_end(bot, bot.lee, channel, PAUSED)
        assert await pauses(bot, bot.dana, channel) == ONLY_ANALYST
        await bot.until(
            lambda: any("refused" in line and bot.dana.id in line and "only_analyst" in line for line in bot.log)
        )
        bot.slack.change_members(group, [bot.dana])
        assert await in_the_end(bot, bot.dana, channel, PAUSED)
        assert await pauses(bot, bot.lee, channel) == ONLY_ANALYST
