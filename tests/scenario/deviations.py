"""Where the example's replay differs from examples/acme/expected.json, and why that is borne. The tests hold it to exactly this."""

TURNS: dict[tuple[str, str, str], tuple[str, str]] = {}
LESSONS: dict[str, tuple[str, str]] = {}
