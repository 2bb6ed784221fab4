"""People, channels, groups, files and messages as Slack writes them in JSON."""

from tests.fakes.slack.refusals import Json
from tests.fakes.slack.world import Channel, File, Group, Message, Person, World


def user(world: World, person: Person, *, with_email: bool = False, with_locale: bool = False) -> Json:
    """The user object; of strangers it tells less, as ``users.info`` does."""
    home = person.team is world.home
    profile: Json = {"real_name": person.name, "display_name": person.name.split()[0].lower(), "team": person.team.id}
    if with_email and home and not person.bot_id:
        profile["email"] = f"{person.name.split()[0].lower()}@{person.team.domain}.example"
    body: Json = {
        "id": person.id,
        "team_id": person.team.id,
        "name": person.name.split()[0].lower(),
        "deleted": person.deleted,
        "is_bot": bool(person.bot_id),
        "is_restricted": person.is_restricted,
        "is_ultra_restricted": person.is_ultra_restricted,
        "profile": profile,
    }
    if home:
        body |= {"real_name": person.name, "tz": "Europe/Berlin", "is_admin": False, "is_owner": False}
    else:
        body["is_stranger"] = True
    if with_locale and home:
        body["locale"] = person.locale
    return body


def user_profile(person: Person) -> Json:
    """What an event tells of an author from outside."""
    first = person.name.split()[0]
    return {
        "avatar_hash": "0",
        "first_name": first,
        "real_name": person.name,
        "display_name": first.lower(),
        "team": person.team.id,
        "name": first.lower(),
        "is_restricted": person.is_restricted,
        "is_ultra_restricted": person.is_ultra_restricted,
    }


def bot_profile(world: World, bot: Person) -> Json:
    """What a message tells of the bot that wrote it."""
    app = world.app.id if bot is world.app.bot else f"A{bot.bot_id[1:]}"
    return {
        "id": bot.bot_id,
        "app_id": app,
        "user_id": bot.id,
        "name": bot.name,
        "deleted": False,
        "updated": 0,
        "team_id": bot.team.id,
    }


def channel(world: World, one: Channel) -> Json:
    """The conversation object as the app's bot sees it."""
    shared = [team.id for team in one.shared_with]
    body: Json = {
        "id": one.id,
        "created": 1,
        "is_channel": one.kind == "channel",
        "is_group": one.kind == "group",
        "is_im": one.kind == "im",
        "is_mpim": one.kind == "mpim",
        "is_private": one.is_private,
        "is_archived": one.is_archived,
        "is_shared": bool(shared),
        "is_ext_shared": bool(shared),
        "is_org_shared": False,
        "is_pending_ext_shared": False,
        "pending_shared": [],
        "context_team_id": world.home.id,
    }
    if one.kind == "im":
        return body | {"user": next(person.id for person in one.members if person is not world.app.bot)}
    if shared:
        body |= {"connected_team_ids": shared, "shared_team_ids": [one.team.id, *shared]}
    topic = {"value": "", "creator": "", "last_set": 0}
    return body | {
        "name": one.name,
        "name_normalized": one.name,
        "is_member": world.bot_is_in(one),
        "topic": topic,
        "purpose": dict(topic),
    }


def group(world: World, one: Group) -> Json:
    """The user group object, without its members."""
    return {
        "id": one.id,
        "team_id": world.home.id,
        "is_usergroup": True,
        "name": one.handle,
        "handle": one.handle,
        "is_external": False,
        "date_delete": 0,
        "user_count": len(one.members),
    }


def file(world: World, one: File, *, as_stub: bool = False) -> Json:
    """The file object; what was shared from outside comes as a stub in events."""
    if as_stub:
        return {
            "id": one.id,
            "created": 0,
            "mode": "file_access",
            "file_access": "check_file_info",
            "user": one.author.id,
        }
    address = f"{world.address}/files-pri/{one.author.team.id}-{one.id}"
    return {
        "id": one.id,
        "created": 0,
        "name": one.name,
        "title": one.name,
        "mimetype": one.mimetype,
        "filetype": one.name.rpartition(".")[2],
        "size": len(one.content),
        "mode": "hosted",
        "is_external": False,
        "user": one.author.id,
        "user_team": one.author.team.id,
        "url_private": f"{address}/{one.name}",
        "url_private_download": f"{address}/download/{one.name}",
    }


def message(one: Message, *, with_metadata: bool = False) -> Json:
    """The message as history and replies tell it: a root also counts its replies."""
    body = dict(one.body)
    replies = [] if one.is_reply else one.channel.thread(one.ts)[1:]
    if replies:
        body |= {
            "thread_ts": one.ts,
            "reply_count": len(replies),
            "reply_users": sorted({m.body["user"] for m in replies}),
            "reply_users_count": len({m.body["user"] for m in replies}),
            "latest_reply": replies[-1].ts,
        }
    if with_metadata and one.metadata:
        body["metadata"] = one.metadata
    return body
