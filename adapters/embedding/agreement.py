"""Compares an exported model with the original before anything relies on it."""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, get_args

from adapters.embedding.batches import Batches
from adapters.embedding.entry import Entry
from adapters.embedding.onnx import OnnxEmbedder
from adapters.embedding.torch_fallback import TorchEmbedder
from core.domain.errors import FinalError
from core.ports.embedder import EmbedRole

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

MIN_COSINE = 0.9999

SAMPLES = (
    "",
    " ",
    "ok",
    "How do I rotate the API key of a workspace without downtime?",
    "The connector fails with ERR_CONN_RESET after the upgrade to 4.2.1; restarting the agent helps for an hour.",
    "如何在不停机的情况下轮换工作区的 API 密钥?",
    "升级到 4.2.1 之后连接器报错,重启代理后一小时内恢复正常。",
    "كيف أعيد تعيين كلمة المرور؟",
    "Où puis-je trouver la clé d'accès ?",
    "def retry(call, tries=3):\n    for n in range(tries):\n        with suppress(OSError):\n            return call()",
    '{"level": "error", "code": 503, "path": "/v1/items?id=42&full=true"}',
    "SELECT id, count(*) FROM events WHERE at > now() - interval '1 day' GROUP BY id;",
    "🚀🔥 deploy done 👩‍💻👍🏽",
    "🎉",
    "a" * 5000,
    "The index is rebuilt every night and takes an hour. " * 400,
    "每天晚上重建索引。" * 800,
    "word\x00with\u200bodd\ufeffcharacters\t\n",
)
"""Languages, code, logs, emoji, nothing and too much: short and long share batches, so that padding is compared too."""


def disagreement(original: "SentenceTransformer", entry: Entry, folder: Path) -> str:
    """Give the reason why the export in ``folder`` must not be used, or an empty string when it agrees."""
    try:
        worst = min(asyncio.run(_worst_cosine(original, entry, folder, role)) for role in get_args(EmbedRole))
    except FinalError:
        return "does not load once exported"
    return "" if worst >= MIN_COSINE else f"gives other vectors once exported (cosine {worst:.4f})"


async def _worst_cosine(original: "SentenceTransformer", entry: Entry, folder: Path, role: EmbedRole) -> float:
    exported = await (await OnnxEmbedder.open(entry, folder)).embed(SAMPLES, role)
    expected = await TorchEmbedder(entry, Batches(), original).embed(SAMPLES, role)
    return float((exported * expected).sum(axis=1).min())
