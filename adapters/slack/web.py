"""The Web API client as we want it: one pooled session, no retries of its own (they can post twice), proxies by the rules."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

TIMEOUT_S = 20
SLACK_API = "https://slack.com/api/"


@asynccontextmanager
async def opened_client(token: str, base_url: str = SLACK_API) -> AsyncIterator[AsyncWebClient]:
    """Open a client for one token and close it at the end. ``base_url`` is the API's, for GovSlack or tests.

    ``slack_sdk`` would send again after a lost connection, which posts a message twice; every caller here decides by itself. It
    also knows no ``NO_PROXY``, which the session does.
    """
    base_url = base_url if base_url.endswith("/") else f"{base_url}/"
    timeout = aiohttp.ClientTimeout(total=TIMEOUT_S)
    async with aiohttp.ClientSession(trust_env=True, timeout=timeout) as session:
        client = AsyncWebClient(token, base_url, TIMEOUT_S, session=session, retry_handlers=[])
        client.proxy = None
        yield client


def proxy_for(address: str) -> str | None:
    """The proxy of the environment for a websocket's address, ``NO_PROXY`` honoured: that of HTTPS for ``wss``, of HTTP for
    ``ws``. aiohttp would look for one of its own name."""
    url = urlsplit(address)
    if proxy_bypass(url.hostname or ""):
        return None
    return getproxies().get("https" if url.scheme == "wss" else "http")
