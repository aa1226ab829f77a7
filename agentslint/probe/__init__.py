"""What would be rendered if a chart's values were different: changes of values -> files of a staged copy.

`ChartValues` says where each value of a chart is written and which place wins; `changed_files` writes changes there.
`RenderedTarget.probe` renders what comes of it.
"""

from agentslint.probe.change import Change, absent, changed_files, null, put
from agentslint.probe.layers import LayerKind, ValuesLayer
from agentslint.probe.values import ChartValues, Key

__all__ = ["Change", "ChartValues", "Key", "LayerKind", "ValuesLayer", "absent", "changed_files", "null", "put"]
