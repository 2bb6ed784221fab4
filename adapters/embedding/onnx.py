"""Answers with the exported model: onnxruntime and tokenizers, no torch."""

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from adapters.embedding.batches import Batches
from adapters.embedding.entry import MODEL_FILE, TOKENIZER_FILE, Entry
from core.domain.errors import FinalError
from core.ports.embedder import EmbedRole

if TYPE_CHECKING:
    from onnxruntime import InferenceSession, SessionOptions
    from tokenizers import Encoding, Tokenizer

RUNS_AT_ONCE = 2
"""Runs of the graph side by side, each in one thread: two threads within a run wait on each other and took 239 us of CPU per
token beside a busy neighbour, not 197; on a crowded machine 4 % more."""
TOKENS_PER_RUN = 256
"""Padded tokens in one run of the graph: 1024 took a tenth more CPU per token and padded more; 4096 peaked at 450 to 600 MB
instead of 270 to 380."""
LEAST_FULL = 0.6
"""Share of a run's width that its shortest text fills: without it a tenth of all tokens in a replay of a forum was padding. At
.8 there is less yet, but the many small runs cost as much."""
LEAST_SHARED = 48
"""Padded tokens from which a few texts that would be one run are two, side by side: a turn waits for them (four questions:
7 ms instead of 12 where both processors are free, for 13 ms of CPU instead of 12)."""
TOKEN_BYTES = np.dtype(np.int64).itemsize
CUT_TEXTS_KEPT = 1024
"""Texts as long as the model's window whose vectors are kept by their tokens; about 4 MB."""


class OnnxEmbedder:
    """An ``Embedder`` over one exported model. Pooling and normalisation are part of the graph."""

    def __init__(self, entry: Entry, batches: Batches, session: "InferenceSession", tokenizer: "Tokenizer") -> None:
        self._entry, self._batches = entry, batches
        self._session, self._tokenizer = session, tokenizer
        self._inputs = [node.name for node in session.get_inputs()]
        self._pads_left = (tokenizer.padding or {}).get("direction") == "left"
        self._cut: dict[bytes, NDArray[np.float32]] = {}
        self._runs = ThreadPoolExecutor(RUNS_AT_ONCE, thread_name_prefix="embedding-run")

    @classmethod
    async def open(cls, entry: Entry, folder: Path) -> "OnnxEmbedder":
        """Load graph and tokenizer from ``folder`` in a thread. Raises ``FinalError`` when they do not load."""
        batches = Batches()
        session, tokenizer = await batches.call(_load, folder)
        return cls(entry, batches, session, tokenizer)

    @property
    def identity(self) -> str:
        return self._entry.identity

    @property
    def dimension(self) -> int:
        return self._entry.dimension

    async def embed(self, texts: Sequence[str], role: EmbedRole) -> NDArray[np.float32]:
        return await self._batches.rows(texts, self._entry, role, self._run)

    def _run(self, texts: list[str]) -> NDArray[np.float32]:
        """One batch. What the model's window cuts to the same tokens is computed once: a long question, and the entry that
        begins with it, are one text to the model (a tenth of all tokens in a replay of a forum)."""
        encodings = self._tokenizer.encode_batch_fast(texts)
        if not len(encodings[0]):  # a tokenizer without marks makes nothing of empty texts, and the graph wants a token
            return np.zeros((len(texts), self.dimension), np.float32)
        tokens = [_tokens(encoding) for encoding in encodings]
        rows = {key: self._cut[key] for key in tokens if key in self._cut}
        todo = {key: one for key, one in zip(tokens, encodings, strict=True) if key not in rows}
        rows |= self._fresh(todo)
        self._remember(
            {key: rows[key] for key, one in todo.items() if sum(one.attention_mask) >= self._entry.max_tokens}
        )
        return np.stack([rows[key] for key in tokens])

    def _remember(self, cut: dict[bytes, NDArray[np.float32]]) -> None:
        self._cut |= {key: row.copy() for key, row in cut.items()}
        for key in list(self._cut)[: max(0, len(self._cut) - CUT_TEXTS_KEPT)]:
            del self._cut[key]

    def _fresh(self, encodings: "dict[bytes, Encoding]") -> dict[bytes, NDArray[np.float32]]:
        """Run the graph, longest first, padded to the longest of each run and in runs that keep its memory small."""
        runs = shared(list(runs_of(encodings)))
        made = self._runs.map(lambda run: self._infer([encodings[key] for key in run], _width(run[0])), runs)
        return {key: row for run, rows in zip(runs, made, strict=True) for key, row in zip(run, rows, strict=True)}

    def _infer(self, encodings: "list[Encoding]", width: int) -> NDArray[np.float32]:
        kept = slice(-width, None) if self._pads_left else slice(width)
        features = {
            "input_ids": [encoding.ids[kept] for encoding in encodings],
            "attention_mask": [encoding.attention_mask[kept] for encoding in encodings],
            "token_type_ids": [encoding.type_ids[kept] for encoding in encodings],
        }
        feed = {name: np.array(features[name], np.int64) for name in self._inputs}
        rows: NDArray[np.float32] = self._session.run(None, feed)[0]
        return rows


def _tokens(encoding: "Encoding") -> bytes:
    """What a text is to the model, without the padding."""
    ids, shown = np.array(encoding.ids, np.int64), np.array(encoding.attention_mask, np.bool_)
    return bytes(ids[shown].tobytes())


def _width(tokens: bytes) -> int:
    return max(1, len(tokens) // TOKEN_BYTES)


def runs_of(tokens: Iterable[bytes]) -> Iterator[list[bytes]]:
    """Share texts, known by their tokens, out to runs, longest first and each with texts of about its width."""
    left = sorted(tokens, key=lambda key: (-len(key), key))
    while left:
        run = [
            key for key in left[: max(1, TOKENS_PER_RUN // _width(left[0]))] if len(key) >= LEAST_FULL * len(left[0])
        ]
        left = left[len(run) :]
        yield run


def shared(runs: list[list[bytes]]) -> list[list[bytes]]:
    """One run of several texts as two, the longer texts in the shorter one; more runs keep all threads busy as they are."""
    if len(runs) != 1 or len(runs[0]) < RUNS_AT_ONCE or sum(map(_width, runs[0])) < LEAST_SHARED:
        return runs
    half = len(runs[0]) // 2
    return [runs[0][:half], runs[0][half:]]


def _load(folder: Path) -> "tuple[InferenceSession, Tokenizer]":
    """The saved tokenizer already truncates and pads as the model's own does."""
    from onnxruntime import InferenceSession
    from onnxruntime.capi import onnxruntime_pybind11_state as kinds
    from tokenizers import Tokenizer

    try:
        session = InferenceSession(str(folder / MODEL_FILE), _options(), providers=["CPUExecutionProvider"])
    except (kinds.Fail, kinds.InvalidGraph, kinds.InvalidProtobuf, kinds.NoSuchFile, kinds.NotImplemented) as error:
        raise FinalError(
            "The exported embedding model does not load: delete its folder in the cache and start again."
        ) from error
    return session, Tokenizer.from_file(str(folder / TOKENIZER_FILE))


def _options() -> "SessionOptions":
    from onnxruntime import SessionOptions

    options = SessionOptions()
    options.intra_op_num_threads, options.inter_op_num_threads = 1, 1
    options.log_severity_level = 3
    # Threads that spin between runs made 8 tokens take 13 ms instead of 3 beside one busy neighbour, and the arena
    # kept its peak after a bulk load, 600 MB where 250 are enough. Neither made a quiet machine faster.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.enable_cpu_mem_arena = False
    return options
