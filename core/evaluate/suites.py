"""The suites: labelled rows through the same objects that run in production."""

import time
from collections.abc import Awaitable, Callable, Sequence

from core.domain.dialogue import Line
from core.domain.ids import MessageId, QuestionId, SessionId
from core.domain.sessions import Question, QuestionClass
from core.domain.tasks import Identified, Lesson
from core.evaluate.answer_suite import answer_suite
from core.evaluate.grounding import grounding_suite
from core.evaluate.ingest import ingest_suite
from core.evaluate.metrics import macro_f1, measured, measured_share, share, weighted_f1
from core.evaluate.refusing import refuse_suite
from core.evaluate.report import Report, report
from core.evaluate.retrieval import fill, retrieve_suite, rewrite_suite, situation
from core.evaluate.review_suite import review_suite
from core.evaluate.rows import Row, history_lines, line, needed
from core.evaluate.should_answer import should_answer_suite
from core.evaluate.trial import Trial
from core.learn.extract import extract
from core.respond.first_look import is_sure
from core.respond.identify import identify
from core.respond.situation import Tools
from core.respond.skip_repeat import OFF, likeness, repeat_features
from core.respond.steps import Steps

CLASSES = {"no_assistance": "no_assistance_needed"}
LOST = "no answer"
"""What a row counts as for which the engine had no answer: none of the classes."""
Suite = Callable[[Trial], Awaitable[Report]]


async def identify_suite(trial: Trial) -> Report:
    """Three classes: macro-F1; of an engine on this machine also which share of what needs an answer it would keep from a model
    elsewhere as obvious small talk, and which share of the small talk."""
    begun = time.monotonic()
    classed = await _classed(trial, trial.corpus)
    figures = {"macro_f1": measured([(true, _said(said)) for true, said in classed], macro_f1)}
    if not trial.tools.engine.remote:
        talk = QuestionClass.NO_ASSISTANCE_NEEDED
        sure = [(true == talk, said is not None and is_sure(said)) for true, said in classed]
        figures["skipped_wrongly"] = measured_share([skips for talks, skips in sure if not talks])
        figures["skipped_rightly"] = measured_share([skips for talks, skips in sure if talks])
    return report("identify", len(classed), begun, figures)


async def scope_suite(trial: Trial) -> Report:
    """Is it ours to answer or not: macro-F1 over the two, whatever else a message is.

    Where rows and documents name their ``domain``, only documents of a domain that has a row in scope are known: a team's
    knowledge base holds what the team supports, and whatever it holds raises a question into scope.
    """
    begun = time.monotonic()
    ours = {row.get("domain") for row in trial.rows if row.get("label") == QuestionClass.WITHIN_SCOPE}
    known = [document for document in trial.corpus if document.get("domain") in ours | {None}]
    pairs = [(_ours(true), _ours(_said(said))) for true, said in await _classed(trial, known)]
    return report("scope", len(pairs), begun, {"macro_f1": measured(pairs, macro_f1)})


def _ours(class_: str) -> str:
    return "ours" if class_ == QuestionClass.WITHIN_SCOPE else "not ours"


async def _classed(trial: Trial, corpus: Sequence[Row]) -> list[tuple[str, Identified | None]]:
    """The true class of every row and what was said of it, with the corpus as what is known."""
    tools = trial.tools
    await fill(corpus, tools)

    async def work(row: Row) -> tuple[str, Identified | None]:
        text, _ = needed(row, "text", "label")
        history = history_lines(row)
        burst = (line(len(history), "customer", str(text)),)
        scope = str(row.get("scope") or trial.scope)
        return _class(row), await identify(situation(history, burst, scope), tools, Steps(tools.clock))

    return await trial.each(work, lambda row: (_class(row), None))


def _said(identified: Identified | None) -> str:
    return LOST if identified is None else identified.class_.value


def _class(row: Row) -> str:
    return CLASSES.get(str(row["label"]), str(row["label"]))


async def extract_suite(trial: Trial) -> Report:
    """Which message solved it (top-1, over solved threads with two replies or more), and is there a definite answer."""
    begun = time.monotonic()

    async def work(row: Row) -> tuple[bool | None, tuple[str, str]]:
        (messages,) = needed(row, "messages")
        dialogue = [line(n, str(m["role"]), str(m["text"]), str(m.get("user", ""))) for n, m in enumerate(messages)]
        reply = await extract(_asked(dialogue[0]), dialogue, final=True, engine=trial.tools.engine)
        found = reply.output.found
        best = found.from_messages if isinstance(found, Lesson) else found.likely
        hit = bool(set(best[:1]) & _gold(row)) if _choice(row) else None
        return hit, (str(bool(row.get("resolved"))), str(isinstance(found, Lesson)))

    done = await trial.each(work, lambda row: (False if _choice(row) else None, (str(bool(row.get("resolved"))), LOST)))
    hits, definite = [hit for hit, _ in done if hit is not None], [pair for _, pair in done]
    figures = {"top_1": measured(hits, share), "macro_f1": measured(definite, macro_f1)}
    return report("extract", len(done), begun, figures)


def _gold(row: Row) -> set[str]:
    return {f"m{n}" for n, m in enumerate(row["messages"]) if "accepted_solution" in (m.get("labels") or ())}


def _choice(row: Row) -> bool:
    """Whether one of several replies is known to be right."""
    return bool(_gold(row)) and len(row["messages"]) > 2


def _asked(first: Line) -> Question:
    return Question(QuestionId("q"), SessionId("evaluated"), (MessageId(first.id),), first.at, first.text)


async def dedup_suite(trial: Trial) -> Report:
    """Would the new answer repeat the old one: weighted F1 at the theta in use."""
    begun, theta = time.monotonic(), trial.tools.calibration.repeat_theta
    likely = await likely_repeats(trial.rows, trial.tools)
    pairs = [(true, "skip" if one > theta else "send") for true, one in likely]
    return report("dedup", len(pairs), begun, {"weighted_f1": measured(pairs, weighted_f1)})


async def dedup_sweep(trial: Trial) -> Report:
    """Weighted F1 of dedup at every theta from .05 to .95, and at 1.0, where nothing is held back."""
    begun, likely = time.monotonic(), await likely_repeats(trial.rows, trial.tools)
    figures = {
        f"theta {theta:.2f}": measured([(true, "skip" if one > theta else "send") for true, one in likely], weighted_f1)
        for theta in (*(n / 20 for n in range(1, 20)), OFF)
    }
    return report("dedup", len(likely), begun, figures)


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
    "answer": answer_suite,
    "grounding": grounding_suite,
    "should-answer": should_answer_suite,
    "ingest": ingest_suite,
}

SWEEPS: dict[str, Suite] = {"dedup": dedup_sweep}
"""The same rows at every value of the suite's threshold."""
