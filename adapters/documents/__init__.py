"""Documents: web pages, Markdown, plain text and PDF, read behind a fence and cut into sections.

``reach`` and ``address`` decide who is asked, ``networks`` and ``connect`` where that leads, ``fetch`` gets the bytes,
``kinds`` says what they are, ``worker`` has them taken apart in a process of its own."""

from adapters.documents.reach import Reach, reach_of
from adapters.documents.reader import SafeDocuments, open_documents

__all__ = ["Reach", "SafeDocuments", "open_documents", "reach_of"]
