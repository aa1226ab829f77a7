"""Repositories, configurations, revisions and command lines that nobody thought of, and the real command over each of them."""
