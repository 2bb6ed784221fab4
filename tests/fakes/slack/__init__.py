"""The Slack platform on this machine: its Web API, Socket Mode, response addresses and files, as strict as Slack is.

    async with fake_slack() as slack:
        acme = slack.team("Acme")
        dana, bob = slack.person("Dana Analyst"), slack.person("Bob Customer", acme)
        channel = slack.channel("support", [slack.bot, dana, bob], shared_with=[acme])
        ...  # start the bot with slack.api_url, slack.app.bot_token and slack.app.app_token
        await slack.connected(2)
        question = bob.post(channel, f"{slack.bot.mention} why does my upload fail?")
        await slack.until(lambda: len(bob.screen(channel, question)) == 2)
        card = bob.screen(channel, question)[1]
        outcome = await bob.press(card, "accept")
        await slack.deliveries.settled()
        assert (outcome.warning, slack.deliveries.violations) == ("", [])

Everything happens on the loop of the test: acts return at once, events go out behind them, ``until`` and ``settled`` wait.
"""
