"""From a customer's message in Slack to the card on everybody's screen, and back."""

from tests.scenario.slack.running import Running

ASKED = "Our multipart uploads fail with 503 SlowDown since this morning, why?"


async def test_a_question_is_answered_with_a_card_and_accepted(bot: Running) -> None:
    question = bot.bob.post(bot.channel, ASKED)
    card = await bot.card(question)
    assert "Lower the concurrency to 4 parallel parts" in card.text
    assert (card.metadata or {})["event_type"] == "vigil_card"
    outcome = await bot.bob.press(card, "vigil:accept:0")
    assert outcome.warning == ""
    await bot.until(lambda: "Accepted by Bob Customer" in bot.cards(question)[0].text)
    assert len(bot.cards(question)) == 1
    assert bot.slack.deliveries.violations == []
    assert await bot.stop() == 0


async def test_an_emoji_accepts_and_taken_back_undoes(bot: Running) -> None:
    question = bot.bob.post(bot.channel, ASKED)
    card = await bot.card(question)
    bot.dana.react(card, "vigil_accept")
    await bot.until(lambda: "Accepted by Dana Analyst" in bot.cards(question)[0].text)
    bot.dana.unreact(card, "vigil_accept")
    await bot.until(lambda: "Accepted" not in bot.cards(question)[0].text)
    bot.bob.react(question, "vigil_accept")
    await bot.until(lambda: "Accepted by Bob Customer" in bot.cards(question)[0].text)
