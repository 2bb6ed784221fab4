"""The parser of documents in this process, for tests that are about what is fetched."""

from adapters.documents.kinds import Kind
from adapters.documents.parse_process import answer_to
from adapters.documents.worker import Parsed, parsed_of


class ParserHere:
    """Takes documents apart here and now."""

    async def parse(self, kind: Kind, body: bytes, charset: str, shown: str) -> Parsed:
        """As ``Worker``, without a process."""
        return parsed_of(answer_to(kind, body, charset), shown)
