"""`agentslint ignore RULE FILE:LINE`: one line changes, or nothing does."""

from __future__ import annotations

import datetime
import subprocess
from pathlib import Path

import pytest

from agentslint.suppress.writing import Acceptance, with_comments
from tests.suppress.command_in_process import Done, Run, Tree
from tests.suppress.sample_apps import CHART, chart_app, deployment, kustomization, plain

REASON = ("--reason", "the vendor publishes none")
COMMENT = "# agentslint: ignore[require-digest] the vendor publishes none"


def accept(run: Run, tree: Tree, path: str, line: int, *words: str, rule: str = "require-digest") -> Done:
    return run("ignore", rule, f"{path}:{line}", *(words or REASON), cwd=tree.root)


def is_clean(run: Run, tree: Tree) -> bool:
    done = run("lint", ".", "--select", "require-digest,stale-ignore", "-f", "json", cwd=tree.root)
    return done.status == 0 and done.places() == []


def rendered(tree: Tree, kustomize: Path, helm: Path, target: str = "app") -> bytes:
    """What bare kustomize makes of a target."""
    command = [str(kustomize), "build", "--enable-helm", "--helm-command", str(helm), target]
    return subprocess.run(command, cwd=tree.root, check=True, stdout=subprocess.PIPE).stdout


def test_it_writes_behind_the_line_and_changes_nothing_else(run: Run, tree: Tree) -> None:
    tree.write(plain())
    before = tree.files()
    done = accept(run, tree, "app/web.yaml", 10)
    assert (done.status, done.out, done.err) == (0, "app/web.yaml:10: require-digest ignored\n", "")
    expected = before["app/web.yaml"].replace(b"image: nginx:1.27\n", f"image: nginx:1.27  {COMMENT}\n".encode())
    assert tree.files() == {**before, "app/web.yaml": expected}
    assert is_clean(run, tree)


def test_a_second_time_changes_nothing(run: Run, tree: Tree) -> None:
    tree.write(plain())
    accept(run, tree, "app/web.yaml", 10)
    before = tree.files()
    assert accept(run, tree, "app/web.yaml", 10).status == 0
    assert tree.files() == before


def test_until_a_day(run: Run, tree: Tree) -> None:
    tree.write(plain())
    accept(run, tree, "app/web.yaml", 10, *REASON, "--until", "2999-01-31")
    assert "ignore[require-digest] ignore-until[2999-01-31] the vendor" in tree.read("app/web.yaml")
    assert is_clean(run, tree)


@pytest.mark.parametrize(
    "bytes_of",
    [
        lambda text: text.replace("\n", "\r\n").encode(),
        lambda text: b"\xef\xbb\xbf" + text.encode(),
        lambda text: text.rstrip("\n").encode(),
        lambda text: text.replace("name: web\nspec", 'name: web\n  annotations: {note: "a\x85b\u2028c \t"}\nspec').encode(),
        lambda text: text.replace("1.27\n", "1.27   \n").encode(),
    ],
    ids=["crlf", "byte-order-mark", "no-last-line-end", "odd-breaks", "trailing-blanks"],
)
def test_what_is_around_it_stays_byte_for_byte(run: Run, tree: Tree, bytes_of: object) -> None:
    tree.write(plain())
    data = bytes_of(tree.read("app/web.yaml"))  # type: ignore[operator]
    tree.write({"app/web.yaml": data})
    line = data.split(b"image:")[0].count(b"\n") + 1
    assert accept(run, tree, "app/web.yaml", line).status == 0
    assert tree.files()["app/web.yaml"].replace(f"  {COMMENT}".encode(), b"") == data
    assert is_clean(run, tree)


def test_behind_a_comment_that_is_there(run: Run, tree: Tree) -> None:
    tree.write(plain(comment="# the proxy"))
    accept(run, tree, "app/web.yaml", 10)
    assert f"image: nginx:1.27  # the proxy  {COMMENT}\n" in tree.read("app/web.yaml")
    assert is_clean(run, tree)


def test_beside_a_comment_for_another_rule(run: Run, tree: Tree) -> None:
    tree.write(plain("nginx:latest", "# agentslint: ignore[mutable-tag] a sandbox"))
    accept(run, tree, "app/web.yaml", 10)
    done = run("lint", ".", "--select", "require-digest,mutable-tag,stale-ignore", "-f", "json", cwd=tree.root)
    assert done.status == 0
    assert {row["suppressions"][0]["justification"] for row in done.results} == {"a sandbox", "the vendor publishes none"}


def test_an_expired_one_is_no_reason_not_to(run: Run, tree: Tree) -> None:
    tree.write(plain(comment="# agentslint: ignore[require-digest] ignore-until[2020-01-31] why"))
    accept(run, tree, "app/web.yaml", 10)
    assert COMMENT in tree.read("app/web.yaml")


LONG = {
    "folded": "  tag: >-\n    1.28.0\n",
    "literal": "  tag: |-\n    1.28.0\n",
    "quoted": '  tag: "1.28\\\n    .0"\n',
    "on the next line": "  tag:\n    1.28.0\n",
}


@pytest.mark.parametrize("tag", LONG.values(), ids=LONG)
def test_above_the_entry_of_a_text_that_goes_on_over_lines(run: Run, tree: Tree, tag: str) -> None:
    tree.write(chart_app(f"image:\n{tag}sidecar: false\n"))
    line = run("lint", ".", "--select", "require-digest", "-f", "json", cwd=tree.root).places()[0][2]
    assert accept(run, tree, "app/values.yaml", line).status == 0
    behind = f"image:\n{tag.rstrip()}  {COMMENT}\nsidecar: false\n"
    assert tree.read("app/values.yaml") in (f"image:\n  {COMMENT}\n{tag}sidecar: false\n", behind)
    assert is_clean(run, tree)


def test_in_a_patch_that_stands_in_the_kustomization(run: Run, tree: Tree, kustomize: Path, helm: Path) -> None:
    tree.write(plain())
    patch = "".join(f"      {line}\n" for line in deployment("web", "nginx:1.28").splitlines())
    tree.write({"app/kustomization.yaml": kustomization("web.yaml", more=f"patches:\n  - patch: |-\n{patch}")})
    before = rendered(tree, kustomize, helm)
    assert accept(run, tree, "app/kustomization.yaml", tree.line("app/kustomization.yaml", "nginx")).status == 0
    assert rendered(tree, kustomize, helm) == before
    assert is_clean(run, tree)


TEMPLATE = "charts/web/templates/deployment.yaml"


@pytest.mark.sample(2)
@pytest.mark.parametrize(
    "written",
    [
        "          image: busybox:1.36\n",
        "          image: busybox:1.36   \n",
        '          image: {{ "busybox:1.36" -}}\n\n        {{- "" }}\n',
        "          image: busybox:1.36\n{{ if true }}\n          imagePullPolicy: Always\n{{ end }}\n",
        "          image: busybox:1.36 # the sidecar\n          args:\n            - |\n              text\n",
    ],
    ids=["plain", "trailing-blanks", "trimmed", "actions-below", "block-below"],
)
def test_a_template_renders_to_the_same_bytes(run: Run, tree: Tree, kustomize: Path, helm: Path, written: str) -> None:
    tree.write(chart_app(f"image:\n  tag: 1.28.0  {COMMENT}\n"))
    tree.replace(TEMPLATE, "          image: busybox:1.36\n", written)
    before = rendered(tree, kustomize, helm)
    assert accept(run, tree, TEMPLATE, tree.line(TEMPLATE, "busybox")).status == 0
    assert rendered(tree, kustomize, helm) == before
    assert f"/* agentslint: ignore[require-digest] {REASON[1]} */" in tree.read(TEMPLATE)
    assert is_clean(run, tree)


@pytest.mark.parametrize("line", ["run.sh: |\n    docker run busybox:1.36\n\n    exit", 'a: {{ "busybox" -}}\n    :1.36'])
def test_a_template_comment_renders_to_nothing_anywhere(run: Run, tree: Tree, kustomize: Path, helm: Path, line: str) -> None:
    script = "charts/web/templates/script.yaml"
    tree.write({**chart_app(), script: f"apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: x\ndata:\n  {line}\n"})
    before = rendered(tree, kustomize, helm)
    wanted = {tree.line(script, "busybox"): {"require-digest"}}
    written, refused = with_comments(tree.read(script), script, wanted, Acceptance(REASON[1]), template=True)
    assert not refused
    tree.write({script: written})
    assert "agentslint: ignore" in tree.read(script)
    assert rendered(tree, kustomize, helm) == before


def test_a_folder_named_templates_is_no_chart(run: Run, tree: Tree) -> None:
    files = plain()
    tree.write({path.replace("app/", "templates/"): text for path, text in files.items()})
    accept(run, tree, "templates/web.yaml", 10)
    assert f"nginx:1.27  {COMMENT}\n" in tree.read("templates/web.yaml")


@pytest.mark.parametrize(
    ("path", "line", "message"),
    [
        ("app/data.json", 1, "comments are read in YAML files and in charts' templates only; use [[ignore]]"),
        ("app/notes.txt", 1, "comments are read in YAML files"),
        ("app/script.yaml", 7, "require-digest finds nothing in this file; nothing is written"),
        ("app/script.yaml", 99, "the file has 9 lines"),
        ("app/script.yaml", 0, "the file has 9 lines"),
        ("app/script.yaml", 8, "that line has no value"),
        ("app/script.yaml", 9, "that line has no value"),
        ("app/broken.yaml", 1, "this is not valid YAML"),
        ("app/latin.yaml", 1, "the file is not UTF-8"),
        ("app/absent.yaml", 1, "No such file"),
        ("app", 1, "it is a folder"),
        ("charts/web/templates/action.yaml", 2, "would change what the file means"),
    ],
)
def test_what_it_refuses(run: Run, tree: Tree, path: str, line: int, message: str) -> None:
    script = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: x\ndata:\n  run.sh: |\n    docker run nginx:1.27\n\n# end\n"
    tree.write({"app/script.yaml": script, "app/data.json": "{}\n", "app/notes.txt": "x\n", "app/broken.yaml": "a: [\n"})
    tree.write({**CHART, "app/latin.yaml": b"a: \xe9\n", "charts/web/templates/action.yaml": "a: {{ printf\n  .Values.x\n  }}\n"})
    before = tree.files()
    done = accept(run, tree, path, line)
    assert done.status == 2
    assert f"{path}:{line}: " in done.err
    assert message in done.err
    assert tree.files() == before


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("require-digests", "app/web.yaml:10", *REASON), "did you mean 'require-digest'?"),
        (("require-digest", "app/web.yaml:10"), "Missing option '--reason'"),
        (("require-digest", "app/web.yaml:10", "--reason", "  "), "--reason must say why"),
        (("require-digest", "app/web.yaml:10", "--reason", "ignore-until[2999-01-01] x"), "may not begin with ignore[...]"),
        (("require-digest", "app/web.yaml:10", *REASON, "--until", "soon"), "'soon' is not a date (YYYY-MM-DD)"),
        (("require-digest", "app/web.yaml:10", *REASON, "--until", "2020-01-31"), "'2020-01-31' has passed"),
        (("require-digest", "app/web.yaml", *REASON), "RULE FILE:LINE"),
        (("require-digest", *REASON), "RULE FILE:LINE"),
        (("require-digest", "app/web.yaml:10", "--all", ".", *REASON), "either FILE:LINE or --all PATH"),
    ],
)
def test_what_has_to_be_said(run: Run, tree: Tree, words: tuple[str, ...], message: str) -> None:
    tree.write(plain())
    before = tree.files()
    done = run("ignore", *words, cwd=tree.root)
    assert done.status == 2
    assert message in done.err
    assert tree.files() == before


def test_a_reason_that_would_end_a_template_comment(run: Run, tree: Tree) -> None:
    tree.write(chart_app())
    before = tree.files()
    done = accept(run, tree, TEMPLATE, 13, "--reason", "see */ and }}")
    assert (done.status, tree.files()) == (2, before)
    assert "--reason may not hold */ or }}" in done.err


def test_a_reason_on_several_lines_becomes_one(run: Run, tree: Tree) -> None:
    tree.write(plain())
    accept(run, tree, "app/web.yaml", 10, "--reason", "first\n  second: x\n")
    assert "ignore[require-digest] first second: x\n" in tree.read("app/web.yaml")


def test_a_file_that_may_not_be_written_stays(run: Run, tree: Tree) -> None:
    tree.write(plain())
    (tree.root / "app").chmod(0o555)
    (tree.root / "app/web.yaml").chmod(0o444)
    before = tree.files()
    try:
        done = accept(run, tree, "app/web.yaml", 10)
    finally:
        (tree.root / "app").chmod(0o755)
    assert tree.files() == before or done.status == 0, "a superuser may write it"


def test_the_mode_of_the_file_stays(run: Run, tree: Tree) -> None:
    tree.write(plain())
    (tree.root / "app/web.yaml").chmod(0o640)
    accept(run, tree, "app/web.yaml", 10)
    assert (tree.root / "app/web.yaml").stat().st_mode & 0o777 == 0o640


def test_today_counts_where_the_day_is_given(run: Run, tree: Tree) -> None:
    tree.write(plain())
    assert accept(run, tree, "app/web.yaml", 10, *REASON, "--until", datetime.date.today().isoformat()).status == 0


NOTHING = {
    "another line": (("require-digest", "app/web.yaml:7"), "on this line; the nearest finding is on line 10"),
    "another rule": (("numeric-tag", "app/web.yaml:10"), "numeric-tag finds nothing in this file"),
    "a file that it does not point at": (("require-digest", "app/kustomization.yaml:2"), "require-digest finds nothing in this file"),
    "a rule about all targets": (("image-lockstep", "app/web.yaml:10"), "image-lockstep finds nothing in this file"),
    "a rule about suppressions": (("stale-ignore", "app/web.yaml:10"), "remove what is stale instead"),
    "a file that no target reads": (("require-digest", "other.yaml:1"), "require-digest finds nothing in this file"),
}


@pytest.mark.parametrize(("words", "message"), NOTHING.values(), ids=NOTHING)
def test_where_there_is_nothing_to_accept(run: Run, tree: Tree, words: tuple[str, ...], message: str) -> None:
    tree.write({**plain(), "other.yaml": "a: 1\n"})
    before = tree.files()
    done = run("ignore", *words, *REASON, cwd=tree.root)
    assert (done.status, done.out) == (2, "")
    assert message in done.err
    assert tree.files() == before


def test_where_it_cannot_be_checked(run: Run, tree: Tree) -> None:
    tree.write({**plain(), "app/kustomization.yaml": kustomization("web.yaml", "absent.yaml")})
    before = tree.files()
    done = accept(run, tree, "app/web.yaml", 10)
    assert (done.status, tree.files()) == (2, before)
    assert "not checked: app: " in done.err
    assert "could not be checked; nothing is written" in done.err


def test_what_all_targets_together_show(run: Run, tree: Tree) -> None:
    """One file alone shows nothing: the other target is looked at, too."""
    group = "[[groups]]\nname = 'web'\nimages = ['ghcr.io/acme/*']\n"
    tree.write({".agentslint.toml": group})
    for name, tag in (("one", "1.0.0"), ("two", "2.0.0")):
        tree.write(
            {f"{name}/kustomization.yaml": kustomization("web.yaml"), f"{name}/web.yaml": deployment(name, f"ghcr.io/acme/{name}:{tag}")}
        )
    found = run("lint", ".", "--select", "image-lockstep", "-f", "json", cwd=tree.root).places()
    for _, path, line in found:
        assert accept(run, tree, path, line, rule="image-lockstep").status == 0
    assert found
    assert run("lint", ".", "--select", "image-lockstep,stale-ignore", "-f", "json", cwd=tree.root).places() == []
