"""Authored scalars: their text, their places, and how to edit them."""
