"""Obvious small talk is seen by the engine on this machine, so that no model elsewhere is paid for it."""

from core.domain.sessions import QuestionClass
from core.domain.tasks import Identified, IdentifyInput
from core.prompts.requests import identify_request
from core.respond.situation import Situation, Tools

SURE_SMALL_TALK = 0.95
"""How sure (0..1) the offline classifier must be. Of the 300 messages of scope_composite3 that need an answer it then skips
none (95 % interval 0 to 1.3 %), of the 150 of small talk 58 (.39, .31 to .47); of the project's own utterances, each judged by
a fit that saw nothing of its team, none of 672 (0 to 0.6 %) and .41 of the small talk. At .90 it is 1 of 300 and 3 of 672, and
.54 of the small talk. `vigil eval identify FILE` prints both shares of a file: ``skipped_wrongly`` and ``skipped_rightly``."""


async def small_talk(situation: Situation, tools: Tools) -> Identified | None:
    """Give the class where ``tools.first_look`` is sure that nobody needs help, else ``None``: then the engine is to be asked.
    Never for what was asked directly, nor for pictures, of which it sees nothing."""
    if tools.first_look is None or situation.direct or any(line.pictures for line in situation.burst):
        return None
    inputs = IdentifyInput(situation.scope, situation.dialogue, situation.burst)
    reply = await tools.first_look.perform(identify_request(inputs, situation.session))
    return reply.output if is_sure(reply.output) else None


def is_sure(identified: Identified) -> bool:
    """Whether it is small talk beyond doubt."""
    return identified.class_ is QuestionClass.NO_ASSISTANCE_NEEDED and identified.confidence >= SURE_SMALL_TALK
