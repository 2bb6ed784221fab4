"""Documents: web pages, Markdown, plain text and PDF, read behind a fence and cut into sections.

``reach`` and ``address`` decide who is asked, ``networks`` and ``connect`` where that leads, ``fetch`` gets the bytes,
``kinds`` says what they are, ``worker`` has them taken apart in a process of its own; ``reader.open_documents`` joins them.
The settings read ``reach`` at every start: nothing is imported here."""
