"""Step 5: an answer from evidence, its citations enforced (DESIGN 5.5)."""

from collections.abc import Mapping, Sequence

from core.domain.answers import Abstention, Answer, Citation, Claim, Span
from core.domain.calibration import Calibration
from core.domain.ids import AnswerId, QuestionId, make_id
from core.domain.knowledge import CHUNK, Passage
from core.domain.records import Run
from core.domain.tasks import Generated, GenerateInput
from core.prompts.requests import generate_request
from core.prompts.runs import Occasion, run_of
from core.prompts.tasks import generate_task
from core.respond.grounding import grounded
from core.respond.relevance import length
from core.respond.situation import Asked, Situation, Tools
from core.respond.steps import Steps

NOTHING_FOUND = "nothing is known yet that may be shown here"
BELOW_CUTOFF = "nothing known is near enough to this"
UNCITED = "no claim with a citation was left"
MOST_PASSAGES = 4
LONG_LESS = 0.374
"""By which share of the cutoff a long post asks for less of what was learned: it waits for days where a chat waits for minutes,
so a quotation beside the point costs a look. A share, because a cross-encoder's cutoff may be small. Set by hand, so that a
forum has one question in twelve answered; by how near cards come to what the analysts then said, those below the cutoff of a
chat are little worse (mean cosine .45 beside .47)."""
_CHAT_TERMS, _POST_TERMS = 25, 40
"""Content terms up to which a question is one of a chat, and from which on it is a long post."""


async def generate(
    asked: Asked, question: QuestionId, passages: Sequence[Passage], situation: Situation, tools: Tools, steps: Steps
) -> tuple[Answer | Abstention, Run | None]:
    """Answer from the passages at or above the cutoff, or abstain. Gives the run that made the answer beside it."""
    near = (p for p in passages if p.relevance >= least_relevance(asked.text, p.entry.kind, tools.calibration))
    usable = tuple(near)[:MOST_PASSAGES]
    if not usable:
        return Abstention(BELOW_CUTOFF if passages else NOTHING_FOUND), None
    inputs = GenerateInput(asked.text, situation.dialogue, usable, language=situation.language, burst=situation.burst)
    reply = await tools.engine.perform(generate_request(inputs, situation.session))
    steps.tokens += reply.usage.input_tokens + reply.usage.output_tokens
    run = run_of(
        generate_task(), reply, Occasion(situation.session, question, situation.now),
        inputs=inputs.lines, evidence=inputs.passages,
    )  # fmt: skip
    return _checked(reply.output, asked.text, question, situation, usable), run


def least_relevance(question: str, kind: str, calibration: Calibration) -> float:
    """The least relevance (0..1) at which an entry of this kind may be cited beside this question."""
    less = 0.0 if kind == CHUNK else LONG_LESS * length(question, _CHAT_TERMS, _POST_TERMS)
    return calibration.cutoff_of(kind) * (1.0 - less)


def _checked(
    output: Generated, asked: str, question: QuestionId, situation: Situation, usable: Sequence[Passage]
) -> Answer | Abstention:
    """Drop what the passages do not carry; number what is cited in the order of first use."""
    told = "\n".join((asked, *(line.text for line in (*situation.dialogue, *situation.burst))))
    claims = grounded(output.claims, usable, told)
    if not claims:
        return Abstention(output.abstained or UNCITED)
    numbers = {old: new for new, old in enumerate(dict.fromkeys(n for c in claims for n in c.cites), start=1)}
    return Answer(
        id=AnswerId(make_id("answer", question)),
        question=question,
        session=situation.session,
        claims=tuple(_renumbered(claim, numbers) for claim in claims),
        citations=tuple(
            Citation.of(new, usable[old - 1].entry, usable[old - 1].revision) for old, new in numbers.items()
        ),
    )


def _renumbered(claim: Claim, numbers: Mapping[int, int]) -> Claim:
    spans = tuple(Span(numbers[span.n], span.text) for span in claim.spans)
    return Claim(claim.text, tuple(numbers[n] for n in claim.cites), spans)
