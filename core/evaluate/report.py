"""What a suite gives, for programs and for people: figures with intervals, what they cost, and how to repeat them."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from core.evaluate.counting import TaskCost
from core.evaluate.metrics import Measured


@dataclass(frozen=True, slots=True)
class Origin:
    """How figures were made: the engine's name, the command line that repeats it, and what each task cost."""

    engine: str
    command: str
    costs: tuple[TaskCost, ...] = ()

    @property
    def models(self) -> list[str]:
        """The models that answered, each once."""
        return sorted({model for cost in self.costs for model in cost.models})

    @property
    def usd(self) -> float | None:
        """What all of it cost in US dollars; ``None`` where a price is not known."""
        known = [cost.usd for cost in self.costs if cost.usd is not None]
        return sum(known) if len(known) == len(self.costs) else None


@dataclass(frozen=True, slots=True)
class Report:
    """A suite's figures over ``n`` rows, in seconds of real time; ``notes`` are sentences on what they leave out."""

    suite: str
    n: int
    figures: Mapping[str, Measured]
    seconds: float
    notes: tuple[str, ...] = ()
    origin: Origin | None = None

    def as_json(self) -> dict[str, object]:
        """The last line of ``vigil eval --json``."""
        return {
            "v": 1,
            "suite": self.suite,
            "n": self.n,
            "metrics": {name: figure.value for name, figure in self.figures.items()},
            "interval": {name: [figure.low, figure.high] for name, figure in self.figures.items()},
            "over": {name: figure.n for name, figure in self.figures.items()},
            "seconds": round(self.seconds, 1),
            "notes": list(self.notes),
            **(_origin(self.origin) if self.origin else {}),
        }


def report(suite: str, n: int, begun: float, figures: Mapping[str, Measured], notes: Sequence[str] = ()) -> Report:
    """Close a suite that began at ``time.monotonic()`` = ``begun``."""
    return Report(suite, n, figures, time.monotonic() - begun, tuple(notes))


def _origin(origin: Origin) -> dict[str, object]:
    tasks = {cost.task: cost.as_json() for cost in origin.costs}
    return {
        "engine": origin.engine, "models": origin.models, "tasks": tasks, "usd": origin.usd, "command": origin.command,
    }  # fmt: skip


def markdown(done: Report) -> str:
    """The report as a page of Markdown: a table of figures with their 95 % intervals, a table of costs, how to repeat it."""
    lines = [f"# {done.suite}", "", f"{done.n} rows in {done.seconds:.0f} s.{_by(done.origin)}", ""]
    lines += ["| figure | value | 95 % interval | over |", "|---|---|---|---|"]
    lines += [f"| {name} | {_cells(one)} |" for name, one in done.figures.items()]
    lines += [line for note in done.notes for line in ("", note)]
    if done.origin:
        lines += ["", "## Cost", "", *_costs(done.origin), "", "## How to repeat it", "", "```"]
        lines += [done.origin.command, "```"]
    return "\n".join(lines) + "\n"


def _cells(one: Measured) -> str:
    return f"{one.value:.3f} | {one.low:.3f} to {one.high:.3f} | {one.n}"


def _by(origin: Origin | None) -> str:
    return f" Engine: {origin.engine} ({', '.join(origin.models) or 'not asked'})." if origin else ""


def _costs(origin: Origin) -> list[str]:
    head = [
        "| task | calls | failed | input tokens | cached | output tokens | mean ms | US dollars |",
        f"|{'---|' * 8}",
    ]
    return [*head, *(_cost(one) for one in origin.costs), f"| all |  |  |  |  |  |  | {money(origin.usd)} |"]


def _cost(one: TaskCost) -> str:
    used = one.usage
    cells = (
        one.task, one.calls, one.failed, used.input_tokens, used.cached_tokens, used.output_tokens, f"{one.mean_ms:.0f}",
        money(one.usd),
    )  # fmt: skip
    return f"| {' | '.join(map(str, cells))} |"


def money(usd: float | None) -> str:
    """US dollars for people; ``not known`` where there is no price."""
    return "not known" if usd is None else f"{usd:.4f}"
