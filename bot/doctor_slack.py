"""What ``vigil doctor`` looks at in Slack: tokens, scopes, groups, channels, and with a channel a whole round trip."""

import sys
from collections.abc import Sequence

from adapters.retry import retrying
from adapters.slack.channels import channel_named, own_channels
from adapters.slack.errors import calling
from adapters.slack.people import wanted_groups
from adapters.slack.round_trip import RoundTrip
from adapters.slack.scopes import BOT_SCOPES
from adapters.slack.slack import Slack
from adapters.slack_payloads.fields import objects_in, text_in
from bot.doctor import Check, missing, note, well
from bot.home import hold
from bot.settings import Settings
from bot.tokens import NO_ANALYST_CHANNEL, checked_app_token, reading_access
from core.domain.errors import CallerError, HomeInUseError, TransientError

PRESS_WITHIN_S = 60.0
NAMED = 20
SCOPES_PLACE = "add it under OAuth & Permissions > Bot Token Scopes, then reinstall the app"
REFUSED = (
    "Slack refuses SLACK_BOT_TOKEN: copy the Bot User OAuth Token from OAuth & Permissions into .env, or reinstall the app "
    "there."
)
APP_REFUSED = (
    "Slack refuses SLACK_APP_TOKEN: make one with connections:write under Basic Information > App-Level Tokens, and switch "
    "Socket Mode on."
)


def token_checks(settings: Settings) -> Sequence[Check]:
    """Whether both tokens are there and of the right kind."""
    found = []
    for name, read in (("SLACK_BOT_TOKEN", reading_access), ("SLACK_APP_TOKEN", checked_app_token)):
        try:
            read(settings)
        except CallerError as error:
            found.append(missing(name, error.sentence))
        else:
            found.append(well(name, "It is set, and of the right kind."))
    return found


async def app_token_checks(slack: Slack, app_token: str) -> Sequence[Check]:
    """Whether Slack opens a connection for the app's token."""
    try:
        await retrying(lambda: calling(lambda: slack.client.apps_connections_open(app_token=app_token)))
    except TransientError:
        raise
    except CallerError:
        return [missing("connection", APP_REFUSED)]
    return [well("connection", "Slack takes the app's token and opens connections.")]


def scope_checks(slack: Slack) -> Sequence[Check]:
    """Which of the scopes that Vigil needs the app has not, and which it has beyond them."""
    granted = slack.workspace.identity.scopes
    lacking = [
        missing("scope", f"{scope} is missing ({why}): {SCOPES_PLACE}.")
        for scope, why in BOT_SCOPES.items()
        if scope not in granted
    ]  # fmt: skip
    beyond = sorted(granted - set(BOT_SCOPES))
    more = [note("scopes", f"Granted and not needed: {', '.join(beyond)}.")] if beyond else []
    return [*(lacking or [well("scopes", "All that Vigil needs are granted.")]), *more]


async def group_checks(settings: Settings, slack: Slack) -> Sequence[Check]:
    """Whether the analysts' user groups exist."""
    if not settings.analyst_groups:
        who = (
            f"{len(settings.analysts)} by id"
            if settings.analysts
            else "nobody by name: home members of shared channels are"
        )
        return [note("analysts", f"Analysts are {who}.")]
    listed = await retrying(lambda: calling(lambda: slack.client.usergroups_list(include_users=True)))
    found = wanted_groups(objects_in(listed, "usergroups"), settings.analyst_groups)
    return [
        well("analysts", f"The user group {name} has {len(found[name])} members.")
        if name in found
        else missing(
            "analysts", f"Slack has no user group {name}: correct VIGIL_ANALYST_GROUPS (handle or id, by commas)."
        )
        for name in sorted(settings.analyst_groups)
    ]


async def channel_checks(settings: Settings, slack: Slack) -> Sequence[Check]:
    """Which channels the app is in, and whether drafts have one."""
    listed = [one for one in await own_channels(slack.workspace) if one.get("is_im") is not True]
    names = sorted(f"#{text_in(one, 'name')}" for one in listed)
    some = ", ".join(names[:NAMED]) + (f" and {len(names) - NAMED} more" if len(names) > NAMED else "")
    found = [
        well("channels", f"Vigil is in {some}.")
        if names
        else missing("channels", "Vigil is in no channel: write `/invite @Vigil` in each channel that it shall follow.")
    ]
    wanted = settings.analyst_channel
    if settings.mode == "draft" and not wanted:
        found.append(missing("drafts", NO_ANALYST_CHANNEL))
    elif wanted and wanted not in {text_in(one, "id") for one in listed}:
        found.append(
            missing("drafts", f"Vigil is not in VIGIL_ANALYST_CHANNEL ({wanted}): invite it there, or correct the id.")
        )
    elif wanted and (await retrying(lambda: slack.messenger.channel(slack.workspace.around.ref(wanted)))).is_shared:
        found.append(
            missing("drafts", f"Customers are in VIGIL_ANALYST_CHANNEL ({wanted}): name one that only analysts are in.")
        )
    return found


async def round_trip_checks(settings: Settings, slack: Slack, name: str) -> Sequence[Check]:
    """Whether a card can be posted and edited in a channel, and its button be pressed; only while the bot is not running."""
    app_token = checked_app_token(settings)
    channel = (await channel_named(slack.workspace, name)).channel
    trip = RoundTrip(slack.client, slack.workspace.identity, app_token, channel)
    try:
        with hold(settings.home):
            async with trip.connected():
                await trip.post()
                told = f"Press the button of the test card in {name} within {PRESS_WITHIN_S:.0f} seconds.\n"
                sys.stderr.write(told)
                pressed = await trip.ask(PRESS_WITHIN_S)
    except HomeInUseError:
        return [missing("round trip", "A Vigil is working, and would take the click: stop it, then try again.")]
    posted = well("post", f"A card can be posted and edited in {name}.")
    if pressed:
        return [posted, well("button", "The click arrived.")]
    why = "No click arrived. If somebody pressed it: switch Interactivity on under Interactivity & Shortcuts."
    return [posted, missing("button", why)]
