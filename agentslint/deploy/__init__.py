"""The sources that a deployer (Argo CD, Flux) takes from the repository, and its changes to them.

So far none of it is rendered: what would be deployed otherwise than it is rendered here is said.
"""
