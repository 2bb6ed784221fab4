"""Adds what stands on an entry: derived entries and citing answers, filled from what is there; when things changed."""

import json

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_HEADS = """SELECT subject_id, after FROM revisions AS r
WHERE NOT EXISTS (SELECT 1 FROM revisions AS l WHERE l.subject_id = r.subject_id AND l.n > r.n)"""


def upgrade() -> None:
    """Make the tables and indexes, and fill the tables."""
    derivations = op.create_table(
        "derivations",
        sa.Column("entry", sa.Text, primary_key=True, nullable=False),
        sa.Column("source", sa.Text, primary_key=True, nullable=False),
    )
    answers = sa.ForeignKey("answers.id", ondelete="CASCADE", deferrable=True, initially="DEFERRED")
    cited = op.create_table(
        "cited",
        sa.Column("answer", sa.Text, answers, primary_key=True, nullable=False),
        sa.Column("entry", sa.Text, primary_key=True, nullable=False),
    )
    op.create_index("ix_derivations_source", "derivations", ["source"])
    op.create_index("ix_cited_entry", "cited", ["entry"])
    op.create_index("ix_revisions_at", "revisions", ["at"])
    op.create_index("ix_answers_sent_at", "answers", ["sent_at"])
    there = op.get_bind()
    derived = {
        (entry, source)
        for entry, after in there.execute(sa.text(_HEADS))
        for source in json.loads(after)["derived_from"]
    }
    citing = {
        (answer, one["entry"])
        for answer, citations in there.execute(sa.text("SELECT id, citations FROM answers"))
        for one in json.loads(citations)
    }
    op.bulk_insert(derivations, [{"entry": entry, "source": source} for entry, source in sorted(derived)])
    op.bulk_insert(cited, [{"answer": answer, "entry": entry} for answer, entry in sorted(citing)])


def downgrade() -> None:
    """Remove them."""
    op.drop_index("ix_answers_sent_at", "answers")
    op.drop_index("ix_revisions_at", "revisions")
    op.drop_table("cited")
    op.drop_table("derivations")
