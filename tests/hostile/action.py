"""The GitHub action over a checkout that holds Python modules of a stranger."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from tests.hostile.attack import Manner, family
from tests.hostile.command import Ended
from tests.hostile.scene import Scene
from tests.integrations.composite import Runner, Used

PROJECT = Path(__file__).parents[2]
RESTORED = {"renderers": Used({"cache-hit": "true"}), "charts": Used({"cache-hit": "true"})}

# The real Python with the words of the action, but that pip stays out of the new environment and nothing is downloaded: what stands
# in for pip and for agentslint there does nothing. Only code of the checkout leaves a marker.
PYTHON = """\
#!/bin/sh
{python} "$@" --without-pip || exit
for last in "$@"; do :; done
site=$(echo "$last"/lib/python*/site-packages)
mkdir -p "$site/pip" "$site/agentslint/tools"
: > "$site/pip/__init__.py"
: > "$site/pip/__main__.py"
: > "$site/agentslint/__init__.py"
: > "$site/agentslint/tools/__init__.py"
printf 'from pathlib import Path\\ndef tools_folder(): return Path("/nowhere/tools")\\n' > "$site/agentslint/tools/folder.py"
printf '#!/bin/sh\\necho "agentslint 0"\\n' > "$last/bin/agentslint"
chmod +x "$last/bin/agentslint"
"""


def run_action(scene: Scene) -> Ended:
    """Run the steps of the action on the repository of a scene."""
    python = scene.program("python", "exit 1")
    python.write_text(PYTHON.format(python=sys.executable))
    temp = scene.folder / "runner"
    temp.mkdir()
    runner = Runner(PROJECT, scene.root, temp, {"runner.os": "Linux", "runner.arch": "X64"})
    ran = runner.run({"upload": "false"}, {"python": Used({"python-path": str(python)}), **RESTORED})
    installed = ran.outcomes.get("install") == "success"
    return Ended(2 if installed else 3, ran.log)


def _module(path: str) -> Callable[[Scene], None]:
    def build(scene: Scene) -> None:
        code = f"open({str(scene.marker)!r}, 'a').write('ran')\n"
        scene.write({path: code, **({str(Path(path).parent / "__init__.py"): code} if "/" in path else {})})

    build.__doc__ = f"The checkout holds {path}, which the action's Python imports instead of its own."
    return build


MODULES = (
    "venv.py", "venv/__main__.py", "pip.py", "pip/__main__.py", "agentslint/__init__.py", "agentslint/tools/folder.py",
    "sitecustomize.py", "usercustomize.py", "ensurepip.py", "subprocess.py", "pathlib.py", "runpy.py", "encodings/__init__.py",
)  # fmt: skip

family([(path.replace("/", "."), _module(path)) for path in MODULES], Manner.ACTION)
