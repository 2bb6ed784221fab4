"""What Slack delivers, read and handed to the desk; and what the desk replies at once, shown to the person who asked."""

from collections.abc import Awaitable, Callable
from typing import Any

import structlog

from core.domain.events import InboundEvent
from core.domain.replies import Receipt

log = structlog.get_logger(__name__)

Body = dict[str, Any]
Receive = Callable[[InboundEvent], Awaitable[Receipt]]
