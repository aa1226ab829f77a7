"""Which line a comment speaks of, and in which files."""

from __future__ import annotations

import pytest

from tests.suppress.command_in_process import Done, Run, Tree
from tests.suppress.sample_apps import chart_app, deployment, kustomization, overlays, plain

IGNORE = "# agentslint: ignore[require-digest] the vendor publishes no digest"
RULES = ("--select", "require-digest,mutable-tag,stale-ignore", "-f", "json")


def lint(run: Run, tree: Tree, *paths: str) -> Done:
    return run("lint", *(paths or (".",)), *RULES, cwd=tree.root)


def accepted(done: Done, path: str) -> bool:
    """Whether the one finding of a run is suppressed, in that file, and nothing is stale."""
    return done.status == 0 and done.places() == [] and [row[:2] for row in done.suppressed()] == [("require-digest", path)]


def test_without_a_comment_it_is_found(run: Run, tree: Tree) -> None:
    tree.write(plain())
    assert lint(run, tree).places() == [("require-digest", "app/web.yaml", 10)]


@pytest.mark.parametrize("where", ["comment", "above"])
def test_on_the_line_or_above_it(run: Run, tree: Tree, where: str) -> None:
    tree.write(plain(**{where: IGNORE}))
    done = lint(run, tree)
    assert accepted(done, "app/web.yaml")
    assert done.results[0]["suppressions"][0]["kind"] == "inSource"
    assert done.results[0]["suppressions"][0]["justification"] == "the vendor publishes no digest"


def test_above_other_comments(run: Run, tree: Tree) -> None:
    tree.write(plain(above=f"{IGNORE}\n          # another\n          # third"))
    assert accepted(lint(run, tree), "app/web.yaml")


def test_behind_another_comment(run: Run, tree: Tree) -> None:
    tree.write(plain(comment=f"# the proxy {IGNORE}"))
    assert accepted(lint(run, tree), "app/web.yaml")


def test_not_on_other_lines(run: Run, tree: Tree) -> None:
    tree.write(plain())
    tree.replace("app/web.yaml", "        - name: web\n", f"        - name: web  {IGNORE}\n")
    assert lint(run, tree).places() == [("stale-ignore", "app/web.yaml", 9), ("require-digest", "app/web.yaml", 10)]


def test_a_blank_line_parts_a_comment_from_what_follows(run: Run, tree: Tree) -> None:
    tree.write(plain(above=f"{IGNORE}\n"))
    assert [rule for rule, _, _ in lint(run, tree).places()] == ["stale-ignore", "require-digest"]


def test_several_rules(run: Run, tree: Tree) -> None:
    tree.write(plain("nginx:latest", "# agentslint: ignore[require-digest, mutable-tag] a sandbox"))
    done = lint(run, tree)
    assert done.status == 0
    assert {rule for rule, _, _ in done.suppressed()} == {"require-digest", "mutable-tag"}


def test_two_comments_on_one_line(run: Run, tree: Tree) -> None:
    tree.write(plain("nginx:latest", "# agentslint: ignore[require-digest] one  # agentslint: ignore[mutable-tag] two"))
    done = lint(run, tree)
    assert {row["suppressions"][0]["justification"] for row in done.results} == {"one", "two"}


def test_only_the_named_rule(run: Run, tree: Tree) -> None:
    tree.write(plain("nginx:latest", IGNORE))
    assert [rule for rule, _, _ in lint(run, tree).places()] == ["mutable-tag"]


def test_the_whole_file(run: Run, tree: Tree) -> None:
    two = deployment("web", "nginx:1.27") + "---\n" + deployment("proxy", "envoy:1.30")
    other = deployment("other", "redis:7")
    tree.write({"app/kustomization.yaml": kustomization("web.yaml", "other.yaml"), "app/web.yaml": two, "app/other.yaml": other})
    tree.write({"app/web.yaml": f"{two}# agentslint: ignore-file[require-digest] a sandbox\n"})
    done = lint(run, tree)
    assert done.places() == [("require-digest", "app/other.yaml", 10)]
    assert [line for _, _, line in done.suppressed()] == [10, 21]


def test_documents_of_one_file(run: Run, tree: Tree) -> None:
    two = deployment("web", "nginx:1.27") + "---\n" + deployment("proxy", "envoy:1.30", IGNORE)
    tree.write({"app/kustomization.yaml": kustomization("web.yaml"), "app/web.yaml": two})
    done = lint(run, tree)
    assert done.places() == [("require-digest", "app/web.yaml", 10)]
    assert done.suppressed() == [("require-digest", "app/web.yaml", 21)]


def test_values_of_a_chart(run: Run, tree: Tree) -> None:
    tree.write(chart_app(f"image:\n  {IGNORE}\n  tag: 1.28.0\nsidecar: false\n"))
    assert accepted(lint(run, tree), "app/values.yaml")


def test_values_inline(run: Run, tree: Tree) -> None:
    tree.write(chart_app("sidecar: false\n"))
    tree.write(
        {
            "app/kustomization.yaml": tree.read("app/kustomization.yaml")
            + f"    valuesInline:\n      image:\n        tag: 1.29.0  {IGNORE}\n"
        }
    )
    assert accepted(lint(run, tree), "app/kustomization.yaml")


def test_the_default_of_a_local_chart(run: Run, tree: Tree) -> None:
    tree.write(chart_app("sidecar: false\n"))
    tree.replace("charts/web/values.yaml", "tag: 1.27.0", f"tag: 1.27.0  {IGNORE}")
    assert accepted(lint(run, tree), "charts/web/values.yaml")


@pytest.mark.parametrize(
    "comment",
    [
        IGNORE,
        "{{/* agentslint: ignore[require-digest] the vendor publishes no digest */}}",
        "{{- /* agentslint: ignore[require-digest] the vendor publishes no digest */}}",
    ],
)
@pytest.mark.parametrize("above", [True, False])
def test_a_template_of_a_chart(run: Run, tree: Tree, comment: str, above: bool) -> None:
    tree.write(chart_app("image:\n  tag: 1.28.0  " + IGNORE + "\n"))
    line = "          image: busybox:1.36\n"
    written = f"          {comment}\n{line}" if above else f"{line.rstrip()} {comment}\n"
    tree.replace("charts/web/templates/deployment.yaml", line, written)
    done = lint(run, tree)
    assert done.status == 0, done.out
    assert "charts/web/templates/deployment.yaml" in {path for _, path, _ in done.suppressed()}


def test_an_images_entry(run: Run, tree: Tree) -> None:
    tree.write(plain())
    entry = f'images:\n  - name: nginx\n    newTag: "1.28"  {IGNORE}\n'
    tree.write({"app/kustomization.yaml": kustomization("web.yaml", more=entry)})
    assert accepted(lint(run, tree), "app/kustomization.yaml")


def test_a_patch_in_a_file(run: Run, tree: Tree) -> None:
    tree.write(plain())
    tree.write({"app/kustomization.yaml": kustomization("web.yaml", more="patches:\n  - path: patch.yaml\n")})
    tree.write({"app/patch.yaml": deployment("web", "nginx:1.28", IGNORE)})
    assert accepted(lint(run, tree), "app/patch.yaml")


@pytest.mark.parametrize("above", [True, False])
def test_a_patch_in_the_kustomization(run: Run, tree: Tree, above: bool) -> None:
    tree.write(plain())
    patch = deployment("web", "nginx:1.28", **{"above" if above else "comment": IGNORE})
    indented = "".join(f"      {line}\n" for line in patch.splitlines())
    tree.write({"app/kustomization.yaml": kustomization("web.yaml", more=f"patches:\n  - patch: |-\n{indented}")})
    assert accepted(lint(run, tree), "app/kustomization.yaml")


def test_a_base_that_two_overlays_inherit(run: Run, tree: Tree) -> None:
    tree.write(overlays(deployment("web", "nginx:1.27", IGNORE)))
    done = lint(run, tree)
    assert accepted(done, "base/web.yaml")
    assert done.results[0]["targets"] == ["one", "two"]


def test_a_file_with_crlf_and_a_byte_order_mark(run: Run, tree: Tree) -> None:
    tree.write(plain(comment=IGNORE))
    tree.write({"app/web.yaml": b"\xef\xbb\xbf" + tree.read("app/web.yaml").replace("\n", "\r\n").encode()})
    done = lint(run, tree)
    assert accepted(done, "app/web.yaml")
    assert done.results[0]["suppressions"][0]["justification"] == "the vendor publishes no digest"


def test_a_line_separator_in_a_value_is_no_line(run: Run, tree: Tree) -> None:
    tree.write(plain(comment=IGNORE))
    tree.write(
        {
            "app/web.yaml": tree.read("app/web.yaml").replace(
                "  name: web\nspec", '  name: web\n  annotations: {note: "a\u2028b\x85c"}\nspec'
            )
        }
    )
    assert accepted(lint(run, tree), "app/web.yaml")


def test_a_single_manifest_and_a_stream(run: Run, tree: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tree.write({"pod.yaml": deployment("web", "nginx:1.27", IGNORE)}) / "pod.yaml"
    assert accepted(lint(run, tree, "pod.yaml"), "pod.yaml")
    with path.open() as stream:
        monkeypatch.setattr("sys.stdin", stream)
        assert accepted(lint(run, tree, "-"), "<stdin>")


@pytest.mark.parametrize("quote", ['"', "'"])
def test_what_is_quoted_is_no_comment(run: Run, tree: Tree, quote: str) -> None:
    tree.write(plain())
    note = f"  annotations: {{note: {quote}x {IGNORE}{quote}}}\n"
    tree.replace("app/web.yaml", "  name: web\nspec", f"  name: web\n{note}spec")
    assert lint(run, tree).places() == [("require-digest", "app/web.yaml", 11)]


def test_what_is_quoted_over_several_lines_is_no_comment(run: Run, tree: Tree) -> None:
    tree.write(plain())
    tree.replace("app/web.yaml", "  name: web\nspec", f'  name: web\n  annotations:\n    note: "first\n      {IGNORE}\n      "\nspec')
    assert [rule for rule, _, _ in lint(run, tree).places()] == ["require-digest"]


def test_a_block_of_text_holds_no_comment(run: Run, tree: Tree) -> None:
    config = f"---\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: script\ndata:\n  run.sh: |\n    {IGNORE}\n    exec true\n"
    tree.write({"app/kustomization.yaml": kustomization("web.yaml"), "app/web.yaml": deployment("web", "nginx:1.27") + config})
    assert lint(run, tree).places() == [("require-digest", "app/web.yaml", 10)]


def test_what_is_quoted_in_an_inline_patch_is_no_comment(run: Run, tree: Tree) -> None:
    tree.write(plain())
    patch = f"kind: Deployment\napiVersion: apps/v1\nmetadata:\n  name: web\n  annotations:\n    note: 'x {IGNORE}'\n"
    indented = "".join(f"      {line}\n" for line in patch.splitlines())
    tree.write({"app/kustomization.yaml": kustomization("web.yaml", more=f"patches:\n  - patch: |-\n{indented}")})
    assert lint(run, tree).places() == [("require-digest", "app/web.yaml", 10)]


def test_what_is_quoted_in_a_template_is_no_comment(run: Run, tree: Tree) -> None:
    tree.write(chart_app(f"image:\n  tag: 1.28.0  {IGNORE}\nsidecar: false\n"))
    tree.replace(
        "charts/web/templates/deployment.yaml",
        "  name: {{ .Release.Name }}\n",
        f'  name: {{{{ .Release.Name }}}}\n  annotations: {{note: "don\'t {IGNORE}"}}\n',
    )
    assert lint(run, tree).status == 0
