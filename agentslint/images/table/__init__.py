"""The built-in table of kinds that hold images, and of common kinds that hold none.

Paths were read from the resources' published definitions; every row names its documentation.
"""

from __future__ import annotations

from agentslint.images.fields import ImageField, ImageFields
from agentslint.images.table import databases, delivery, kubernetes, learning, messaging, observability, openshift, platform, silent

BUILTIN: tuple[ImageField, ...] = (
    *kubernetes.ROWS,
    *delivery.ROWS,
    *databases.ROWS,
    *messaging.ROWS,
    *observability.ROWS,
    *learning.ROWS,
    *platform.ROWS,
    *openshift.ROWS,
    *silent.ROWS,
)
BUILTIN_FIELDS = ImageFields(BUILTIN)

__all__ = ["BUILTIN", "BUILTIN_FIELDS"]
