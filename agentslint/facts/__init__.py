"""Reads a rendering, and derives the facts that need no extra render."""
