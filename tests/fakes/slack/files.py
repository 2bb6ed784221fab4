"""Files behind the token, and the page that Slack shows to whoever has none."""

from aiohttp import web

from tests.fakes.slack.platform import Platform
from tests.fakes.slack.refusals import Refused
from tests.fakes.slack.web_api import check_token, token_of


async def download(slack: Platform, request: web.Request) -> web.StreamResponse:
    """The bytes of a file; without a good token and files:read a redirect to the login page."""
    found = slack.world.files.get(request.match_info["name"].partition("-")[2])
    try:
        check_token(slack, token_of(request, {}))
        allowed = "files:read" in slack.world.app.scopes
    except Refused:
        allowed = False
    if not allowed:
        raise web.HTTPFound(f"{slack.world.address}/login?redir={request.path}")
    if found is None:
        raise web.HTTPNotFound
    return web.Response(body=found.content, content_type=found.mimetype)


async def login(request: web.Request) -> web.StreamResponse:
    """A page for people, with status 200."""
    return web.Response(text="<!DOCTYPE html><html><title>Sign in | Slack</title></html>", content_type="text/html")
