"""``make quality DATA=DIR``: every suite, for the table of ``benchmarks/README.md``. Without an engine named: as set,
beside simple baselines on the same rows, then the real replay with what must hold of it. With ``ENGINE=``: that
engine's column alone, with what it cost."""

import argparse
import asyncio
import json
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from adapters.embedding import open_embedder
from benchmarks.quality_rows import ABLATIONS, ROWS, Measured
from bot.settings import load_settings, prepare_environment

SEED = 1
"""Of the reshaped export: the same in every run."""
HEAD = f"| part | data | metric | Vigil offline (95 % interval) | Vigil with Claude | simple baselines |\n|{'---|' * 6}"
COLUMN = "| part | data | metric | Vigil, {engine} (95 % interval) |\n|---|---|---|---|"
NONE = "—"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to measure: the folder of the data; the ``engine`` whose column is wanted alone; what is handed on to every suite;
    whether the paper's ablations of learning are wanted too, each of which replays the export once more."""

    data: Path
    engine: str | None
    options: Sequence[str]
    ablations: bool
    reports: Path | None


def main(wanted: Wanted) -> int:
    """Print a row per figure, then what it cost or, beside the baselines, what the replay of a real export did, as it is and
    reshaped. Gives 1 where one of them broke what must hold of everything said (``benchmarks/gates.py``)."""
    costs: Counter[str] = Counter()
    with tempfile.TemporaryDirectory(prefix="vigil-quality-") as home:
        env = {"VIGIL_HOME": home}
        print(COLUMN.format(engine=wanted.engine) if wanted.engine else HEAD, flush=True)
        for row in (*ROWS, *(ABLATIONS if wanted.ablations else ())):
            done = json.loads(_vigil(_suite(row, wanted), env).splitlines()[-1])
            costs += _cost(done)
            for line in _lines(row, done, wanted):
                print(line, flush=True)
        if wanted.engine:
            print(f"\n{_told(costs)}")
            return 0
        broken = sum(_replay(wanted.data / "exports" / "docusign", seed, env) for seed in (None, SEED))
    return 1 if broken else 0


def _suite(row: Measured, wanted: Wanted) -> list[str]:
    data = wanted.data
    corpus = ["--corpus", str(data / row.corpus)] if row.corpus else []
    report = ["--report", str(wanted.reports / f"{row.name}.md")] if wanted.reports else []
    engine = ["--engine", wanted.engine] if wanted.engine else []
    return [
        "eval",
        row.suite,
        str(_place(data, row.file)),
        "--json",
        *corpus,
        *row.options,
        *engine,
        *wanted.options,
        *report,
    ]


def _place(data: Path, file: str) -> Path:
    return Path("core/evaluate", file) if file.startswith("own/") else data / file


def _lines(row: Measured, done: dict[str, Any], wanted: Wanted) -> list[str]:
    """The lines of the table; the baselines stand beside the first."""
    data, found = row.file.split(".")[0].split("/")[-1], []
    simple = asyncio.run(_simple(row, wanted.data)) if row.baseline and not wanted.engine else ""
    for metrics, shown in row.figures:
        n = done["over"].get(metrics[0], 0)
        told = [_figure(done, metric) for metric in metrics]
        cells = [row.part, f"{data}, n={n}" if n else data, shown, NONE if {*told} == {NONE} else "; ".join(told)]
        found.append(f"| {' | '.join([*cells, *([] if wanted.engine else [NONE, simple])])} |")
        simple = ""
    return found


def _figure(done: dict[str, Any], metric: str) -> str:
    """A figure with its interval; nothing where the engine gives none, or there was nothing to measure."""
    if not done["over"].get(metric):
        return NONE
    low, high = done["interval"][metric]
    return f"{done['metrics'][metric]:.3f} ({low:.3f} to {high:.3f})"


def _cost(done: dict[str, Any]) -> Counter[str]:
    kinds = ("calls", "failed", "input_tokens", "cached_tokens", "output_tokens")
    costs = Counter({kind: sum(task[kind] for task in done["tasks"].values()) for kind in kinds})
    costs["unpriced"] = int(done["usd"] is None)
    costs["micro_usd"] = round(1e6 * (done["usd"] or 0.0))
    return costs


def _told(costs: Counter[str]) -> str:
    usd = "of unknown price" if costs["unpriced"] else f"{costs['micro_usd'] / 1e6:.2f} US dollars"
    return (
        f"{costs['calls']} calls ({costs['failed']} more failed), {costs['input_tokens']} input tokens "
        f"({costs['cached_tokens']} cached), {costs['output_tokens']} output tokens, {usd}."
    )


async def _simple(row: Measured, data: Path) -> str:
    assert row.baseline is not None
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
    """What it prints. A command that could not be done has said why; its exit code is ours."""
    command = ["env", *(f"{name}={value}" for name, value in env.items()), sys.executable, "-m", *module]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        sys.exit(done.returncode)
    return done.stdout


def _wanted(arguments: Sequence[str]) -> Wanted:
    parser = argparse.ArgumentParser(prog="make quality", description="See the Makefile.")
    parser.add_argument("data", type=Path)
    for name in ("engine", "record", "replay", "limit", "concurrency"):
        parser.add_argument(f"--{name}")
    parser.add_argument("--reports", type=Path)
    parser.add_argument("--ablations", action="store_true")
    asked = parser.parse_args(arguments)
    kept = {name: getattr(asked, name) for name in ("record", "replay", "limit", "concurrency")}
    options = [word for name, value in kept.items() if value for word in (f"--{name}", value)]
    if asked.reports:
        asked.reports.mkdir(parents=True, exist_ok=True)
    return Wanted(asked.data, asked.engine, options, asked.ablations, asked.reports)


if __name__ == "__main__":
    prepare_environment()
    sys.exit(main(_wanted(sys.argv[1:])))
