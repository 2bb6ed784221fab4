"""Adds the calls of models: when, for what, how many tokens, how much money."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table and its index."""
    op.create_table(
        "calls",
        sa.Column("row", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=True),
        sa.Column("at", sa.BigInteger, nullable=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("task", "model")),
        sa.Column("session", sa.Text, nullable=True),
        *(sa.Column(f"{name}_tokens", sa.Integer, nullable=False) for name in ("input", "output", "cached", "written")),
        sa.Column("usd", sa.Float, nullable=True),
        sa.Column("ms", sa.Float, nullable=False),
        sa.Column("outcome", sa.Text, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_calls_at", "calls", ["at"])


def downgrade() -> None:
    """Remove it."""
    op.drop_table("calls")
