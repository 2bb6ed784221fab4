"""The suites: labelled rows through the same objects that run in production."""

import time
from collections.abc import Awaitable, Callable, Sequence

from core.domain.ids import MessageId, QuestionId, SessionId
from core.domain.sessions import Question, QuestionClass
from core.domain.tasks import Identified, Lesson, Line
from core.evaluate.metrics import macro_f1, measured, measured_share, share, weighted_f1
from core.evaluate.report import Report, report
from core.evaluate.retrieval import fill, refuse_suite, retrieve_suite, rewrite_suite, situation
from core.evaluate.review_suite import review_suite
from core.evaluate.rows import Row, history_lines, line, needed
from core.learn.extract import extract
from core.respond.first_look import is_sure
from core.respond.identify import identify
from core.respond.situation import Tools
from core.respond.skip_repeat import OFF, likeness, repeat_features
from core.respond.steps import Steps

CLASSES = {"no_assistance": "no_assistance_needed"}
Suite = Callable[[Sequence[Row], Sequence[Row], Tools, str], Awaitable[Report]]


async def identify_suite(rows: Sequence[Row], corpus: Sequence[Row], tools: Tools, scope: str) -> Report:
    """Three classes: macro-F1; of an engine on this machine also which share of what needs an answer it would keep from a model
    elsewhere as obvious small talk, and which share of the small talk."""
    begun = time.monotonic()
    classed = await _classed(rows, corpus, tools, scope)
    figures = {"macro_f1": measured([(true, said.class_.value) for true, said in classed], macro_f1)}
    if not tools.engine.remote:
        talk = QuestionClass.NO_ASSISTANCE_NEEDED
        figures["skipped_wrongly"] = measured_share([is_sure(said) for true, said in classed if true != talk])
        figures["skipped_rightly"] = measured_share([is_sure(said) for true, said in classed if true == talk])
    return report("identify", len(rows), begun, figures)


async def scope_suite(rows: Sequence[Row], corpus: Sequence[Row], tools: Tools, scope: str) -> Report:
    """Is it ours to answer or not: macro-F1 over the two, whatever else a message is.

    Where rows and documents name their ``domain``, only documents of a domain that has a row in scope are known: a team's
    knowledge base holds what the team supports, and whatever it holds raises a question into scope.
    """
    begun = time.monotonic()
    ours = {row.get("domain") for row in rows if row.get("label") == QuestionClass.WITHIN_SCOPE}
    known = [document for document in corpus if document.get("domain") in ours | {None}]
    pairs = [(_ours(true), _ours(said.class_)) for true, said in await _classed(rows, known, tools, scope)]
    return report("scope", len(rows), begun, {"macro_f1": measured(pairs, macro_f1)})


def _ours(class_: str) -> str:
    return "ours" if class_ == QuestionClass.WITHIN_SCOPE else "not ours"


async def _classed(
    rows: Sequence[Row], corpus: Sequence[Row], tools: Tools, scope: str
) -> list[tuple[str, Identified]]:
    """The true class of every row and what was said of it, with the corpus as what is known."""
    await fill(corpus, tools)
    classed: list[tuple[str, Identified]] = []
    for row in rows:
        text, label = needed(row, "text", "label")
        history = history_lines(row)
        burst = (line(len(history), "customer", str(text)),)
        said = await identify(situation(history, burst, str(row.get("scope") or scope)), tools, Steps(tools.clock))
        classed.append((CLASSES.get(str(label), str(label)), said))
    return classed


async def extract_suite(rows: Sequence[Row], corpus: Sequence[Row], tools: Tools, scope: str) -> Report:
    """Which message solved it (top-1, over solved threads with two replies or more), and is there a definite answer."""
    begun = time.monotonic()
    hits: list[bool] = []
    definite: list[tuple[str, str]] = []
    for row in rows:
        (messages,) = needed(row, "messages")
        dialogue = [line(n, str(m["role"]), str(m["text"]), str(m.get("user", ""))) for n, m in enumerate(messages)]
        gold = {f"m{n}" for n, m in enumerate(messages) if "accepted_solution" in (m.get("labels") or ())}
        reply = await extract(_asked(dialogue[0]), dialogue, final=True, engine=tools.engine)
        found = reply.output.found
        best = found.from_messages if isinstance(found, Lesson) else found.likely
        definite.append((str(bool(row.get("resolved"))), str(isinstance(found, Lesson))))
        if gold and len(messages) > 2:
            hits.append(bool(set(best[:1]) & gold))
    figures = {"top_1": measured(hits, share), "macro_f1": measured(definite, macro_f1)}
    return report("extract", len(rows), begun, figures)


def _asked(first: Line) -> Question:
    return Question(QuestionId("q"), SessionId("evaluated"), (MessageId(first.id),), first.at, first.text)


async def dedup_suite(rows: Sequence[Row], corpus: Sequence[Row], tools: Tools, scope: str) -> Report:
    """Would the new answer repeat the old one: weighted F1 at the theta in use."""
    begun, theta = time.monotonic(), tools.calibration.repeat_theta
    pairs = [(said, "skip" if likely > theta else "send") for said, likely in await likely_repeats(rows, tools)]
    return report("dedup", len(rows), begun, {"weighted_f1": measured(pairs, weighted_f1)})


async def dedup_sweep(rows: Sequence[Row], corpus: Sequence[Row], tools: Tools, scope: str) -> Report:
    """Weighted F1 of dedup at every theta from .05 to .95, and at 1.0, where nothing is held back."""
    begun, likely = time.monotonic(), await likely_repeats(rows, tools)
    figures = {
        f"theta {theta:.2f}": measured([(true, "skip" if one > theta else "send") for true, one in likely], weighted_f1)
        for theta in (*(n / 20 for n in range(1, 20)), OFF)
    }
    return report("dedup", len(rows), begun, figures)


async def likely_repeats(rows: Sequence[Row], tools: Tools) -> list[tuple[str, float]]:
    """For every row what is right, ``skip`` or ``send``, and how likely the new answer repeats the old one."""
    found: list[tuple[str, float]] = []
    for row in rows:
        old, new, duplicate = needed(row, "old", "new", "duplicate")
        seen = await repeat_features(str(new), [str(old)], tools.embedder)
        found.append(("skip" if duplicate else "send", likeness(tools.calibration.repeat_weights, seen[0])))
    return found


SUITES: dict[str, Suite] = {
    "identify": identify_suite,
    "scope": scope_suite,
    "rewrite": rewrite_suite,
    "retrieve": retrieve_suite,
    "refuse": refuse_suite,
    "extract": extract_suite,
    "dedup": dedup_suite,
    "review": review_suite,
}

SWEEPS: dict[str, Suite] = {"dedup": dedup_sweep}
"""The same rows at every value of the suite's threshold."""
