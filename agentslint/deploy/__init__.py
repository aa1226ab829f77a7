"""The sources that a deployer (Argo CD, Flux) takes from the repository, and how it renders them."""

from __future__ import annotations

from agentslint.deploy.argo.argo_deployer import ArgoCD
from agentslint.deploy.deployer import Deployer
from agentslint.deploy.flux.flux_deployer import Flux

BUILTIN: tuple[Deployer, ...] = (ArgoCD(), Flux())
