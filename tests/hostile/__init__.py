"""Trees that attack whoever lints them, and the real command run over each of them."""
