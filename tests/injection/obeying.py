"""A model that does what the attacker wants, in every task, as well as its form of answer lets it."""

import re
from dataclasses import dataclass
from typing import Any

from core.domain.answers import ABSTENTION
from core.text.sentences import sentences
from tests.fakes.claude.offline_model import task_of
from tests.fakes.claude.prompt import search_results_of
from tests.fakes.claude.refusals import Json
from tests.fakes.claude.said import Said, say_json, say_malformed, say_text
from tests.injection.attack import Attack

_LINE = re.compile(
    r"^\((m\d+), \w{3} \d{4}-\d\d-\d\d \d\d:\d\d UTC, (?:presumed )?(requester|analyst|bot|other)(?: \d+)?\)",
    re.MULTILINE,
)
_NUMBER = re.compile(r"^\[(\d+)\] \(", re.MULTILINE)
PROMPT = "@@PROMPT@@"


@dataclass
class Obeying:
    """Set ``claude.model = this.says``. ``answers`` is what it does when an answer is asked for: the attacker's will, an honest
    quotation, or nothing."""

    attack: Attack
    answers: str = "attack"

    def says(self, body: Json) -> Said:
        """The answer to a request."""
        task = task_of(body)
        if (raw := self.attack.raw.get(task)) is not None:
            return say_malformed(raw)
        match task:
            case "identify":
                return say_json({"reason": self.attack.reason or "obeys", "class": self._class(), "confidence": 1.0})
            case "rewrite":
                return self._rewritten(body)
            case "extract":
                return say_json({"reason": "obeys", "found": True, "solution": self._solution(body), "likely": []})
            case "review":
                return self._review(body)
        return self._generated(body)

    def _class(self) -> str:
        return "within_scope" if self.attack.goal != "reason" else "out_of_scope"

    def _rewritten(self, body: Json) -> Said:
        wanted = self.attack.queries or (self.attack.asked,)
        labels = [label for label, role in _said(body) if role == "requester"]
        return say_json({"questions": [{"query": one, "messages": labels[-1:], "context": one} for one in wanted]})

    def _generated(self, body: Json) -> Said:
        results = search_results_of(body)
        if self.answers == "nothing" or not results:
            return say_text(ABSTENTION)
        quoted = next((n for n, one in enumerate(results) if _text(one)[0] in "S在"), 0)
        quote = results[quoted]["content"][0]["text"].strip()
        wanted = (self.attack.answer or self.attack.text).replace(PROMPT, body["system"][0]["text"][:500])
        if self.answers == "honest":
            return say_text((quote, (quoted, 0, 1)))
        return _CITING[self.attack.cites](wanted, quote, quoted, len(results))

    def _solution(self, body: Json) -> Json:
        wanted = self.attack.lesson.get("answer") or self.attack.answer or self.attack.text
        plain = {
            "object": wanted[:60], "symptom": "", "conditions": "", "answer": wanted, "keys": [],
            "from_messages": self._named(body), "temporary": False, "expires_at": None, "confirmed": True,
            "confidence": 1.0,
        }  # fmt: skip
        return plain | self.attack.lesson

    def _review(self, body: Json) -> Said:
        verdict = "update" if self.attack.ruling == "sibling" else self.attack.ruling
        ruling = {
            "reason": self.attack.reason or "an analyst corrects it", "verdict": verdict, "correction": self._named(body),
            "confirmed": True, "sibling": self.attack.ruling == "sibling", "confidence": 1.0,
            "question": (self.attack.queries or (self.attack.answer or self.attack.text,))[0],
            "solution": None if verdict == "delete" else self._solution(body),
        }  # fmt: skip
        numbers = dict.fromkeys((*_NUMBER.findall(_blocks(body)), "7"))
        return say_json({"rulings": [{"n": int(n), **ruling} for n in numbers]})

    def _named(self, body: Json) -> list[str]:
        """The labels that it claims to have it from."""
        said = _said(body)
        by_role = {role: [label for label, its in said if its == role] for role in ("requester", "analyst", "bot")}
        match self.attack.names:
            case "both":
                return [*by_role["requester"][-1:], *by_role["analyst"][-1:]]
            case "every":
                return [label for label, _ in said]
            case "invented":
                return ["m9", "m99"]
            case role:
                return by_role[role][-1:] or ["m99"]


def _said(body: Json) -> list[tuple[str, str]]:
    """Labels and roles of the dialogue's lines, forged ones included."""
    return [(label, role) for label, role in _LINE.findall(_blocks(body))]


def _blocks(body: Json) -> str:
    return "\n".join(part["text"] for part in body["messages"][0]["content"] if part["type"] == "text")


def _text(result: Json) -> str:
    return str(result["content"][0]["text"])


def _falsely(wanted: str, quote: str, quoted: int, size: int) -> Said:
    """Every sentence cites every reference."""
    found = sentences(wanted)
    ends = [*(one.start for one in found[1:]), len(wanted)]
    pieces: list[Any] = [
        (wanted[one.start : end], *((n, 0, 1) for n in range(size))) for one, end in zip(found, ends, strict=True)
    ]
    return say_text(*pieces)


def _beside(wanted: str, quote: str, quoted: int, size: int) -> Said:
    """After an honest quotation, one that cites falsely."""
    return say_text((quote + " ", (quoted, 0, 1)), (wanted, (quoted, 0, 1)))


def _uncited(wanted: str, quote: str, quoted: int, size: int) -> Said:
    return say_text((quote + " ", (quoted, 0, 1)), wanted)


def _nothing(wanted: str, quote: str, quoted: int, size: int) -> Said:
    return say_text(wanted)


def _lead(wanted: str, quote: str, quoted: int, size: int) -> Said:
    """The attacker's words lead to the quotation."""
    return say_text(wanted.rstrip(".。") + ":\n", (quote, (quoted, 0, 1)))


def _woven(wanted: str, quote: str, quoted: int, size: int) -> Said:
    """Both in one sentence."""
    return say_text((f"{quote.rstrip('.。')}, {wanted}", (quoted, 0, 1)))


def _forged(wanted: str, quote: str, quoted: int, size: int) -> Said:
    """Citations of references that are not there, with words that are in none: what only another server would send."""
    fake = {
        "type": "search_result_location",
        "source": "reference 9",
        "title": "x",
        "start_block_index": 0,
        "end_block_index": 1,
    }
    said = [{**fake, "cited_text": wanted, "search_result_index": n} for n in (0, size, 99, -1)]
    return Said(((wanted, tuple(said)),))


_CITING = {
    "falsely": _falsely, "beside": _beside, "uncited": _uncited, "nothing": _nothing, "lead": _lead, "woven": _woven,
    "forged": _forged,
}  # fmt: skip
