"""agentslint: lints what a GitOps repository will run, and points at the line that a person wrote."""

__version__ = "0.1.0"
