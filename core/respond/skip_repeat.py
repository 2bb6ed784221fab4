"""Step 6: never say the same twice in a session (DESIGN 5.6; arXiv 2604.09579 uses 0.7 for its own model)."""

from collections.abc import Sequence

import numpy as np

from core.ports.embedder import Embedder

OFF = 1.0


async def find_repeat(text: str, sent: Sequence[str], embedder: Embedder, theta: float) -> int | None:
    """Give the index of the sent answer that ``text`` repeats, the nearest one if several, or ``None``.

    Texts carry no citation markers. ``theta`` is a cosine; from 1.0 on the test is off.
    """
    if not sent or theta >= OFF:
        return None
    vectors = await embedder.embed([text, *sent], "passage")
    cosines = vectors[1:] @ vectors[0]
    nearest = int(np.argmax(cosines))
    return nearest if float(cosines[nearest]) > theta else None
