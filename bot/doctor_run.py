"""All looks of ``vigil doctor`` in their order; what one needs and has not got leaves out the rest of it."""

from adapters.slack.slack import opened_slack
from bot.clocks import SystemClock
from bot.doctor import Teller, looked, missing, told_once, well
from bot.doctor_engine import engine_checks
from bot.doctor_home import home_checks, job_checks, knowledge_checks, model_checks, past_checks, retention_checks
from bot.doctor_slack import (
    REFUSED,
    app_token_checks,
    channel_checks,
    group_checks,
    round_trip_checks,
    scope_checks,
    token_checks,
)
from bot.settings import Settings
from bot.tokens import reading_access
from core.domain.errors import CallerError, VigilError


async def doctor(settings: Settings, channel: str | None, as_json: bool) -> bool:
    """Look at everything and tell it as it comes; gives whether nothing is missing."""
    teller = Teller(as_json)
    for name, look in (
        ("home", home_checks), ("model", model_checks), ("engine", engine_checks), ("knowledge", knowledge_checks),
        ("jobs", job_checks), ("backfill", past_checks), ("retention", retention_checks),
    ):  # fmt: skip
        teller.tell(await looked(name, lambda: look(settings)))  # noqa: B023  # awaited at once
    teller.tell(token_checks(settings))
    await _slack(settings, channel, teller)
    return teller.all_well


async def _slack(settings: Settings, channel: str | None, teller: Teller) -> None:
    try:
        access = reading_access(settings)
    except CallerError:
        return  # told above
    try:
        async with opened_slack(access, SystemClock()) as slack:
            teller.tell([well("workspace", f"Slack takes the bot's token: {slack.workspace.identity.url}")])
            teller.tell(scope_checks(slack))
            app_token = settings.slack_app_token.get_secret_value()
            if app_token.startswith("xapp-"):
                teller.tell(await looked("connection", lambda: app_token_checks(slack, app_token)))
            teller.tell(await looked("analysts", lambda: group_checks(settings, slack)))
            teller.tell(await looked("channels", lambda: channel_checks(settings, slack)))
            if channel is not None:
                teller.tell(await looked("round trip", lambda: round_trip_checks(settings, slack, channel)))
    except CallerError:
        teller.tell([missing("workspace", REFUSED)])
    except VigilError as error:
        teller.tell([missing("workspace", told_once(error))])
