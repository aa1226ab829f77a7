"""Target -> what it renders to, byte for byte what `kustomize build --enable-helm` prints, or why it does not."""

from agentslint.render.kustomize import KustomizeRenderer, Renderer, RenderOptions, open_renderer
from agentslint.render.process import Limits

__all__ = ["KustomizeRenderer", "Limits", "RenderOptions", "Renderer", "open_renderer"]
