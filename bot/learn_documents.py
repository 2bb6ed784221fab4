"""``vigil learn URL|FILE...``: documents named by hand."""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import batched
from pathlib import Path

from adapters.terminal.plain import one_line, safe
from adapters.terminal.words import count
from bot.called import as_called
from bot.kb_changes import audience_named, working
from bot.settings import Settings
from bot.wiring import opened_documents
from core.desk.by_hand import settle
from core.desk.context import Desk
from core.desk.documents import found_gone, keep, order_refresh
from core.domain.documents import Gone, Link, Page, Reading
from core.domain.errors import CallerError, VigilError
from core.domain.ids import SHORT, EntryId
from core.domain.knowledge import Audience, EntryStatus
from core.knowledge.chunking import parts_of
from core.learn.ingest_documents import audience_for, canonical
from core.ports.documents import Documents
