"""Adds where documents come from, and who linked them."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables and their indexes."""
    op.create_table(
        "documents",
        sa.Column("document", sa.Text, primary_key=True),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("read_at", sa.BigInteger, nullable=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("digest", "etag", "modified")),
        sa.Column("gone_at", sa.BigInteger, nullable=True),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("failure", sa.Text, nullable=False),
    )
    op.create_table(
        "links",
        *(sa.Column(name, sa.Text, primary_key=True) for name in ("message", "address")),
        sa.Column("document", sa.Text, nullable=True),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("by", "reason")),
        sa.Column("at", sa.BigInteger, nullable=False),
    )
    for name in ("document", "address", "at"):
        op.create_index(f"ix_links_{name}", "links", [name])


def downgrade() -> None:
    """Remove them."""
    op.drop_table("links")
    op.drop_table("documents")
