"""``make quality DATA=DIR``: the suites beside simple baselines on the same rows, then the real replay, for the README."""

import asyncio
import json
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from adapters.embedding import open_embedder
from benchmarks import baselines
from bot.settings import load_settings, prepare_environment


@dataclass(frozen=True, slots=True)
class Measured:
    """A row of the table: the suite with its data, and the simple approaches beside it."""

    part: str
    suite: str
    file: str
    metric: str
    shown: str
    baseline: baselines.Baseline
    corpus: str = ""
    scope: str = ""


ROWS = (
    Measured(
        "identify, three classes", "identify", "scope_composite3.jsonl", "macro_f1", "macro-F1", baselines.identify,
        scope="Products and services of IBM Cloud",
    ),
    Measured(
        "is it ours", "scope", "scope_mtrag_cloudbot.jsonl", "macro_f1", "macro-F1", baselines.scope,
        corpus="retrieval_mtrag.corpus.jsonl", scope="Products and services of IBM Cloud",
    ),
    Measured(
        "retrieve, in a dialogue", "retrieve", "retrieval_mtrag.queries.jsonl", "ndcg_at_10", "nDCG@10", baselines.retrieve,
        corpus="retrieval_mtrag.corpus.jsonl",
    ),
    Measured(
        "retrieve, Chinese", "retrieve", "retrieval_tidb_zh.queries.jsonl", "mrr_at_10", "MRR@10", baselines.retrieve_first,
        corpus="retrieval_tidb_zh.corpus.jsonl",
    ),
    Measured(
        "rewrite", "rewrite", "rewrite_mtrag.jsonl", "ndcg_at_10", "nDCG@10", baselines.rewrite,
        corpus="retrieval_mtrag.corpus.jsonl",
    ),
    Measured(
        "refuse what is not known", "refuse", "retrieval_mtrag.queries.jsonl", "f1", "F1 of refusing", baselines.refuse,
        corpus="retrieval_mtrag.corpus.jsonl",
    ),
    Measured("which message solved it", "extract", "dialogues_forum_solved.jsonl", "top_1", "top-1", baselines.extract),
    Measured("repeated answers", "dedup", "answer_dedup_mtrag.jsonl", "weighted_f1", "weighted F1", baselines.dedup),
)  # fmt: skip

SEED = 1
"""Of the reshaped export: the same in every run."""


def main(data: Path) -> int:
    """Print one row per suite, then what the replay of a real export did, as it is and reshaped. Gives 1 where one
    of them broke what must hold of everything said (``benchmarks/gates.py``)."""
    with tempfile.TemporaryDirectory(prefix="vigil-quality-") as home:
        env = {"VIGIL_HOME": home}
        print(
            "| part | data | metric | Vigil offline (95 % interval) | simple baselines |\n|---|---|---|---|---|",
            flush=True,
        )
        for row in ROWS:
            done = json.loads(_vigil(_suite(row, data), env).splitlines()[-1])
            low, high = done["interval"][row.metric]
            figure = f"{done['metrics'][row.metric]:.3f} ({low:.3f} to {high:.3f})"
            name = row.file.split(".")[0]
            simple = asyncio.run(_simple(row, data))
            print(f"| {row.part} | {name}, n={done['n']} | {row.shown} | {figure} | {simple} |", flush=True)
        broken = sum(_replay(data / "exports" / "docusign", seed, env) for seed in (None, SEED))
    return 1 if broken else 0


def _suite(row: Measured, data: Path) -> list[str]:
    corpus = ["--corpus", str(data / row.corpus)] if row.corpus else []
    scope = ["--scope", row.scope] if row.scope else []
    return ["eval", row.suite, str(data / row.file), "--json", *corpus, *scope]


async def _simple(row: Measured, data: Path) -> str:
    settings = load_settings()
    embedder = await open_embedder(settings.embedding_model, settings.cache)
    corpus = _rows(data / row.corpus) if row.corpus else []
    reached = await row.baseline(_rows(data / row.file), corpus, embedder)
    return ", ".join(f"{value:.3f} ({approach})" for approach, value in reached.items())


def _rows(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text("utf-8").splitlines() if line.strip()]


def _replay(export: Path, seed: int | None, env: dict[str, str]) -> int:
    """Replay in a process of its own and tell it; gives how often it broke what must hold."""
    arguments = [str(export), *([] if seed is None else [str(seed)])]
    done = json.loads(_python(["benchmarks.replays", *arguments], env).splitlines()[-1])
    share = done["answered"] / max(1, done["in_scope"])
    print(
        f"\nReplay of {done['export']}: {done['threads']} threads, {done['messages']} messages in {done['seconds']} s "
        f"({done['cpu_s']} s of processor time), {done['peak_mb']} MB; {done['answered']} of {done['in_scope']} in-scope "
        f"questions answered ({share:.1%}); knows {done['knows']} things; {len(done['breaches'])} breaches.",
        flush=True,
    )
    for breach in done["breaches"]:
        print(f"  {breach}")
    return len(done["breaches"])


def _vigil(arguments: list[str], env: dict[str, str]) -> str:
    return _python(["bot.cli", *arguments], env)


def _python(module: list[str], env: dict[str, str]) -> str:
    command = ["env", *(f"{name}={value}" for name, value in env.items()), sys.executable, "-m", *module]
    return subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout


if __name__ == "__main__":
    prepare_environment()
    sys.exit(main(Path(sys.argv[1])))
