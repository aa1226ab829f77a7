"""Objects against schemas, in the order of an API server: pruned, defaulted, validated."""
