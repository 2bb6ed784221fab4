"""A channel's ids: Slack may give a channel another one when it gets shared. Ours is the first for ever. Pure."""

from collections.abc import Sequence


class ChannelIds:
    """Translates between the id under which we know a channel and the one under which Slack knows it now."""

    def __init__(self) -> None:
        self._first: dict[str, str] = {}
        self._later: dict[str, tuple[str, ...]] = {}

    def first(self, channel: str) -> str:
        """The id under which we know a channel that Slack names by any id it has or had."""
        return self._first.get(channel, channel)

    def present(self, channel: str) -> str:
        """The id under which Slack knows a channel now, whichever of its ids is given."""
        return self._later.get(self.first(channel), (channel,))[-1]

    def put(self, first: str, later: Sequence[str]) -> None:
        """Take the ids that a channel got behind its first one, oldest first."""
        self._later[first] = tuple(later)
        self._first |= dict.fromkeys(later, first)

    def with_change(self, old: str, new: str) -> tuple[str, tuple[str, ...]]:
        """The channel's first id and those behind it, once ``old`` has become ``new``; nothing is changed by asking."""
        first = self.first(old)
        known = self._later.get(first, ())
        return first, known if new == self.present(old) else (*known, new)
