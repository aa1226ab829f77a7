"""What rules see: targets with all that can be asked of them, and what of them is promoted together."""
