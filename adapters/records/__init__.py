"""The SQL records. ``open_records`` gives them; the rest is how."""

from adapters.records.opening import open_records
from adapters.records.records import SqlRecords

__all__ = ["SqlRecords", "open_records"]
