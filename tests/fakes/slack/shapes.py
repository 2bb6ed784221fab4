"""What JSON must look like, and what Slack says where it does not: one message per problem, with its JSON pointer."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.slack.refusals import Json


@dataclass
class Problems:
    """What was found wrong so far, in Slack's own words."""

    found: list[str] = field(default_factory=list)

    def add(self, words: str, at: str) -> None:
        """Note one."""
        self.found.append(f"[ERROR] {words} [json-pointer:{at}]")


Check = Callable[[Any, str, Problems], None]


def text(longest: int, shortest: int = 1) -> Check:
    """A string of so many characters."""

    def check(value: Any, at: str, problems: Problems) -> None:
        if not isinstance(value, str):
            problems.add("must provide a string", at)
        elif len(value) > longest:
            problems.add(f"must be less than {longest + 1} characters", at)
        elif len(value) < shortest:
            problems.add(f"must be more than {shortest - 1} characters", at)

    return check


def web_address(longest: int) -> Check:
    """An http(s) address."""

    def check(value: Any, at: str, problems: Problems) -> None:
        text(longest)(value, at, problems)
        if isinstance(value, str) and not value.startswith(("http://", "https://", "mailto:")):
            problems.add("must be a valid URL", at)

    return check


def one_of(*values: object) -> Check:
    """One of a few values."""

    def check(value: Any, at: str, problems: Problems) -> None:
        if value not in values:
            problems.add("must be a valid enum value", at)

    return check


def boolean(value: Any, at: str, problems: Problems) -> None:
    """True or false."""
    if not isinstance(value, bool):
        problems.add("must be a boolean", at)


def integer(lowest: int, highest: int) -> Check:
    """A whole number in a range, both ends included."""

    def check(value: Any, at: str, problems: Problems) -> None:
        if isinstance(value, bool) or not isinstance(value, int):
            problems.add("must be an integer", at)
        elif not lowest <= value <= highest:
            problems.add(f"must be between {lowest} and {highest}", at)

    return check


def items(check_item: Check, most: int, least: int = 1) -> Check:
    """A list of so many items, each checked."""

    def check(value: Any, at: str, problems: Problems) -> None:
        if not isinstance(value, list):
            problems.add("must be an array", at)
            return
        if len(value) > most:
            problems.add(f"no more than {most} items allowed", at)
        if len(value) < least:
            problems.add(f"no fewer than {least} items allowed", at)
        for n, item in enumerate(value):
            check_item(item, f"{at}/{n}", problems)

    return check


@dataclass(frozen=True)
class Shape:
    """An object with these keys and no others; ``extra`` looks at the whole of it when its keys are sound."""

    required: Mapping[str, Check] = field(default_factory=dict)
    optional: Mapping[str, Check] = field(default_factory=dict)
    extra: Check | None = None

    def __call__(self, value: Any, at: str, problems: Problems) -> None:
        """Note what is missing, unknown or wrong."""
        if not isinstance(value, dict):
            problems.add("must be an object", at)
            return
        before = len(problems.found)
        for key in self.required:
            if key not in value:
                problems.add(f"missing required field: {key}", at)
        for key, inner in value.items():
            if check := self.required.get(key) or self.optional.get(key):
                check(inner, f"{at}/{key}", problems)
            else:
                problems.add(f"invalid additional property: {key}", at)
        if self.extra and len(problems.found) == before:
            self.extra(value, at, problems)


def typed(shapes: Mapping[str, Shape]) -> Check:
    """An object whose ``type`` names its shape; any other type is refused."""

    def check(value: Any, at: str, problems: Problems) -> None:
        kind = value.get("type") if isinstance(value, dict) else None
        if not isinstance(value, dict):
            problems.add("must be an object", at)
        elif not isinstance(kind, str) or kind not in shapes:
            problems.add(f"unsupported type: {kind}", f"{at}/type")
        else:
            shape = shapes[kind]
            Shape({"type": one_of(kind), **shape.required}, shape.optional, shape.extra)(value, at, problems)

    return check


def exactly_one(*keys: str) -> Check:
    """Of these keys one and only one is there."""

    def check(value: Json, at: str, problems: Problems) -> None:
        if sum(key in value for key in keys) != 1:
            problems.add(f"must provide exactly one of: {', '.join(keys)}", at)

    return check


def some_of(*keys: str) -> Check:
    """Of these keys at least one is there."""

    def check(value: Json, at: str, problems: Problems) -> None:
        if not any(key in value for key in keys):
            problems.add(f"missing required field: {keys[0]}", at)

    return check
