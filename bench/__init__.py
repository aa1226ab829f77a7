"""Ratios of agentslint against bare renderers and peers, side by side in one run: `make bench`."""
