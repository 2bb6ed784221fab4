"""``make quality DATA=DIR``: the suites and the real replay, as the README's table."""

import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

RUNS = (
    ("identify", "scope_composite3.jsonl", "macro_f1", ("--scope", "Products and services of IBM Cloud")),
    ("retrieve", "retrieval_mtrag.queries.jsonl", "ndcg_at_10", ("--corpus", "retrieval_mtrag.corpus.jsonl")),
    ("extract", "dialogues_forum_solved.jsonl", "top_1", ()),
    ("dedup", "answer_dedup_mtrag.jsonl", "weighted_f1", ()),
)


def main(data: Path) -> int:
    """Print one row per suite, then the replay's."""
    with tempfile.TemporaryDirectory(prefix="vigil-quality-") as home:
        env = {"VIGIL_HOME": home}
        print("| part | data | metric | value | 95 % interval | n |\n|---|---|---|---|---|---|")
        for suite, file, metric, more in RUNS:
            options = [str(data / one) if one.endswith(".jsonl") else one for one in more]
            done = json.loads(_vigil(["eval", suite, str(data / file), "--json", *options], env).splitlines()[-1])
            low, high = done["interval"][metric]
            value = done["metrics"][metric]
            print(f"| {suite} | {file} | {metric} | {value:.3f} | {low:.3f} to {high:.3f} | {done['n']} |", flush=True)
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
