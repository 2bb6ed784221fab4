"""Adds where a document was read in the end, whether not everybody could open it there, and whether its audience was named. How
the known ones were opened is not known: each is read whole once more."""

import json

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_URLS = """SELECT d.document, d.address, r.after FROM documents AS d LEFT JOIN revisions AS r ON r.subject_id = d.document
WHERE NOT EXISTS (SELECT 1 FROM revisions AS l WHERE l.subject_id = r.subject_id AND l.n > r.n)"""
_NAMED = """UPDATE documents SET named = true
WHERE document IN (SELECT document FROM links WHERE "by" = 'by hand, who may see it was named')"""


def upgrade() -> None:
    """Add the columns, and fill them as far as it is known."""
    op.add_column("documents", sa.Column("place", sa.Text, nullable=False, server_default=""))
    op.add_column("documents", sa.Column("with_credentials", sa.Boolean, nullable=False, server_default=sa.false()))
    op.add_column("documents", sa.Column("named", sa.Boolean, nullable=False, server_default=sa.false()))
    op.create_index("ix_documents_place", "documents", ["place"])
    there = op.get_bind()
    for document, address, after in there.execute(sa.text(_URLS)).fetchall():
        place = (json.loads(after)["url"] if after else "") or address
        there.execute(sa.text("UPDATE documents SET place = :p WHERE document = :d"), {"p": place, "d": document})
    there.execute(sa.text("UPDATE documents SET digest = '', etag = '', modified = ''"))
    there.execute(sa.text(_NAMED))


def downgrade() -> None:
    """Remove them."""
    op.drop_index("ix_documents_place", "documents")
    for name in ("named", "with_credentials", "place"):
        op.drop_column("documents", name)
