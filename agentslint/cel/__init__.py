"""Expressions in CEL, the Common Expression Language: compiled once, asked of plain objects, with the functions of Kubernetes.

The library is an extra (`pip install agentslint-gitops[cel]`) and is imported by the first expression.
"""

from agentslint.cel.library import Expression, Expressions, Scope, is_installed
from agentslint.cel.outcomes import ExpressionError, Missing, Truth, Unanswered

__all__ = ["Expression", "ExpressionError", "Expressions", "Missing", "Scope", "Truth", "Unanswered", "is_installed"]
