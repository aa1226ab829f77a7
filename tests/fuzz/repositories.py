"""Whole cases: an application over bases, components and charts, as it is now and as it was."""

from __future__ import annotations

from hypothesis import strategies as st

from tests.fuzz.case import SECRET, Case
from tests.fuzz.charts import LURE, charts, values_text
from tests.fuzz.configurations import configurations
from tests.fuzz.kustomizations import kustomizations
from tests.fuzz.lines import lines
from tests.fuzz.manifests import MANIFESTS, ordinary
from tests.fuzz.texts import chance, content, written

Files = dict[str, bytes]
NAMES = ("web-0.yaml", "web-1.yaml")
ODD_NAMES = (
    "a b.yaml",
    "ü.yaml",
    "a\nb.yaml",
    "-o.yaml",
    "x" * 200 + ".yaml",
    "a:b.yaml",
    "#a.yaml",
    "'q'.yaml",
    "%41.yaml",
    "a\\b.yaml",
    "KUSTOMIZATION.yaml",
)
LINKS = (
    ("app/linked.yaml", "web-0.yaml"), ("app/linked", "../base"),
    ("app/loop.yaml", "loop.yaml"), ("app/charts/web/again", "."), ("far", "app"),
    ("app/nowhere.yaml", "none"), ("kustomization.yaml", "app/kustomization.yaml"),
    ("app/secret.lnk", "../../outside/secret"), ("app/charts/web/e.txt", "/proc/self/environ"),
)  # fmt: skip
AWAY = ("/proc/self/environ", "../../../../outside/secret")
LURED = "app/charts/web/templates/web.yaml"
PATCH = "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\nspec:\n  replicas: 3\n"


@st.composite
def _manifests(draw: st.DrawFn, folder: str) -> Files:
    """One or two files of manifests."""
    files = {f"{folder}/{NAMES[0]}": draw(content(written(draw(ordinary("web" if folder == "app" else folder))), 0.06))}
    if draw(chance(0.4)):
        text = "---\n".join(map(written, draw(st.lists(MANIFESTS, min_size=1, max_size=3))))
        name = draw(st.sampled_from(ODD_NAMES)) if draw(chance(0.15)) else NAMES[1]
        files[f"{folder}/{name}"] = draw(content(text))
    return files


@st.composite
def _layer(draw: st.DrawFn, folder: str, bases: list[str], components: list[str], chart: bool) -> Files:
    """A kustomization with its manifests."""
    files = draw(_manifests(folder))
    body = draw(kustomizations([path.rpartition("/")[2] for path in files], bases, components, chart))
    name = draw(st.sampled_from(["kustomization.yml", "Kustomization"])) if draw(chance(0.05)) else "kustomization.yaml"
    return files | {f"{folder}/{name}": draw(content(written(body), 0.08))}


@st.composite
def trees(draw: st.DrawFn) -> Files:
    """The files of a repository."""
    files: Files = {
        "app/patch.yaml": PATCH.encode(),
        "app/secret.txt": f"{SECRET}\n".encode(),
        "app/secret.env": f"token={SECRET}\n".encode(),
    }
    chart, base, component = draw(chance(0.4)), draw(chance(0.3)), draw(chance(0.15))
    if chart:
        files |= draw(charts("app/charts/web")) | {"app/values.yaml": draw(content(draw(values_text()), 0.06))}
    if base:
        files |= draw(_layer("base", [], [], False))
    if component:
        files |= draw(_layer("component", [], [], False)) | {
            "component/kustomization.yaml": b"kind: Component\nimages: [{name: nginx, newTag: '3'}]\n"
        }
    files |= draw(_layer("app", ["../base"] if base else [], ["../component"] if component else [], chart))
    configuration = draw(configurations())
    return files if configuration is None else files | {".agentslint.toml": configuration}


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """A case."""
    files = draw(trees())
    line = draw(lines())
    links = (draw(st.sampled_from(LINKS)),) if draw(chance(0.12)) else ()
    if LURED in files and draw(chance(0.08)):
        files |= {LURED: LURE.encode()}
        links = (("app/charts/web/e.txt", draw(st.sampled_from(AWAY))),)
    if "HEAD~1" not in line and not draw(chance(0.1)):
        return Case(tuple(files.items()), line, links)
    return Case(tuple(files.items()), line, links, tuple(draw(_earlier(files)).items()))


@st.composite
def _earlier(draw: st.DrawFn, files: Files) -> Files:
    """What the tree was before: a file was different, or was not there."""
    before = dict(files)
    for path in draw(st.lists(st.sampled_from(sorted(files)), max_size=2)):
        before.pop(path, None)
        if draw(st.booleans()):
            before[path] = files[path].replace(b"nginx", b"httpd").replace(b"1", b"2")
    return before
