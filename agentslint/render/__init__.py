"""Target -> its rendering, byte for byte the output of `kustomize build --enable-helm`, or a located failure."""

from agentslint.render.kustomize import KustomizeRenderer, Renderer, open_renderer
from agentslint.render.options import Limits, RenderOptions
from agentslint.render.renderers import Programs

__all__ = ["KustomizeRenderer", "Limits", "Programs", "RenderOptions", "Renderer", "open_renderer"]
