"""The tables of DESIGN section 7. A change here needs a migration; a test compares both.

``row`` counts in the order of recording and is never given twice; other columns are named as the fields of the domain.
What is queried has a column of its own, what is nested (``Text`` columns) is JSON.
"""

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from adapters.records.columns import Plain, Utc

# The newest migration: a file at this revision is opened without loading Alembic.
REVISION = "0008"

metadata = MetaData()


def _row() -> Column[Any]:
    return Column("row", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True)


def _session() -> Column[Any]:
    # Deferred: within one transaction the order of writing is free.
    to = ForeignKey("sessions.id", ondelete="CASCADE", deferrable=True, initially="DEFERRED")
    return Column("session", Plain, to, nullable=False, index=True)


def _plain(name: str, *, null: bool = False, key: bool = False, unique: bool = False) -> Column[Any]:
    return Column(name, Plain, nullable=null, primary_key=key, unique=unique or None)


def _utc(name: str, *, null: bool = False) -> Column[Any]:
    return Column(name, Utc, nullable=null)


def _json(name: str) -> Column[Any]:
    return Column(name, Text, nullable=False)


def _integer(name: str) -> Column[Any]:
    return Column(name, Integer, nullable=False)


def _boolean(name: str) -> Column[Any]:
    return Column(name, Boolean, nullable=False)


def _float(name: str, *, null: bool = False) -> Column[Any]:
    return Column(name, Float, nullable=null)


events = Table(
    "events", metadata, _row(), _plain("source"), _plain("external_id"), _plain("type"), _utc("at"),
    _plain("platform", null=True), _plain("workspace", null=True), _plain("channel", null=True),
    _plain("message_id", null=True), _json("body"),
    UniqueConstraint("source", "external_id", name="uq_events_external"),
    sqlite_autoincrement=True,
)  # fmt: skip
# Platforms announce one message more than once, under different event ids.
Index(
    "uq_events_message", events.c.platform, events.c.workspace, events.c.channel, events.c.message_id, unique=True,
    sqlite_where=text("type = 'message_posted'"), postgresql_where=text("type = 'message_posted'"),
)  # fmt: skip

channels = Table(
    "channels", metadata, _plain("platform", key=True), _plain("workspace", key=True), _plain("channel", key=True),
    _plain("name"), _boolean("external"), _json("organisations"), _json("settings"),
)  # fmt: skip

people = Table(
    "people", metadata, _plain("platform", key=True), _plain("id", key=True),
    _plain("name"), _plain("organisation"), _boolean("is_bot"),
    Index("ix_people_organisation", "platform", "organisation"),
)  # fmt: skip

sessions = Table(
    "sessions", metadata, _row(), _plain("id", unique=True), _plain("platform"), _plain("workspace"), _plain("channel"),
    _plain("thread"), _json("opener"), _utc("opened_at"), _utc("last_at"), _boolean("threaded"), _plain("kind"),
    _plain("phase"), _integer("seq"), _utc("closed_at", null=True), _plain("close_reason"),
    Index("ix_sessions_thread", "platform", "workspace", "channel", "thread"),
    Index("ix_sessions_last_at", "platform", "workspace", "channel", "last_at"),
    sqlite_autoincrement=True,
)  # fmt: skip

messages = Table(
    "messages", metadata, _row(), _plain("id", unique=True), _session(), _plain("platform_id"), _integer("seq"), _utc("at"),
    _json("author"), _plain("role"), _plain("basis"), _plain("text"), _boolean("direct"), _json("attachments"),
    _plain("turn", null=True), _utc("edited_at", null=True), _utc("deleted_at", null=True), _plain("thread"),
    _utc("expired_at", null=True), Index("ix_messages_kept", "expired_at", "at"),
    sqlite_autoincrement=True,
)  # fmt: skip

questions = Table(
    "questions", metadata, _row(), _plain("id", unique=True), _session(), _json("messages"), _utc("asked_at"),
    _plain("query"), _plain("context"), _plain("class_", null=True), _plain("state"), _plain("language"), _boolean("direct"),
    _integer("tries"), _plain("merged_into", null=True),
    sqlite_autoincrement=True,
)  # fmt: skip

turns = Table(
    "turns", metadata, _row(), _plain("id", unique=True), _session(), _integer("as_of"), _utc("at"), _json("messages"),
    _json("questions"), _plain("delivery"), _plain("delivery_reason"), _plain("card", null=True), _json("ms"),
    _integer("tokens"), _float("lead_s", null=True),
    Index("ix_turns_at", "at"),
    sqlite_autoincrement=True,
)  # fmt: skip

# In which order the delivery of turns was decided: the journal tells them in this order.
decided_turns = Table("decided_turns", metadata, _row(), _plain("turn", unique=True), sqlite_autoincrement=True)

answers = Table(
    "answers", metadata, _row(), _plain("id", unique=True), _plain("question"), _session(), _json("claims"),
    _json("citations"), _plain("card", null=True), _utc("sent_at", null=True), _utc("withdrawn_at", null=True),
    Index("ix_answers_sent_at", "sent_at"),
    sqlite_autoincrement=True,
)  # fmt: skip

runs = Table(
    "runs", metadata, _row(), _plain("id", unique=True), _plain("task"), _plain("prompt_hash"), _plain("model"), _utc("at"),
    _plain("session", null=True), _plain("question", null=True), _plain("inputs"), _plain("evidence"), _plain("output"),
    _float("ms"), _integer("tokens"),
    Index("ix_runs_session", "session"),
    sqlite_autoincrement=True,
)  # fmt: skip

feedback = Table(
    "feedback", metadata, _row(), _plain("id", unique=True), _plain("target_kind"), _plain("target"), _plain("actor"),
    _plain("role"), _plain("kind"), _plain("text"), _utc("at"),
    Index("ix_feedback_target", "target_kind", "target"),
    sqlite_autoincrement=True,
)  # fmt: skip

outbox = Table(
    "outbox", metadata, _row(), _plain("card_id", unique=True), _plain("session"), _integer("as_of"), _json("payload"),
    _plain("state"), _utc("not_before"), _utc("not_after"), _utc("sending_at", null=True), _plain("platform_id", null=True),
    _plain("reason"), _integer("attempts"),
    Index("ix_outbox_due", "state", "not_before"),
    Index("ix_outbox_session", "session", "state"),
    sqlite_autoincrement=True,
)  # fmt: skip

jobs = Table(
    "jobs", metadata, _plain("lane", key=True), _plain("key", key=True), _utc("run_at"), _utc("first_at"),
    _integer("generation"), _integer("attempts"), _utc("lease_until", null=True), _plain("owner"), _plain("state"),
    _plain("reason"),
    Index("ix_jobs_due", "state", "run_at"),
)  # fmt: skip

revisions = Table(
    "revisions", metadata, _row(), _plain("subject_kind"), _plain("subject_id"), _integer("n"), _plain("change"),
    _json("after"), _utc("at"), _plain("why"), _plain("job"), _json("from_messages"), _utc("projected_at", null=True),
    UniqueConstraint("subject_id", "n", "subject_kind", name="uq_revisions_subject"),
    Index("ix_revisions_job", "job", "subject_id"),
    Index("ix_revisions_pending", "projected_at", "row"),
    Index("ix_revisions_at", "at"),
    Index("ix_revisions_change", "change", "at"),
    sqlite_autoincrement=True,
)  # fmt: skip

entry_sources = Table(
    "entry_sources", metadata, _plain("entry", key=True), _plain("message", key=True), _integer("position"),
    Index("ix_entry_sources_message", "message"),
)  # fmt: skip

# What an entry's head is derived from, and which entries an answer cites: both are also in the JSON of their rows.
derivations = Table(
    "derivations", metadata, _plain("entry", key=True), _plain("source", key=True),
    Index("ix_derivations_source", "source"),
)  # fmt: skip

# The entries whose head is a candidate, and since when they wait.
candidates = Table(
    "candidates", metadata, _plain("entry", key=True), _utc("since"),
    Index("ix_candidates_since", "since", "entry"),
)  # fmt: skip

_citing = ForeignKey("answers.id", ondelete="CASCADE", deferrable=True, initially="DEFERRED")
cited = Table(
    "cited", metadata, Column("answer", Plain, _citing, primary_key=True),
    _plain("entry", key=True),
    Index("ix_cited_entry", "entry"),
)  # fmt: skip

# What models were asked, as far as it costs; nothing of what was said.
calls = Table(
    "calls", metadata, _row(), _utc("at"), _plain("task"), _plain("model"), _plain("session", null=True),
    _integer("input_tokens"), _integer("output_tokens"), _integer("cached_tokens"), _integer("written_tokens"),
    _float("usd", null=True), _float("ms"), _plain("outcome"),
    Index("ix_calls_at", "at"),
    sqlite_autoincrement=True,
)  # fmt: skip

# Where documents come from, and which addresses people named.
documents = Table(
    "documents", metadata, _plain("document", key=True), _plain("address"), _utc("read_at"), _plain("digest"),
    _plain("etag"), _plain("modified"), _utc("gone_at", null=True), _integer("failures"), _plain("failure"),
    _plain("place"), _boolean("with_credentials"), _boolean("named"), Index("ix_documents_place", "place"),
)  # fmt: skip
links = Table(
    "links", metadata, _plain("message", key=True), _plain("address", key=True), _plain("document", null=True),
    _plain("by"), _plain("reason"), _utc("at"),
    Index("ix_links_document", "document"), Index("ix_links_address", "address"), Index("ix_links_at", "at"),
)  # fmt: skip

# That something was forgotten, and how much; nothing of whom.
forgettings = Table(
    "forgettings", metadata, _row(), _plain("id", unique=True), _plain("kind"), _utc("at"), _json("counts"),
    _utc("done_at", null=True),
    sqlite_autoincrement=True,
)  # fmt: skip

# Facts about the whole file, (`early:` and the message) changes that came before their message, and (`mark:` and a name) how
# far something has been read.
meta = Table("meta", metadata, _plain("key", key=True), _plain("value"))
