"""Which words are everybody's: plain English and the words of the trade. What is not among them may be a name.

``everyday.txt`` holds stems. The plain words are those of the embedding model's vocabulary (bert-base-uncased, Apache-2.0) that
the documentation strings of Python, numpy, scipy, PyTorch and other free libraries have mostly in lower case, so that names of
people, places and firms are left out; the words of the trade were added by hand.
"""

import re
from functools import lru_cache
from importlib.resources import files

from core.text.terms import stem

_PREFIX = re.compile(
    r"(?:auto|back|co|cross|de|dis|hyper|inter|in|macro|meta|micro|mid|mis|multi|non|off|on|over|post|pre|pro|re|semi|sub|super|"
    r"under|un|up)(?=[a-z]{4})"
)


@lru_cache(maxsize=1)
def _stems() -> frozenset[str]:
    return frozenset(files(__package__).joinpath("everyday.txt").read_text(encoding="utf-8").split())


@lru_cache(maxsize=16_384)
def is_everyday(word: str) -> bool:
    """Whether a word, lower case letters only, is plain English or of the trade; also with a usual prefix."""
    prefix = _PREFIX.match(word)
    return _is_known(word) or (prefix is not None and _is_known(word[prefix.end() :]))


def _is_known(word: str) -> bool:
    root = stem(word)
    return not _stems().isdisjoint((word, root, stem(root)))
