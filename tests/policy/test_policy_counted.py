"""What a commit accepts covers no more in a change than it did there: no second place of the same name, no further value."""

from __future__ import annotations

from collections import defaultdict
from time import process_time

from fork import DIGEST, TAGGED, Fork, app

from agentslint.places import Region
from agentslint.suppress.comments import comments
from agentslint.suppress.keyed import Keyed

OK = "# agentslint: ignore[require-digest] accepted"
EVIL = "evil.example/miner:6"
PINNED = f"ghcr.io/acme/web@{DIGEST}"
WEB = app(TAGGED, comment=OK)
COVERED = app(TAGGED).replace("      containers:", f"      {OK}\n      containers:")
CHART = {
    "kustomization.yaml": "helmCharts:\n  - {name: web, releaseName: web}\n",
    "charts/web/Chart.yaml": "apiVersion: v2\nname: web\nversion: 1.0.0\n",
    "charts/web/values.yaml": "enabled: true\n",
}
Tree = dict[str, str]


def plain(text: str) -> Tree:
    return {"kustomization.yaml": "resources: [web.yaml]\n", "web.yaml": text}


def chart(text: str) -> Tree:
    return {**CHART, "charts/web/templates/web.yaml": text}


def templated(name: str, image: str) -> str:
    return app(image, name=f"{{{{ .Release.Name }}}}-{name}", comment=OK)


def patched(patch: str, field: str = "patches") -> Tree:
    """Two containers by digest, and a patch that gives them other images."""
    two = app(PINNED) + f"        - name: side\n          image: {PINNED}\n"
    target = "{group: apps, version: v1, kind: Deployment, name: web}"
    return {"kustomization.yaml": f"resources: [web.yaml]\n{field}:\n  - target: {target}\n    patch: {patch}", "web.yaml": two}


def operation(number: int, image: str) -> str:
    return f"      - op: replace\n        path: /spec/template/spec/containers/{number}/image\n        value: {image} {OK}\n"


def in_json(*images: str) -> str:
    path = "/spec/template/spec/containers/{}/image"
    return ", ".join(f'{{"op": "replace", "path": "{path.format(at)}", "value": "{image}"}}' for at, image in enumerate(images))


def listed(*documents: str) -> str:
    items = "".join("".join(f"{'  - ' if not at else '    '}{line}\n" for at, line in enumerate(each.splitlines())) for each in documents)
    return f"apiVersion: v1\nkind: List\nitems:\n{items}"


def choice(first: str, second: str) -> str:
    """A template with two places of one name, of which one is rendered."""
    head = app("IMAGE", name="{{ .Release.Name }}").rpartition("          image")[0]
    image = "          image: "
    return f"{head}{{{{- if .Values.enabled }}}}\n{image}{first} {OK}\n{{{{- else }}}}\n{image}{second} {OK}\n{{{{- end }}}}\n"


SECOND = f"        - name: main\n          image: {EVIL} {OK}\n"
FLOW = "kind: Deployment\napiVersion: apps/v1\nmetadata: {{name: web}}\nspec: {{template: {{spec: {{containers: [{}]}}}}}} " + OK + "\n"
MAIN, MORE = f"{{name: main, image: '{TAGGED}'}}", f"{{name: more, image: '{EVIL}'}}"

WIDER: dict[str, tuple[Tree, Tree]] = {
    "template-second-document": (
        chart(templated("a", TAGGED)),
        chart(templated("a", TAGGED) + "---\n" + templated("b", EVIL)),
    ),
    "template-first-document": (
        chart(templated("a", TAGGED)),
        chart(templated("b", EVIL) + "---\n" + templated("a", TAGGED)),
    ),
    "template-same-name": (
        chart(templated("a", TAGGED)),
        chart(templated("a", TAGGED) + "---\n" + templated("a", EVIL).replace("apps/v1", "{{ `evil.example/v1` }}")),
    ),
    "template-second-container": (
        chart(templated("a", TAGGED)),
        chart(templated("a", TAGGED) + SECOND),
    ),
    "template-other-branch": (
        chart(choice(TAGGED, TAGGED.replace("v1", "v2"))),
        chart(choice(EVIL, TAGGED)),
    ),
    "patch-second-operation": (
        patched("|-\n" + operation(0, TAGGED)),
        patched("|-\n" + operation(0, TAGGED) + operation(1, EVIL)),
    ),
    "patch-operation-before": (
        patched("|-\n" + operation(0, TAGGED)),
        patched("|-\n" + operation(1, EVIL) + operation(0, TAGGED)),
    ),
    "patch-of-the-old-field": (
        patched("|-\n" + operation(0, TAGGED), "patchesJson6902"),
        patched("|-\n" + operation(0, TAGGED) + operation(1, EVIL), "patchesJson6902"),
    ),
    "patch-in-flow-style": (
        patched(f"|-\n      - {in_json(TAGGED)} {OK}\n"),
        patched(f"|-\n      - {in_json(TAGGED)} {OK}\n      - {in_json(TAGGED, EVIL).partition('}, ')[2]} {OK}\n"),
    ),
    "patch-in-quotes": (
        patched(f"'[{in_json(TAGGED)}]' {OK}\n"),
        patched(f"'[{in_json(TAGGED, EVIL)}]' {OK}\n"),
    ),
    "same-name": (plain(WEB), plain(WEB + SECOND)),
    "same-name-before": (plain(WEB), plain(WEB.replace("        - name: main\n", SECOND + "        - name: main\n"))),
    "other-list": (plain(WEB), plain(WEB + "      initContainers:\n" + SECOND)),
    "other-namespace": (
        plain(WEB),
        plain(app(EVIL, comment=OK).replace("name: web\n", "name: web\n  namespace: other\n") + "---\n" + WEB),
    ),
    "other-group": (
        plain(WEB),
        plain(app(EVIL, comment=OK).replace("apps/v1", "apps.evil.example/v1") + "---\n" + app(PINNED)),
    ),
    "below-a-comment": (plain(COVERED), plain(COVERED + SECOND.replace("name: main", "name: more"))),
    "below-a-comment-with-the-same-name": (plain(COVERED), plain(COVERED + SECOND)),
    "in-a-list": (plain(listed(WEB)), plain(listed(app(EVIL, name="new", comment=OK), WEB))),
    "flow": (plain(FLOW.format(MAIN)), plain(FLOW.format(f"{MAIN}, {MORE}"))),
}
"""What the base accepts, and a change with one more image that the same comment seems to accept."""

NO_WIDER: dict[str, tuple[Tree, Tree]] = {
    "a-new-version-of-the-kind": (plain(WEB), plain(WEB.replace("apps/v1", "apps/v1beta2"))),
    "another-tag": (plain(WEB), plain(WEB.replace("v1.4.2", "v1.5.0").replace("accepted", "in other words"))),
    "another-tag-in-a-template": (
        chart(templated("a", TAGGED)),
        chart(templated("b", PINNED) + "---\n# one more\n" + templated("a", TAGGED.replace("v1.4.2", "v1.5.0"))),
    ),
    "a-choice-that-stays": (chart(choice(TAGGED, TAGGED)), chart("# one more\n" + choice(TAGGED, TAGGED))),
    "another-tag-in-a-patch": (
        patched("|-\n" + operation(1, TAGGED)),
        patched("|-\n" + operation(0, PINNED) + operation(1, TAGGED.replace("v1.4.2", "v1.5.0"))),
    ),
    "another-tag-in-quotes": (
        patched(f"'[{in_json(TAGGED)}]' {OK}\n"),
        patched(f"'[{in_json(TAGGED.replace('v1.4.2', 'v1.5.0'))}]' {OK}\n"),
    ),
    "moved-in-a-list": (plain(listed(WEB)), plain(listed(app(PINNED, name="new"), WEB))),
}
"""Changes after which the comment of the base still covers what it did."""


def under(name: str, tree: Tree) -> Tree:
    return {f"{name}/{path}": text for path, text in tree.items()}


def found(fork: Fork, by: str = "main") -> dict[str, list[str]]:
    """The folder of each case -> what counts as found in it."""
    done = fork.run("lint", ".", "--policy-from", by, "--untrusted", "--select", "require-digest", "-f", "json")
    assert done.report["failures"] == []
    messages: dict[str, list[str]] = defaultdict(list)
    for row in done.report["results"]:
        if not row["suppressions"]:
            messages[row["location"]["path"].partition("/")[0]].append(row["message"])
    return dict(messages)


def changed(fork: Fork, cases: dict[str, tuple[Tree, Tree]]) -> dict[str, list[str]]:
    """What is found after the change of each case, where nothing was found before."""
    fork.main({path: text for name, (before, _) in cases.items() for path, text in under(name, before).items()})
    assert found(fork) == {}
    fork.commit({path: text for name, (_, after) in cases.items() for path, text in under(name, after).items()})
    return found(fork)


def test_no_further_place_is_accepted(fork: Fork) -> None:
    messages = changed(fork, WIDER)
    assert messages.keys() == WIDER.keys()
    assert {name: said for name, said in messages.items() if not any(EVIL in each for each in said)} == {}


def test_what_was_accepted_still_is(fork: Fork) -> None:
    assert changed(fork, NO_WIDER) == {}


def test_a_large_template_costs_no_more_than_its_length() -> None:
    """Each line of a comment that says what the document is would be copied to all lines below."""
    text = "{{/*\n" + "kind: a\n" * 30_000 + "*/}}\n" + templated("a", TAGGED)
    line = text.count("\n")
    began = process_time()
    part = Keyed(text, "templates/web.yaml").at(Region(line, 18, line, 40))
    assert part.place[0] == line
    assert process_time() - began < 5


def test_a_deep_text_costs_no_more_than_its_length() -> None:
    text = "\n".join(f"{' ' * depth}k:" for depth in range(2_000)) * 4
    began = process_time()
    assert Keyed(text, "templates/web.yaml").at(Region(2_000, 1, 2_000, 2)).place[0] == 2_000
    assert process_time() - began < 5


def test_a_file_of_comments_costs_no_more_than_its_length() -> None:
    """Each of them speaks of what is below the last one."""
    text = f"{OK}\n" * 10_000 + "image: a\n"
    began = process_time()
    found = comments(text, "values.yaml")
    assert {comment.lines for comment in found} == {(10_001, 10_001)}
    assert process_time() - began < 5
