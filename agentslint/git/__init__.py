"""git, asked about a repository that a stranger may have prepared: nothing that the repository configures is run."""
