"""The files of templates, by the names that helm gives them: `agents/charts/redis/templates/pod.yaml`."""

from __future__ import annotations

from agentslint.deploy.typed import sequence, text
from agentslint.discover.chart_file import chart_file
from agentslint.model import Target

_CHARTS = "charts/"


def template_file(target: Target, template: str) -> str:
    """Return the file of a template, from the root; empty where its chart is not in the repository."""
    folder, inside = _chart_of(target, template)
    return f"{folder}/{inside}" if folder else ""


def folders_with_helpers(target: Target, template: str) -> list[str]:
    """Return the folders of the charts that a template may include something from: the outermost one, and that of a chart in it."""
    own = _folder(target, template.partition("/")[0]), _chart_of(target, template)[0]
    return list(dict.fromkeys(filter(None, own)))


def _chart_of(target: Target, template: str) -> tuple[str, str]:
    """The folder that holds a template, and the way to it there: a chart in a chart may lie elsewhere (`file://../redis`)."""
    name, _, inside = template.partition("/")
    folder = _folder(target, name)
    if folder and inside.startswith(_CHARTS) and target.deployed:
        called, _, rest = inside.removeprefix(_CHARTS).partition("/")
        elsewhere = _elsewhere(target, folder, called)
        return (elsewhere, rest) if elsewhere else (folder, inside)
    return folder, inside


def _folder(target: Target, name: str) -> str:
    return next((entry.directory for entry in target.closure.charts if entry.name == name and entry.present and entry.directory), "")


def _elsewhere(target: Target, folder: str, called: str) -> str:
    """The folder outside of a chart from which its deployer takes a chart that it depends on, under its alias or its name."""
    listed = sequence(chart_file(target.root, folder), "dependencies")
    names = [text(each, "name") for each in listed if called in (text(each, "alias"), text(each, "name"))]
    local = target.deployed.local_charts if target.deployed else ()
    return next((path for path in local for name in names if chart_file(target.root, path).get("name") == name), "")
