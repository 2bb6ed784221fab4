"""What a server answered, looked at before anything relies on it: the SDK builds a message of whatever comes."""

from anthropic.types import CitationsSearchResultLocation, ContentBlock, Message, TextBlock

from adapters.engine.claude.encodable import encodable
from adapters.engine.claude.failures import UNREACHABLE
from core.domain.errors import TransientError
from core.domain.tasks import Usage


def sound(message: object) -> Message:
    """The message, its texts such that they can be stored, with those citations only that name a search result. Raises
    ``TransientError`` for what is none: no list of blocks, a text without text, no count of tokens."""
    if not isinstance(message, Message) or not isinstance(getattr(message, "content", None), list):
        raise TransientError(UNREACHABLE)
    told = getattr(message, "usage", None)
    if not all(_is_count(getattr(told, name, None)) for name in ("input_tokens", "output_tokens")):
        raise TransientError(UNREACHABLE)
    stop = getattr(message, "stop_reason", None)
    blocks = [_sound_block(block) for block in message.content]
    return message.model_copy(update={"content": blocks, "stop_reason": stop if isinstance(stop, str) else None})


def text_of(message: Message) -> str:
    """All that it says, without its thoughts."""
    return "".join(block.text for block in message.content if isinstance(block, TextBlock))


def usage_of(message: Message) -> Usage:
    """What was read includes what came from the cache and what was written to it."""
    told = message.usage
    cached, written = (
        count if _is_count(count) else 0
        for count in (getattr(told, "cache_read_input_tokens", 0), getattr(told, "cache_creation_input_tokens", 0))
    )
    return Usage(told.input_tokens + cached + written, told.output_tokens, cached, written)


def _is_count(value: object) -> bool:
    return type(value) is int and value >= 0


def _sound_block(block: ContentBlock) -> ContentBlock:
    if not isinstance(block, TextBlock):
        return block
    text, cited = getattr(block, "text", None), getattr(block, "citations", None)
    if not isinstance(text, str):
        raise TransientError(UNREACHABLE)
    kept = [one for one in cited if _names_result(one)] if isinstance(cited, list) else []
    return block.model_copy(update={"text": encodable(text), "citations": kept})


def _names_result(one: object) -> bool:
    number, words = getattr(one, "search_result_index", None), getattr(one, "cited_text", None)
    named = getattr(one, "type", None) == "search_result_location" and _is_count(number)
    return isinstance(one, CitationsSearchResultLocation) and named and isinstance(words, str)
