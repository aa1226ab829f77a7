"""Two versions of a CustomResourceDefinition, compared."""
