"""Extra renders of a target with changed inputs, and reading their output."""
