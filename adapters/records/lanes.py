"""How lanes are named in the job table.

Recorded history that is fed into a home has lanes of its own, ``past/learn`` beside ``learn``: its jobs run by the time of its
messages and under a policy that posts nothing, so that the running bot must not take them, nor it the bot's. What changes a
card that people see is always the bot's.
"""

from core.domain.jobs import Lane

OF_THE_PAST = frozenset({Lane.RESPOND, Lane.LEARN, Lane.CLOSE, Lane.FETCH, Lane.PROJECT, Lane.MAINTAIN})
_PREFIX = "past/"


def name_of(lane: Lane, *, past: bool) -> str:
    """The name of a lane's rows for who works on what is live, or on the past."""
    return f"{_PREFIX}{lane}" if past and lane in OF_THE_PAST else str(lane)


def names(lane: Lane | None, *, past: bool) -> list[str]:
    """The names of the rows that are worked on: of one lane, or of all that are (``None``)."""
    if lane is not None:
        return [name_of(lane, past=past)]
    return [name_of(one, past=past) for one in (sorted(OF_THE_PAST) if past else Lane)]


def lane_of(name: str) -> Lane:
    """The lane of a row."""
    return Lane(name.removeprefix(_PREFIX))
