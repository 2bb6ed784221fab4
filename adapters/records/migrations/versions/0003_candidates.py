"""Adds the entries that wait for an approval, filled from the heads, and indexes that count changes and find late turns."""

import json

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_HEADS = """SELECT subject_id, after FROM revisions AS r
WHERE NOT EXISTS (SELECT 1 FROM revisions AS l WHERE l.subject_id = r.subject_id AND l.n > r.n)"""
_HISTORY = "SELECT at, after FROM revisions WHERE subject_id = :entry ORDER BY n DESC"


def upgrade() -> None:
    """Make the table and the indexes, and fill the table."""
    candidates = op.create_table(
        "candidates",
        sa.Column("entry", sa.Text, primary_key=True, nullable=False),
        sa.Column("since", sa.BigInteger, nullable=False),
    )
    op.create_index("ix_candidates_since", "candidates", ["since", "entry"])
    op.create_index("ix_turns_at", "turns", ["at"])
    op.create_index("ix_revisions_change", "revisions", ["change", "at"])
    there = op.get_bind()
    waiting = [entry for entry, after in there.execute(sa.text(_HEADS)) if _waits(after)]
    op.bulk_insert(candidates, [{"entry": entry, "since": _since(there, entry)} for entry in sorted(waiting)])


def _waits(after: str) -> bool:
    return bool(json.loads(after)["status"] == "candidate")


def _since(there: sa.Connection, entry: str) -> int:
    """When it began to wait: at the first of the candidate revisions that end with its head."""
    since = 0
    for at, after in there.execute(sa.text(_HISTORY), {"entry": entry}):
        if not _waits(after):
            break
        since = at
    return since


def downgrade() -> None:
    """Remove them."""
    op.drop_index("ix_revisions_change", "revisions")
    op.drop_index("ix_turns_at", "turns")
    op.drop_table("candidates")
