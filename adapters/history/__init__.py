"""Exported history as events. ``read_export`` reads a Slack export folder."""

from adapters.history.skips import Skipped
from adapters.history.slack_export import Export, read_export

__all__ = ["Export", "Skipped", "read_export"]
