"""What a deployer (Argo CD, Flux) takes from the repository, and what it lays over that.

So far none of it is rendered: what would be deployed otherwise than it is rendered here is said.
"""
