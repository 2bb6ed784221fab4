"""How ``vigil eval`` tells what it measured: on the terminal, as a JSON line, as a page of Markdown."""

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from core.domain.errors import CallerError, FinalError
from core.evaluate.counting import Counting
from core.evaluate.report import Origin, Report, markdown, money


@dataclass(frozen=True, slots=True)
class Telling:
    """Where the figures go: to standard output, ``as_json`` or for people, and to ``file`` as Markdown. ``command`` repeats
    it."""

    as_json: bool = False
    file: Path | None = None
    command: str = ""

    def check(self) -> None:
        """Raise ``CallerError`` before the long work when the file's folder is not there."""
        if self.file and not self.file.parent.is_dir():
            raise CallerError(f"{self.file.parent} is not a folder: name another file with --report.")


def tell(done: Report, engine: Counting, telling: Telling) -> Report:
    """Tell a report with what it cost, and give it so."""
    done = replace(done, origin=Origin(engine.name, telling.command, engine.costs()))
    costs = [*_costs(done)]
    if costs and engine.replays:
        costs.append("These costs are those on record: nothing was asked now, and nothing was spent.")
    lines = [json.dumps(done.as_json())] if telling.as_json else [*_figures(done), *costs, *done.notes]
    sys.stdout.writelines(f"{line}\n" for line in lines)
    if telling.file:
        try:
            telling.file.write_text(markdown(done), "utf-8")
        except OSError as error:
            raise FinalError(f"{telling.file} cannot be written ({error.strerror}).") from error
    return done


def _figures(done: Report) -> Iterator[str]:
    for name, one in done.figures.items():
        interval = f"[{one.low:.3f}, {one.high:.3f}]"
        yield f"{done.suite:<14} {name:<22} {one.value:.3f}  {interval}  n={one.n}  {done.seconds:.0f} s"


def _costs(done: Report) -> Iterator[str]:
    """What each task cost, where calls cost anything."""
    for one in done.origin.costs if done.origin else ():
        if one.usage.input_tokens or one.usage.output_tokens or one.usd:
            tokens = f"{one.usage.input_tokens} + {one.usage.output_tokens} tokens ({one.usage.cached_tokens} cached)"
            yield f"{one.task:<14} {one.calls} calls, {one.failed} failed, {tokens}, {money(one.usd)} US dollars"
