"""The input of rules: targets with all that can be asked of them, and the release groups among them."""
