"""An answer as server-sent events."""

import json
from collections.abc import Iterator

from tests.fakes.claude.refusals import Json

_PIECE = 24


def events_of(message: Json) -> Iterator[bytes]:
    """The events that make up a message, encoded."""
    usage = message["usage"]
    started = {
        **message,
        "content": [],
        "stop_reason": None,
        "stop_details": None,
        "usage": usage | {"output_tokens": 1},
    }
    yield event("message_start", message=started)
    yield event("ping")
    for index, block in enumerate(message["content"]):
        yield event("content_block_start", index=index, content_block=_empty(block))
        for delta in _deltas(block):
            yield event("content_block_delta", index=index, delta=delta)
        yield event("content_block_stop", index=index)
    stopped = {name: message[name] for name in ("stop_reason", "stop_sequence", "stop_details")}
    yield event("message_delta", delta=stopped, usage=usage)
    yield event("message_stop")


def event(kind: str, **data: object) -> bytes:
    """One event."""
    return f"event: {kind}\ndata: {json.dumps({'type': kind, **data})}\n\n".encode()


def _empty(block: Json) -> Json:
    if block["type"] == "thinking":
        return {"type": "thinking", "thinking": "", "signature": ""}
    return {"type": "text", "text": "", **({"citations": []} if block["citations"] else {})}


def _deltas(block: Json) -> Iterator[Json]:
    if block["type"] == "thinking":
        if block["thinking"]:
            yield {"type": "thinking_delta", "thinking": block["thinking"]}
        yield {"type": "signature_delta", "signature": block["signature"]}
        return
    for citation in block["citations"] or []:
        yield {"type": "citations_delta", "citation": citation}
    for at in range(0, len(block["text"]), _PIECE):
        yield {"type": "text_delta", "text": block["text"][at : at + _PIECE]}
