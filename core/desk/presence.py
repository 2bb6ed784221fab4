"""Who is in a channel: whoever writes, clicks or commands there. From then on all there see only what everybody may."""

from dataclasses import replace

from core.domain.channels import Channel, ChannelRef
from core.domain.people import Person
from core.ports.records import UnitOfWork
from core.session.roles import is_outside


async def channel_with(work: UnitOfWork, ref: ChannelRef, person: Person) -> Channel:
    """The channel, with the organisation of somebody from outside who is there. A person's home is no channel."""
    channel = await work.channels.get(ref)
    outside = bool(ref.channel) and not person.is_bot and is_outside(person, channel)
    if not outside or person.organisation in channel.organisations:
        return channel
    shared = replace(channel, external=True, organisations=channel.organisations | {person.organisation})
    await work.channels.put(shared)
    return shared
