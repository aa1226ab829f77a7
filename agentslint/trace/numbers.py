"""The numbers of `yamlread`, for the trace."""

from agentslint.yamlread.numbers import number_texts

__all__ = ["number_texts"]
