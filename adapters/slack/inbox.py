"""What Slack delivers, read and handed to the desk; and what the desk replies at once, shown to the person who asked."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import structlog

from adapters.slack.errors import calling
from adapters.slack.parse import event_of
from adapters.slack.workspace import Workspace
from adapters.slack_payloads.fields import object_in, text_in
from adapters.slack_payloads.head import Refused
from core.domain.cards import Notice, Receipt
from core.domain.errors import VigilError
from core.domain.events import InboundEvent, MessagePosted
from core.ports.clock import Clock

log = structlog.get_logger(__name__)

Body = dict[str, Any]
Receive = Callable[[InboundEvent], Awaitable[Receipt]]
