"""Which suite is measured on which data, and which of its figures the table shows."""

from dataclasses import dataclass

from benchmarks import baselines
from core.evaluate.trial import Ablation

CLOUD = ("--scope", "Products and services of IBM Cloud")
MTRAG = "retrieval_mtrag.corpus.jsonl"


Figures = tuple[tuple[tuple[str, ...], str], ...]
"""The figures of each line of the table, by their names in the report, and what they are shown as."""


@dataclass(frozen=True, slots=True)
class Measured:
    """A suite with its data (``own/`` is the project's), its figures line by line, and the simple approaches beside
    the first."""

    part: str
    suite: str
    file: str
    figures: Figures
    baseline: baselines.Baseline | None = None
    corpus: str = ""
    options: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """A name for a report's file."""
        return self.part.replace(",", "").replace(" ", "-")


JUDGED: Figures = (
    (("agreement_judge", "agreement_judge_claims"), "agreement, by two judges"),
    (("contrary_judge", "contrary_judge_claims"), "share contrary, by two judges"),
    (("judges_agree", "judges_kappa"), "the judges with each other: share; kappa"),
    (("token_f1", "cosine"), "token F1; cosine"),
)
SENT = (("sent_precision", "sent_recall", "sent_f1"), "sent: weighted precision; recall; F1")
REPLAYED: Figures = ((("answered",), "share answered"), (("led",), "led to what humans said"), *JUDGED)


def _should_answer(part: str, figures: Figures, *options: str) -> Measured:
    return Measured(
        part, "should-answer", "scope_composite3.jsonl", figures, corpus=MTRAG, options=(*CLOUD, "--domain", "cloud", *options)
    )  # fmt: skip


def _replayed(part: str, *options: str) -> Measured:
    return Measured(part, "replay-quality", "exports/docusign", REPLAYED, options=options)


ROWS = (
    Measured(
        "identify, three classes", "identify", "scope_composite3.jsonl", ((("macro_f1",), "macro-F1"),), baselines.identify,
        options=CLOUD,
    ),
    Measured(
        "is it ours", "scope", "scope_mtrag_cloudbot.jsonl", ((("macro_f1",), "macro-F1"),), baselines.scope, MTRAG, CLOUD,
    ),
    Measured(
        "retrieve, in a dialogue", "retrieve", "retrieval_mtrag.queries.jsonl", ((("ndcg_at_10",), "nDCG@10"),),
        baselines.retrieve, MTRAG,
    ),
    Measured(
        "retrieve, Chinese", "retrieve", "retrieval_tidb_zh.queries.jsonl", ((("mrr_at_10",), "MRR@10"),),
        baselines.retrieve_first, "retrieval_tidb_zh.corpus.jsonl",
    ),
    Measured(
        "learn documents, find the page", "ingest", "retrieval_awsdocs.queries.jsonl",
        ((("mrr_at_10",), "MRR@10"), (("recall_at_5",), "recall@5")), baselines.retrieve_first,
        "retrieval_awsdocs.corpus.jsonl",
    ),
    Measured(
        "rewrite", "rewrite", "rewrite_mtrag.jsonl", ((("ndcg_at_10",), "nDCG@10"),), baselines.rewrite, MTRAG,
    ),
    Measured(
        "refuse what is not known", "refuse", "retrieval_mtrag.queries.jsonl", ((("f1",), "F1 of refusing"),), baselines.refuse,
        MTRAG,
    ),
    Measured(
        "which message solved it", "extract", "dialogues_forum_solved.jsonl", ((("top_1",), "top-1"),), baselines.extract,
    ),
    Measured(
        "repeated answers", "dedup", "answer_dedup_mtrag.jsonl", ((("weighted_f1",), "weighted F1"),), baselines.dedup,
    ),
    Measured(
        "review", "review", "own/reviews_held_out.jsonl",
        (
            (("precision_delete", "precision_update"), "precision of delete; of update"),
            (("recall_delete", "recall_update"), "recall of delete; of update"),
        ),
    ),
    Measured(
        "answers", "answer", "retrieval_mtrag.queries.jsonl",
        (
            (("answered_answerable",), "share answered, answerable"),
            (("answered_unanswerable",), "share answered, unanswerable"),
            *JUDGED,
        ),
        corpus=MTRAG,
    ),
    Measured(
        "grounding", "grounding", "retrieval_mtrag.queries.jsonl",
        (
            (("citation_precision", "citation_recall"), "citation precision; recall"),
            (("spans_found",), "spans found in their source"),
            (("carried_by_spans", "carried_by_cited"), "words carried by spans; by what is cited"),
        ),
        corpus=MTRAG,
    ),
    _should_answer(
        "should answer",
        (
            (("identify_precision", "identify_recall", "identify_f1"), "identify: weighted precision; recall; F1"),
            SENT,
        ),
    ),
    _should_answer("should answer, no identify", (SENT,), "--ablate", Ablation.NO_IDENTIFY.value),
    _replayed("replay with learning"),
)  # fmt: skip

ABLATIONS = tuple(
    _replayed(f"replay, {one.value}", "--ablate", one.value) for one in (Ablation.NO_LEARNING, Ablation.NO_REVIEW)
)
