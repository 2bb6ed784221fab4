"""``make quality DATA=DIR``: the suites and the real replay, as the README's table."""

import json
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Measured:
    """A row of the table: the suite with its data, and what a simple baseline reaches (measured on its other half)."""

    part: str
    suite: str
    file: str
    metric: str
    shown: str
    baseline: str
    options: tuple[str, ...] = ()


ROWS = (
    Measured(
        "identify, three classes", "identify", "scope_composite3.jsonl", "macro_f1", "macro-F1", "0.686 (form and keywords)",
        ("--scope", "Products and services of IBM Cloud"),
    ),
    Measured(
        "retrieve, in a dialogue", "retrieve", "retrieval_mtrag.queries.jsonl", "ndcg_at_10", "nDCG@10",
        "0.721 (both legs, reciprocal ranks)", ("--corpus", "retrieval_mtrag.corpus.jsonl"),
    ),
    Measured(
        "which message solved it", "extract", "dialogues_forum_solved.jsonl", "top_1", "top-1", "0.471 (the longest reply)"
    ),
    Measured("repeated answers", "dedup", "answer_dedup_mtrag.jsonl", "weighted_f1", "weighted F1", "0.925 (cosine 0.70)"),
)  # fmt: skip


def main(data: Path) -> int:
    """Print one row per suite, then what the replay of a real export did."""
    with tempfile.TemporaryDirectory(prefix="vigil-quality-") as home:
        env = {"VIGIL_HOME": home}
        print(
            "| part | data | metric | Vigil offline (95 % interval) | simple baseline |\n|---|---|---|---|---|",
            flush=True,
        )
        for row in ROWS:
            options = [str(data / one) if one.endswith(".jsonl") else one for one in row.options]
            done = json.loads(
                _vigil(["eval", row.suite, str(data / row.file), "--json", *options], env).splitlines()[-1]
            )
            low, high = done["interval"][row.metric]
            figure = f"{done['metrics'][row.metric]:.3f} ({low:.3f} to {high:.3f})"
            name = row.file.split(".")[0]
            print(f"| {row.part} | {name}, n={done['n']} | {row.shown} | {figure} | {row.baseline} |", flush=True)
        _replay(data / "exports" / "docusign", env)
    return 0


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
    sys.exit(main(Path(sys.argv[1])))
