"""How things look in a terminal: cards, the live view, JSON lines."""
