"""What is done to a text before a tokenizer sees it."""

CHARS_PER_TOKEN = 32
"""More than a token of prose, code or logs holds on average, so that cutting here never takes what the model would read."""


def readable(text: str, max_tokens: int) -> str:
    """Give a text that any tokenizer takes, in time that does not grow with what the model would cut off anyway.

    Lone surrogates, which cannot be encoded as UTF-8, become U+FFFD. A text beyond ``max_tokens`` worth of characters
    is cut, with runs of whitespace counted as one space, because they fill characters but no tokens.
    """
    limit = max_tokens * CHARS_PER_TOKEN
    if len(text) > limit:
        text = " ".join(text[: 8 * limit].split())[:limit]
    if text.isascii():
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
