"""Step 2: the burst as one to four self-contained questions (DESIGN 5.2)."""

from core.domain.tasks import RewriteInput
from core.prompts.requests import rewrite_request
from core.respond.situation import Asked, Situation, Tools
from core.respond.steps import Steps
from core.text.invented import invented
from core.text.language import language_of
from core.text.redaction import redact
from core.text.terms import coverage, term_set

MOST_QUESTIONS = 4
LEAST_SAID = {"en": 0.51, "zh": 0.3}
"""Of a question's words, the least share (0..1) that the dialogue must have, by language: the question is shown, and kept with
what is learned of it. Set by hand; pairs of Han characters change with every particle, words stay."""


async def rewrite(situation: Situation, tools: Tools, steps: Steps) -> list[Asked]:
    """Give one to four questions. Where an engine gives none that asks what the dialogue asks, and names only what is named
    there, it is the burst's own words."""
    inputs = RewriteInput(situation.dialogue, situation.burst)
    reply = await tools.engine.perform(rewrite_request(inputs, situation.session))
    steps.tokens += reply.usage.input_tokens + reply.usage.output_tokens
    ids = tuple(line.id for line in situation.burst)
    told, seen = "\n".join(line.text for line in inputs.lines), any(line.kept for line in inputs.lines)
    asked = [
        Asked(q.query.strip(), q.context, tuple(i for i in q.messages if i in ids) or ids)
        for q in reply.output.questions
        if q.query.strip() and _says_the_same(q.query, told, seen=seen)
    ]
    return asked[:MOST_QUESTIONS] or [Asked("\n".join(line.text for line in situation.burst), "", ids)]


def _says_the_same(query: str, told: str, *, seen: bool) -> bool:
    """Whether a question comes from the dialogue, as far as words tell; where pictures were ``seen``, it may be from there."""
    if invented(query, told, seen=seen) or redact(query).masks:
        return False
    return seen or not term_set(query) or coverage(query, told) >= LEAST_SAID[language_of(query)]
