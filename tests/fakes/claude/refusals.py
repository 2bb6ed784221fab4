"""How the Messages API says no, and how it reads the fields of an object."""

from collections.abc import Iterable, Mapping
from typing import Any

Json = dict[str, Any]

KINDS = {
    400: "invalid_request_error",
    401: "authentication_error",
    402: "billing_error",
    403: "permission_error",
    404: "not_found_error",
    413: "request_too_large",
    429: "rate_limit_error",
    504: "timeout_error",
    529: "overloaded_error",
}
_WORDS: dict[type, str] = {
    bool: "valid boolean",
    dict: "valid dictionary",
    float: "valid number",
    int: "valid integer",
    list: "valid list",
    str: "valid string",
}
# Where null means the same as nothing; elsewhere it is of the wrong type.
_NULLABLE = {"cache_control", "citations", "display", "effort", "format"}


class Refused(Exception):
    """An error answer: its sentence, HTTP status and headers."""

    def __init__(self, message: str, *, status: int = 400, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.status = status
        self.headers = dict(headers or {})


def error_body(status: int, message: str, request_id: str) -> Json:
    """The body of an error answer."""
    error = {"type": KINDS.get(status, "api_error"), "message": message}
    return {"type": "error", "error": error, "request_id": request_id}


def check_fields(
    given: object, at: str, needed: Mapping[str, type], optional: Mapping[str, type | tuple[type, ...]]
) -> Json:
    """The object at a path, refused unless it has the ``needed`` fields, no other than ``optional`` ones, rightly typed."""
    if not isinstance(given, dict):
        raise Refused(f"{at}: Input should be a valid dictionary")
    for name in needed:
        if name not in given:
            raise Refused(f"{_join(at, name)}: Field required")
    for name, value in given.items():
        kind = needed.get(name) or optional.get(name)
        if kind is None:
            raise Refused(f"{_join(at, name)}: Extra inputs are not permitted")
        _check_kind(value, _join(at, name), kind, nullable=name in _NULLABLE)
    return given


def check_choice(value: object, at: str, allowed: Iterable[str]) -> None:
    """Refuse what is none of the ``allowed`` words."""
    words = list(allowed)
    if value not in words:
        raise Refused(f"{at}: Input should be {' or '.join(map(repr, words))}")


def _check_kind(value: object, at: str, kind: type | tuple[type, ...], *, nullable: bool) -> None:
    kinds = kind if isinstance(kind, tuple) else (kind,)
    if (value is None and nullable) or (type(value) in kinds):
        return
    raise Refused(f"{at}: Input should be a {_WORDS[kinds[-1]]}")


def _join(at: str, name: str) -> str:
    return f"{at}.{name}" if at else name
