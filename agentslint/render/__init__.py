"""Target -> what it renders to, byte for byte what `kustomize build --enable-helm` prints, or why it does not."""

from agentslint.render.kustomize import KustomizeRenderer, Programs, Renderer, open_renderer
from agentslint.render.options import Limits, RenderOptions

__all__ = ["KustomizeRenderer", "Limits", "Programs", "RenderOptions", "Renderer", "open_renderer"]
