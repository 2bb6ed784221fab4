"""What is told in many places to whoever may not do something."""

from core.domain.cards import Notice

ONLY_ANALYST = Notice("only_analyst")
CARD_UNKNOWN = Notice("card_unknown")
