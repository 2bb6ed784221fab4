"""Adds since when a message's words are no longer kept, what finds those that are, and the record of what was forgotten."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column and the table."""
    op.add_column("messages", sa.Column("expired_at", sa.BigInteger, nullable=True))
    op.create_index("ix_messages_kept", "messages", ["expired_at", "at"])
    op.create_table(
        "forgettings",
        sa.Column("row", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=True),
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("counts", sa.Text, nullable=False),
        sa.Column("done_at", sa.BigInteger, nullable=True),
        sa.UniqueConstraint("id"),
        sqlite_autoincrement=True,
    )


def downgrade() -> None:
    """Remove them."""
    op.drop_table("forgettings")
    op.drop_index("ix_messages_kept", "messages")
    op.drop_column("messages", "expired_at")
