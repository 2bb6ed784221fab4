"""Step 1: what the burst is, without answering it (DESIGN 5.1)."""

from dataclasses import replace

from core.domain.dialogue import said_by
from core.domain.knowledge import Passage
from core.domain.people import Role
from core.domain.sessions import QuestionClass
from core.domain.tasks import Identified, IdentifyInput
from core.prompts.requests import identify_request
from core.respond.first_look import small_talk
from core.respond.lookups import Lookups
from core.respond.situation import Situation, Tools
from core.respond.steps import Steps
from core.text.reasons import short_reason

RAISED = "the knowledge base covers it"
HANDLED = "an analyst has already answered"


async def identify(situation: Situation, tools: Tools, steps: Steps, lookups: Lookups | None = None) -> Identified:
    """Class the burst. What the knowledge base holds can only raise a message into scope, never push it out. ``lookups`` keeps
    what was found for the steps behind this one."""
    return await without_model(situation, tools) or await with_model(situation, tools, steps, lookups)


async def without_model(situation: Situation, tools: Tools) -> Identified | None:
    """The class where the engine need not be asked for it."""
    if situation.answered:
        return Identified(QuestionClass.NO_ASSISTANCE_NEEDED, HANDLED, 1.0)
    return await small_talk(situation, tools)


async def with_model(situation: Situation, tools: Tools, steps: Steps, lookups: Lookups | None) -> Identified:
    """The class that the engine gives, in the light of what is known."""
    known = await _nearest(situation, lookups or Lookups(situation, tools))
    inputs = IdentifyInput(situation.scope, situation.dialogue, situation.burst, tuple(known))
    reply = await tools.engine.perform(identify_request(inputs, situation.session))
    steps.tokens += reply.usage.input_tokens + reply.usage.output_tokens
    covered = any(passage.relevance >= tools.calibration.raise_of(passage.entry.kind) for passage in known)
    if reply.output.class_ is QuestionClass.OUT_OF_SCOPE and covered:
        return replace(reply.output, class_=QuestionClass.WITHIN_SCOPE, reason=RAISED)
    return replace(reply.output, reason=short_reason(reply.output.reason))


async def _nearest(situation: Situation, lookups: Lookups) -> list[Passage]:
    """What is known nearest to the burst in its dialogue: a question back to it often names nothing by itself."""
    text = "\n".join(line.text for line in situation.burst)
    return await lookups.ranked(text, said_by(Role.REQUESTER, situation.dialogue), crossed=False)
