"""Another render of a target with other inputs, and what comes out."""
