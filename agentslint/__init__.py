"""agentslint: lints the rendered output of a GitOps repository, and points at the authored line."""

__version__ = "0.1.0"
