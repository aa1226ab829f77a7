"""One render, read, and the facts that need no further render."""
