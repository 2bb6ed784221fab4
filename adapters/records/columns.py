"""How values are kept in columns: times as UTC microseconds, texts that any database takes, nested values as JSON."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Generic, TypeVar

from pydantic import JsonValue, TypeAdapter
from pydantic_core import PydanticSerializationError
from sqlalchemy import BigInteger, Dialect, Text
from sqlalchemy.types import TypeDecorator
from typing_extensions import override

T = TypeVar("T")

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_REPLACEMENT = "\ufffd"


class Utc(TypeDecorator[datetime]):
    """An aware time as microseconds since 1970 UTC: exact, sortable, the same in every database. A naive time is an error."""

    impl = BigInteger
    cache_ok = True

    @override
    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        return None if value is None else (value - _EPOCH) // _MICROSECOND

    @override
    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        return None if value is None else _EPOCH + timedelta(microseconds=value)


class Plain(TypeDecorator[str]):
    """Text, cleaned on the way in, also where it is compared with."""

    impl = Text
    cache_ok = True

    @override
    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else clean(value)


def clean(text: str) -> str:
    """Put U+FFFD in place of NUL and of lone surrogates; halves of a surrogate pair become the character they mean.

    Platforms and exports do send both. Neither is text in UTF-8 and SQL, and an event that cannot be stored would come
    again for ever.
    """
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError:
            text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return str(text).replace("\0", _REPLACEMENT)


class Nested(Generic[T]):
    """A nested value of the domain kept as JSON text, cleaned as ``clean`` does.

    ``build`` is called at the first use: building an adapter takes milliseconds and lets pydantic look for plugins.
    """

    def __init__(self, build: Callable[[], TypeAdapter[T]]) -> None:
        self._build = build

    @cached_property
    def _adapter(self) -> TypeAdapter[T]:
        return self._build()

    def load(self, text: str) -> T:
        """Give the value of a text that ``dump`` gave."""
        return self._adapter.validate_json(text)

    def dump(self, value: T) -> str:
        """Give the value as JSON text."""
        try:
            text = self._adapter.dump_json(value).decode()
        except PydanticSerializationError:  # a lone surrogate
            return self._dump_cleaned(value)
        return self._dump_cleaned(value) if "\\u0000" in text else text

    def _dump_cleaned(self, value: T) -> str:
        tree = self._adapter.dump_python(value, mode="json")
        return json.dumps(_cleaned(tree), ensure_ascii=False, separators=(",", ":"))


def _cleaned(value: JsonValue) -> JsonValue:
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, list):
        return [_cleaned(item) for item in value]
    if isinstance(value, dict):
        return {key: _cleaned(item) for key, item in value.items()}
    return value
