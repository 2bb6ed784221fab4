"""What a suite gives."""

import time
from collections.abc import Mapping
from dataclasses import dataclass

from core.evaluate.metrics import Measured


@dataclass(frozen=True, slots=True)
class Report:
    """A suite's figures over ``n`` rows, in seconds of real time."""

    suite: str
    n: int
    figures: Mapping[str, Measured]
    seconds: float

    def as_json(self) -> dict[str, object]:
        """The last line of ``vigil eval --json``."""
        return {
            "v": 1,
            "suite": self.suite,
            "n": self.n,
            "metrics": {name: figure.value for name, figure in self.figures.items()},
            "interval": {name: [figure.low, figure.high] for name, figure in self.figures.items()},
            "seconds": round(self.seconds, 1),
        }


def report(suite: str, n: int, begun: float, figures: Mapping[str, Measured]) -> Report:
    """Close a suite that began at ``time.monotonic()`` = ``begun``."""
    return Report(suite, n, figures, time.monotonic() - begun)
