"""A model to test a running bot with: all is in scope, the burst is the question, the first reference is the answer."""

import re

from tests.fakes.claude.offline_model import task_of
from tests.fakes.claude.prompt import search_results_of
from tests.fakes.claude.refusals import Json
from tests.fakes.claude.said import Said, say_json, say_text

_LINE = re.compile(r"^\((m\d+), [^)]*\) ?(?:\[[^\]]*\] )?(.*)$", re.MULTILINE)


def plain(body: Json) -> Said:
    """What it says to a request."""
    task = task_of(body)
    if task == "identify":
        return say_json({"reason": "it asks for help", "class": "within_scope", "confidence": 0.9})
    if task == "rewrite":
        lines = _LINE.findall(_block(body, "burst"))
        question = {"query": " ".join(text for _, text in lines), "messages": [m for m, _ in lines], "context": ""}
        return say_json({"questions": [question]})
    if task == "generate":
        first = search_results_of(body)[0]["content"]
        return say_text(*((part["text"], (0, n, n + 1)) for n, part in enumerate(first)))
    if task == "extract":
        return say_json({"reason": "nobody has said", "found": False, "solution": None, "likely": []})
    return say_json({"rulings": []})


def _block(body: Json, label: str) -> str:
    text = body["messages"][0]["content"][-1]["text"]
    found = re.search(rf'<block label="{label}" id="(\w+)">\n(.*?)\n</block \1>', text, re.DOTALL)
    assert found, f"there is no block {label}"
    return found[2]
