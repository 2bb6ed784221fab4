"""Drafts for analysts, shadow, off and pause, as people see them."""

from pathlib import Path

import pytest

from tests.fakes.slack.world import Channel, Message
from tests.scenario.slack.conftest import SLOW_DOWN
from tests.scenario.slack.running import Running, running

ASKED = "Our multipart uploads fail with 503 SlowDown since this morning, why?"
ANSWER = "Lower the concurrency to 4 parallel parts"


@pytest.fixture
async def drafting(bot: Running) -> tuple[Running, Channel]:
    """A bot whose channel shows drafts to analysts in a channel of their own."""
    analysts = bot.slack.channel("analysts", [bot.slack.bot, bot.dana, bot.lee])
    await bot.dana.command(bot.channel, "/vigil config")
    await bot.until(lambda: bot.dana.modals)
    await bot.dana.submit(mode="mode_draft", analyst_channel=analysts.id)
    await bot.until(lambda: not bot.dana.modals)
    return bot, analysts


async def _draft(bot: Running, analysts: Channel) -> Message:
    await bot.until(lambda: bot.dana.screen(analysts))
    return bot.dana.screen(analysts)[0]


async def test_a_draft_is_sent_by_an_analyst_only(drafting: tuple[Running, Channel]) -> None:
    bot, analysts = drafting
    question = bot.bob.post(bot.channel, ASKED)
    draft = await _draft(bot, analysts)
    assert ANSWER in draft.text
    assert ASKED in draft.text
    assert bot.cards(question) == []
    await bot.lee.press(draft, "vigil:send_draft:0")
    await bot.until(lambda: [m for m in analysts.ephemerals if m.ephemeral_to == bot.lee.id])
    assert analysts.ephemerals[-1].text.startswith("Only an analyst can do this.")
    await bot.until(lambda: any("refused" in one and bot.lee.id in one and "only_analyst" in one for one in bot.log))
    await bot.dana.press(draft, "vigil:send_draft:0")
    assert ANSWER in (await bot.card(question)).text
    await bot.until(lambda: "Sent by Dana Analyst" in bot.dana.screen(analysts)[0].text)
    await bot.bob.press(bot.cards(question)[0], "vigil:accept:0")
    await bot.until(lambda: "Accepted by Bob Customer" in bot.cards(question)[0].text)


async def _edited(bot: Running, analysts: Channel, words: str) -> None:
    """Let an analyst send other words in place of a draft's."""
    await bot.dana.press(await _draft(bot, analysts), "vigil:edit_draft:0")
    await bot.until(lambda: bot.dana.modals)
    (field,) = [block["block_id"] for block in bot.dana.modals[-1].blocks]
    await bot.dana.submit(**{field: words})


async def test_a_draft_is_edited_before_it_is_sent(drafting: tuple[Running, Channel]) -> None:
    bot, analysts = drafting
    question = bot.bob.post(bot.channel, ASKED)
    await _edited(bot, analysts, "Use 2 parallel parts for now, we are raising the limit.")
    card = await bot.card(question)
    assert "Use 2 parallel parts for now" in card.text
    assert ANSWER not in card.text


async def test_a_long_answer_is_cut_on_its_card_and_whole_behind_a_button(drafting: tuple[Running, Channel]) -> None:
    bot, analysts = drafting
    question = bot.bob.post(bot.channel, ASKED)
    steps = [f"Step {n}: set the concurrency of worker {n} to 4 parallel parts" for n in range(1, 31)]
    await _edited(bot, analysts, ". ".join(steps))
    card = await bot.card(question)
    assert (steps[0] in card.text, steps[-1] in card.text, steps[-1] in str(card.blocks)) == (True, False, False)
    (button,) = [e for block in card.blocks for e in block.get("elements", []) if "show_all" in e.get("action_id", "")]
    await bot.bob.press(card, button["action_id"])
    await bot.until(lambda: bot.bob.modals)
    assert all(step in str(bot.bob.modals[-1].blocks) for step in steps)


async def test_a_draft_goes_quiet_when_an_analyst_answers_first(drafting: tuple[Running, Channel]) -> None:
    bot, analysts = drafting
    question = bot.bob.post(bot.channel, ASKED)
    draft = await _draft(bot, analysts)
    bot.dana.post(bot.channel, "Set the concurrency to 4 parallel parts, that fixes it.", thread=question)
    await bot.until(lambda: "You answered first" in bot.dana.screen(analysts)[0].text)
    stale = await bot.dana.press(draft, "vigil:dismiss_draft:0") if draft.blocks[-1]["type"] == "actions" else None
    assert stale is None or stale.warning == ""
    assert bot.cards(question) == []


async def test_a_dismissed_draft_is_never_posted(drafting: tuple[Running, Channel]) -> None:
    bot, analysts = drafting
    question = bot.bob.post(bot.channel, ASKED)
    draft = await _draft(bot, analysts)
    await bot.dana.press(draft, "vigil:dismiss_draft:0")
    await bot.until(lambda: "Dismissed by Dana Analyst" in bot.dana.screen(analysts)[0].text)
    assert bot.cards(question) == []


async def test_no_draft_is_shown_in_a_channel_that_another_customer_is_in(bot: Running) -> None:
    elsewhere = bot.slack.channel("elsewhere", [bot.slack.bot, bot.dana], shared_with=[bot.slack.team("Umbrella")])
    await bot.dana.command(bot.channel, "/vigil config")
    await bot.until(lambda: bot.dana.modals)
    await bot.dana.submit(mode="mode_draft", analyst_channel=elsewhere.id)
    await bot.until(lambda: not bot.dana.modals)
    bot.bob.post(bot.channel, ASKED)
    await bot.until(lambda: any("draft_not_shown" in line and elsewhere.id in line for line in bot.log))
    assert bot.dana.screen(elsewhere) == []
    await bot.dana.command(bot.channel, "/vigil config")
    await bot.until(lambda: bot.dana.modals)
    assert "analyst_channel" in str(await bot.dana.submit(mode="mode_draft", analyst_channel=elsewhere.id))


async def test_paused_it_speaks_only_when_asked(bot: Running) -> None:
    await bot.dana.command(bot.channel, "/vigil pause")
    silent = bot.bob.post(bot.channel, ASKED)
    asked = bot.dana.post(bot.channel, f"{bot.slack.bot.mention} {ASKED}")
    assert ANSWER in (await bot.card(asked)).text
    assert bot.cards(silent) == []
    await bot.dana.command(bot.channel, "/vigil resume")
    again = bot.slack.person("Carol Customer", bot.bob.person.team)
    again.join(bot.channel)
    question = again.post(bot.channel, ASKED)
    assert ANSWER in (await bot.card(question)).text


async def test_drafts_without_a_channel_for_analysts_are_refused_at_the_start(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="VIGIL_ANALYST_CHANNEL"):
        async with running(tmp_path, [SLOW_DOWN], VIGIL_MODE="draft"):
            pytest.fail("it started")
