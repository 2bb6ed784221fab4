"""What a support team has set for the whole process, as core needs it. Times in seconds of platform time unless said."""

from dataclasses import dataclass
from datetime import datetime

from core.domain.channels import DeliveryMode

DEFAULT_SCOPE = (
    "Features, usage, configuration, code examples, errors and troubleshooting of the team's products: "
    "how to use, set up, install, connect, integrate or fix them."
)


RESOLVE_REACTIONS = frozenset({"white_check_mark", "heavy_check_mark", "resolved"})


@dataclass(frozen=True, slots=True)
class Policy:
    """The team's settings. ``analyst_channel`` is where drafts go where a channel names none of its own, ``answer_budget_s`` is
    real time for the whole answer, ``send_delay_s`` how long a card waits in a replay before it counts as posted, ``posting``
    off means that answers are only recorded (backfill). ``accept_reactions`` stand for a click on Accept, ``resolve_reactions``
    close a session. ``lessons_per_day`` is how many a requester or a presumed analyst may teach in a UTC day; the excess waits.
    Of the links of analysts ``links_per_message`` and ``links_per_day`` are read, and read again after about ``refresh_s``.
    While a remote engine cannot answer, ``fallback_speaks`` lets the one on this machine answer unasked, too;
    ``skips_small_talk`` lets that one class obvious small talk without asking the remote one. ``review`` off leaves the entries
    behind answers as they are, and nothing is learned from dialogues after ``learn_until``: both only for measuring.
    Transcripts are kept for ``retention_days``, what models were given and gave for ``runs_retention_days``."""

    analysts: frozenset[str] = frozenset()
    analyst_groups: frozenset[str] = frozenset()
    analyst_channel: str | None = None
    mode: DeliveryMode = DeliveryMode.AUTO
    scope: str = DEFAULT_SCOPE
    burst_quiet_s: float = 2.0
    burst_at_most_s: float = 8.0
    group_within_s: float = 300.0
    settle_s: float = 600.0
    settle_at_most_s: float = 1200.0
    close_after_s: float = 86_400.0
    answer_within_s: float = 600.0
    answer_budget_s: float = 10.0
    send_delay_s: float = 0.0
    tries_before_close: int = 3
    lessons_per_day: int = 20
    links_per_message: int = 5
    links_per_day: int = 50
    refresh_s: float = 86_400.0
    resolve_reactions: frozenset[str] = RESOLVE_REACTIONS
    accept_reactions: frozenset[str] = frozenset()
    posting: bool = True
    fallback_speaks: bool = False
    skips_small_talk: bool = False
    review: bool = True
    learn_until: datetime | None = None
    retention_days: int = 30
    runs_retention_days: int = 90

    def learns_at(self, now: datetime) -> bool:
        """Whether dialogues still teach at this time."""
        return self.learn_until is None or now <= self.learn_until
