"""The port for read-only tools that an answer may consult."""

from typing import Protocol

from core.domain.answers import Observation


class DataSource(Protocol):
    """A tool that only reads. A caller says per call whether its result is mandatory or optional."""

    def describe(self) -> str:
        """Say in a sentence what it knows, and name its parameters."""
        ...

    async def fetch(self, params: str) -> Observation:
        """Look it up; ``params`` is a JSON object as ``describe`` names it. Raises ``TransientError`` or ``CallerError``."""
        ...
