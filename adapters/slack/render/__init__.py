"""Cards, pages and notices as Slack shows them. Pure: no SDK, no network.

Everything that comes from people or knowledge is put into ``rich_text`` and ``plain_text``. There Slack shows every character
as it is: a typed ``<!here>``, ``*`` or link is text, code stays code, and a mention or link exists only where an element says
so. In ``mrkdwn`` and ``markdown`` blocks the same would hang on escapes, and mrkdwn has none for ``* _ ~`` and backticks.
"""
