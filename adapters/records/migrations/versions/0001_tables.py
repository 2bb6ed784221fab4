"""Creates every table."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def _row() -> sa.Column[Any]:
    return sa.Column("row", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=True)


def _session() -> sa.Column[Any]:
    to = sa.ForeignKey("sessions.id", ondelete="CASCADE", deferrable=True, initially="DEFERRED")
    return sa.Column("session", sa.Text, to, nullable=False)


def _text(name: str, *, nullable: bool = False, primary_key: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Text, nullable=nullable, primary_key=primary_key)


def _time(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.BigInteger, nullable=nullable)  # UTC microseconds since 1970


def _whole(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Integer, nullable=False)


def _real(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Float, nullable=nullable)


def _flag(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Boolean, nullable=False)


def upgrade() -> None:
    """Create the tables of DESIGN section 7 and their indexes."""
    op.create_table(
        "events", _row(), _text("source"), _text("external_id"), _text("type"), _time("at"),
        _text("platform", nullable=True), _text("workspace", nullable=True), _text("channel", nullable=True),
        _text("message_id", nullable=True), _text("body"),
        sa.UniqueConstraint("source", "external_id", name="uq_events_external"), sqlite_autoincrement=True,
    )  # fmt: skip
    op.create_table(
        "channels", _text("platform", primary_key=True), _text("workspace", primary_key=True),
        _text("channel", primary_key=True), _text("name"), _flag("external"), _text("organisations"),
        _text("settings"),
    )  # fmt: skip
    op.create_table(
        "people", _text("platform", primary_key=True), _text("id", primary_key=True), _text("name"),
        _text("organisation"), _flag("is_bot"),
    )  # fmt: skip
    op.create_table(
        "sessions", _row(), _text("id"), _text("platform"), _text("workspace"), _text("channel"), _text("thread"),
        _text("opener"), _time("opened_at"), _time("last_at"), _flag("threaded"), _text("kind"), _text("phase"),
        _whole("seq"), _time("closed_at", nullable=True), _text("close_reason"), sa.UniqueConstraint("id"),
        sqlite_autoincrement=True,
    )  # fmt: skip
    op.create_table(
        "messages", _row(), _text("id"), _session(), _text("platform_id"), _whole("seq"), _time("at"), _text("author"),
        _text("role"), _text("basis"), _text("text"), _flag("direct"), _text("attachments"),
        _text("turn", nullable=True), _time("edited_at", nullable=True), _time("deleted_at", nullable=True),
        sa.UniqueConstraint("id"), sqlite_autoincrement=True,
    )  # fmt: skip
    op.create_table(
        "questions", _row(), _text("id"), _session(), _text("messages"), _time("asked_at"), _text("query"),
        _text("context"), _text("class_", nullable=True), _text("state"), _text("language"), _flag("direct"), _whole("tries"),
        _text("merged_into", nullable=True), sa.UniqueConstraint("id"), sqlite_autoincrement=True,
    )  # fmt: skip
    op.create_table(
        "turns", _row(), _text("id"), _session(), _whole("as_of"), _time("at"), _text("messages"), _text("questions"),
        _text("delivery"), _text("delivery_reason"), _text("card", nullable=True), _text("ms"), _whole("tokens"),
        _real("lead_s", nullable=True), sa.UniqueConstraint("id"), sqlite_autoincrement=True,
    )  # fmt: skip
    op.create_table(
        "decided_turns", _row(), _text("turn"), sa.UniqueConstraint("turn"), sqlite_autoincrement=True,
    )  # fmt: skip
    op.create_table(
        "answers", _row(), _text("id"), _text("question"), _session(), _text("claims"), _text("citations"),
        _text("card", nullable=True), _time("sent_at", nullable=True), _time("withdrawn_at", nullable=True),
        sa.UniqueConstraint("id"), sqlite_autoincrement=True,
    )  # fmt: skip
    op.create_table(
        "runs", _row(), _text("id"), _text("task"), _text("prompt_hash"), _text("model"), _time("at"),
        _text("session", nullable=True), _text("question", nullable=True), _text("inputs"), _text("evidence"),
        _text("output"), _real("ms"), _whole("tokens"), sa.UniqueConstraint("id"), sqlite_autoincrement=True,
    )  # fmt: skip
    op.create_table(
        "feedback", _row(), _text("id"), _text("target_kind"), _text("target"), _text("actor"), _text("role"),
        _text("kind"), _text("text"), _time("at"), sa.UniqueConstraint("id"), sqlite_autoincrement=True,
    )  # fmt: skip
    op.create_table(
        "outbox", _row(), _text("card_id"), _text("session"), _whole("as_of"), _text("payload"), _text("state"),
        _time("not_before"), _time("not_after"), _time("sending_at", nullable=True),
        _text("platform_id", nullable=True), _text("reason"), _whole("attempts"), sa.UniqueConstraint("card_id"),
        sqlite_autoincrement=True,
    )  # fmt: skip
    op.create_table(
        "jobs", _text("lane", primary_key=True), _text("key", primary_key=True), _time("run_at"), _time("first_at"),
        _whole("generation"), _whole("attempts"), _time("lease_until", nullable=True), _text("owner"), _text("state"),
        _text("reason"),
    )  # fmt: skip
    op.create_table(
        "revisions", _row(), _text("subject_kind"), _text("subject_id"), _whole("n"), _text("change"), _text("after"),
        _time("at"), _text("why"), _text("job"), _text("from_messages"), _time("projected_at", nullable=True),
        sa.UniqueConstraint("subject_id", "n", "subject_kind", name="uq_revisions_subject"), sqlite_autoincrement=True,
    )  # fmt: skip
    op.create_table(
        "entry_sources", _text("entry", primary_key=True), _text("message", primary_key=True), _whole("position"),
    )  # fmt: skip
    op.create_table(
        "meta", _text("key", primary_key=True), _text("value"),
    )  # fmt: skip
    op.create_index(
        "uq_events_message",
        "events",
        ["platform", "workspace", "channel", "message_id"],
        unique=True,
        sqlite_where=sa.text("type = 'message_posted'"),
        postgresql_where=sa.text("type = 'message_posted'"),
    )
    op.create_index("ix_people_organisation", "people", ["platform", "organisation"])
    op.create_index("ix_sessions_last_at", "sessions", ["platform", "workspace", "channel", "last_at"])
    op.create_index("ix_sessions_thread", "sessions", ["platform", "workspace", "channel", "thread"])
    op.create_index("ix_messages_session", "messages", ["session"])
    op.create_index("ix_questions_session", "questions", ["session"])
    op.create_index("ix_turns_session", "turns", ["session"])
    op.create_index("ix_answers_session", "answers", ["session"])
    op.create_index("ix_runs_session", "runs", ["session"])
    op.create_index("ix_feedback_target", "feedback", ["target_kind", "target"])
    op.create_index("ix_outbox_due", "outbox", ["state", "not_before"])
    op.create_index("ix_outbox_session", "outbox", ["session", "state"])
    op.create_index("ix_jobs_due", "jobs", ["state", "run_at"])
    op.create_index("ix_revisions_job", "revisions", ["job", "subject_id"])
    op.create_index("ix_revisions_pending", "revisions", ["projected_at", "row"])
    op.create_index("ix_entry_sources_message", "entry_sources", ["message"])
