"""Flux: Kustomizations and HelmReleases, as its controllers render them."""
