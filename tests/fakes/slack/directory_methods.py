"""Who the app is, people, groups, bots, reactions, files, and the way to a Socket Mode address."""

from tests.fakes.slack import bodies
from tests.fakes.slack.arguments import Call
from tests.fakes.slack.platform import Platform, method
from tests.fakes.slack.reading_methods import paged
from tests.fakes.slack.refusals import Json, Refused
from tests.fakes.slack.world import Group

_EMOJI = frozenset("abcdefghijklmnopqrstuvwxyz0123456789_+-")


@method("apps.connections.open", 1)
def open_connection(slack: Platform, call: Call) -> Json:
    """An address for one WebSocket."""
    return {"url": slack.connections.new_address()}


@method("auth.test", 0)
def auth_test(slack: Platform, call: Call) -> Json:
    """Whose token this is."""
    world, app = slack.world, slack.world.app
    return {
        "url": f"https://{world.home.domain}.slack.com/",
        "team": world.home.name,
        "user": app.bot.name,
        "team_id": world.home.id,
        "user_id": app.bot.id,
        "bot_id": app.bot.bot_id,
        "is_enterprise_install": False,
        **({"enterprise_id": world.enterprise} if world.enterprise else {}),
    }


@method("users.info", 4, "users:read")
def user(slack: Platform, call: Call) -> Json:
    """One person; of strangers less, an e-mail only with its own scope."""
    person, with_email = call.person(), "users:read.email" in slack.world.app.scopes
    body = bodies.user(slack.world, person, with_email=with_email, with_locale=call.flag("include_locale"))
    return {"user": body}


@method("usergroups.list", 2, "usergroups:read")
def groups(slack: Platform, call: Call) -> Json:
    """All user groups."""
    told = []
    for group in slack.world.groups.values():
        users = {"users": [person.id for person in group.members]} if call.flag("include_users") else {}
        told.append(bodies.group(slack.world, group) | users)
    return {"usergroups": told}


@method("usergroups.users.list", 2, "usergroups:read")
def group_members(slack: Platform, call: Call) -> Json:
    """The ids of a group's members."""
    group: Group | None = slack.world.groups.get(call.text("usergroup", required=True))
    if group is None:
        raise Refused("no_such_subteam")
    return {"users": [person.id for person in group.members]}


@method("bots.info", 3, "users:read")
def bot(slack: Platform, call: Call) -> Json:
    """One bot."""
    name = call.text("bot", required=True)
    for person in slack.world.people.values():
        if person.bot_id == name:
            return {"bot": bodies.bot_profile(slack.world, person)}
    raise Refused("bot_not_found")


@method("reactions.add", 3, "reactions:write")
def add_reaction(slack: Platform, call: Call) -> Json:
    """React as the bot."""
    message, name, ours = (
        call.message(call.channel(), "timestamp"),
        call.text("name", required=True),
        slack.world.app.bot,
    )
    if not set(name) <= _EMOJI:
        raise Refused("invalid_name")
    if any(one["name"] == name and ours.id in one["users"] for one in message.body.get("reactions", [])):
        raise Refused("already_reacted")
    slack.timeline.react(ours, message, name)
    return {}


@method("reactions.remove", 2, "reactions:write")
def remove_reaction(slack: Platform, call: Call) -> Json:
    """Take a reaction of the bot away."""
    message, name, ours = (
        call.message(call.channel(), "timestamp"),
        call.text("name", required=True),
        slack.world.app.bot,
    )
    if not any(one["name"] == name and ours.id in one["users"] for one in message.body.get("reactions", [])):
        raise Refused("no_reaction")
    slack.timeline.react(ours, message, name, removed=True)
    return {}


@method("files.info", 4, "files:read")
def file(slack: Platform, call: Call) -> Json:
    """All of a file's description, also of one from outside."""
    found = slack.world.files.get(call.text("file", required=True))
    if found is None:
        raise Refused("file_not_found")
    return {"file": bodies.file(slack.world, found), "comments": [], "response_metadata": {"next_cursor": ""}}


@method("users.list", 2, "users:read")
def users(slack: Platform, call: Call) -> Json:
    """The members of the home workspace."""
    at_home = [bodies.user(slack.world, p) for p in slack.world.people.values() if p.team is slack.world.home]
    page, cursor = paged(call, at_home, 200)
    return {"members": page, "response_metadata": {"next_cursor": cursor}}
