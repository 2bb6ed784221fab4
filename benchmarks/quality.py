"""``make quality DATA=DIR``: the suites beside simple baselines on the same rows, then the real replay, for the README."""

import asyncio
import json
import resource
import subprocess
import sys
import tempfile
import time
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
    Measured("which message solved it", "extract", "dialogues_forum_solved.jsonl", "top_1", "top-1", baselines.extract),
    Measured("repeated answers", "dedup", "answer_dedup_mtrag.jsonl", "weighted_f1", "weighted F1", baselines.dedup),
)  # fmt: skip


def main(data: Path) -> int:
    """Print one row per suite, then what the replay of a real export did."""
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
        _replay(data / "exports" / "docusign", env)
    return 0


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


def _replay(export: Path, env: dict[str, str]) -> None:
    begun = time.monotonic()
    summary = json.loads(_vigil(["replay", str(export), "--json"], env).splitlines()[-1])
    seconds, peak = time.monotonic() - begun, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    share = summary["answered"] / max(1, summary["in_scope"])
    print(
        f"\nReplay of {export.name}: {summary['threads']} threads, {summary['messages']} messages in {seconds:.0f} s, "
        f"largest process {peak:.0f} MB; {summary['answered']} of {summary['in_scope']} in-scope questions answered "
        f"({share:.1%}); "
        f"knows {summary['knows']} things."
    )


def _vigil(arguments: list[str], env: dict[str, str]) -> str:
    command = ["env", *(f"{name}={value}" for name, value in env.items()), sys.executable, "-m", "bot.cli", *arguments]
    return subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout


if __name__ == "__main__":
    prepare_environment()
    sys.exit(main(Path(sys.argv[1])))
