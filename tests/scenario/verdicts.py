"""A replay judged by what examples/acme/expected.json says of cards, reviews and accepts."""

from tests.fakes.replayed import Replayed
from tests.scenario.judged import Expected

Ruling = tuple[str, str, str]
"""The thread's name, the ts of the turn that was answered, the ts of the message that taught the entry ruled on."""


def teachers(one: Replayed) -> dict[str, str]:
    """The ts of the message that taught each entry."""
    ts = one.ts
    return {k["entry"]: ts[k["from"][0]] for k in reversed(one.of("knowledge")) if k["change"] == "added"}


def wanted_verdicts(expected: Expected) -> dict[Ruling, str]:
    """What each review is to say."""
    return {(t["name"], r["message"], r["entry"]): r["verdict"] for t in expected for r in t["reviews"]}


def verdicts(one: Replayed, expected: Expected) -> dict[Ruling, str]:
    """The last verdict of each review on each entry that the answer cited."""
    taught, found = teachers(one), {}
    turns = [(thread["name"], turn["message"]) for thread in expected for turn in thread["turns"]]
    for name, message in dict.fromkeys(turns):
        cited = {answer["id"]: {c["entry"] for c in answer["citations"]} for answer in one.answers(message)}
        for line in (line for line in one.of("review") if line["answer"] in cited):
            for entry in cited[line["answer"]] & set(line["entries"]):
                found[name, message, taught[entry]] = str(line["verdict"])
    return found


def wanted_accepts(expected: Expected) -> set[tuple[str, str]]:
    """(The ts of the answered message, who accepted) of each accept."""
    return {(accept["message"], accept["by"]) for thread in expected for accept in thread["accepts"]}


def accepts(one: Replayed, expected: Expected) -> set[tuple[str, str]]:
    """The accepts that hold in the end."""
    asked = {
        answer["id"]: t["message"]
        for thread in expected
        for t in thread["turns"]
        for answer in one.answers(t["message"])
    }
    held: dict[str, str] = {}
    for line in one.of("accept"):
        held.pop(line["answer"], None)
        if not line.get("undone"):
            held[line["answer"]] = line["by"]
    return {(asked[answer], by) for answer, by in held.items()}


def misworded(one: Replayed, expected: Expected) -> dict[str, str]:
    """Cards that lack what they must say or say what they must not, by thread; no card lacks everything."""
    found = {}
    for name, turn in ((thread["name"], turn) for thread in expected for turn in thread["turns"]):
        card = "\n".join(answer["text"] for answer in one.answers(turn["message"]))
        lacking = [text for text in turn.get("must_say", []) if text not in card]
        too_much = [text for text in turn.get("must_not_say", []) if text in card]
        if lacking or too_much:
            found[name] = f"lacks {lacking}, has {too_much}"
    return found
