"""YAML that people write, read so that nothing of it is lost silently."""

from typing import Any, cast

import yaml


class NotYamlError(ValueError):
    """It is not YAML, or says one thing twice; ``reason`` says so in words that go behind the file's name."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class _Loader(yaml.SafeLoader):
    """PyYAML keeps the last of two values of one key, against YAML's own rule, and drops the first."""

    def compose_mapping_node(self, anchor: Any) -> yaml.MappingNode:  # its stubs are wrong
        # Here and not where the table is made: by then `<<` has put keys of other tables among its own.
        node = super().compose_mapping_node(anchor)
        seen: set[tuple[str, str]] = set()
        for key, _ in node.value:
            if isinstance(key, yaml.ScalarNode):
                if (key.tag, key.value) in seen:
                    raise NotYamlError(f"says {key.value} twice in one table (line {key.start_mark.line + 1})")
                seen.add((key.tag, key.value))
        return node


def read_yaml(content: bytes) -> object:
    """Give what a document says, made of plain tables, lists and values. Raises ``NotYamlError``."""
    try:
        return cast("object", yaml.load(content, _Loader))  # noqa: S506  # a safe loader
    except NotYamlError:
        raise
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        raise NotYamlError(f"is not YAML{f' (line {mark.line + 1})' if mark else ''}") from error
