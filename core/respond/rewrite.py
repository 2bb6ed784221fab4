"""Step 2: the burst as one to four self-contained questions (DESIGN 5.2)."""

from core.domain.tasks import RewriteInput
from core.prompts.requests import rewrite_request
from core.respond.situation import Asked, Situation, Tools
from core.respond.steps import Steps
from core.text.invented import invented

MOST_QUESTIONS = 4


async def rewrite(situation: Situation, tools: Tools, steps: Steps) -> list[Asked]:
    """Give one to four questions. Where an engine gives none that names only what the dialogue names, it is the
    burst's own words."""
    inputs = RewriteInput(situation.dialogue, situation.burst)
    reply = await tools.engine.perform(rewrite_request(inputs, situation.session))
    steps.tokens += reply.usage.input_tokens + reply.usage.output_tokens
    ids = tuple(line.id for line in situation.burst)
    told, seen = "\n".join(line.text for line in inputs.lines), any(line.kept for line in inputs.lines)
    asked = [
        Asked(q.query.strip(), q.context, tuple(i for i in q.messages if i in ids) or ids)
        for q in reply.output.questions
        if q.query.strip() and not invented(q.query, told, seen=seen)
    ]
    return asked[:MOST_QUESTIONS] or [Asked("\n".join(line.text for line in situation.burst), "", ids)]
