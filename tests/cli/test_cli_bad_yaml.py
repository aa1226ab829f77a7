"""Files and streams that are no proper YAML, or no proper manifests: each by its place, and nothing beside them lost."""

from __future__ import annotations

import pytest
from cli_command import Command, Repo, pod

BROKEN: dict[str, tuple[bytes, str, str]] = {
    "no yaml": (b"apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\n bad: [\n", "5:2", "did not find expected key"),
    "a tab": (b"apiVersion: v1\nkind: Pod\nmetadata:\n\tname: a\n", "4:1", "a tab where YAML allows only spaces"),
    "a duplicate key": (b"apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\n  name: b\n", "5:3", "duplicate key 'name'"),
    "no utf-8": (b"apiVersion: v1\nkind: Pod\nmetadata:\n  name: caf\xe9\n", "4:12", "byte 0xe9 is not UTF-8"),
    "utf-16": ("apiVersion: v1\nkind: Pod\n".encode("utf-16"), "1:1", "is not UTF-8"),
    "a control character": (b"apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\x00b\n", "4:10", "control character"),
    "an unknown alias": (b"apiVersion: v1\nkind: Pod\nmetadata: *nowhere\n", "3:11", "the anchor of this alias is unknown"),
    "an alias to itself": (b"apiVersion: v1\nkind: Pod\nmetadata: &m\n  name: a\n  x: *m\n", "5:6", "holds itself"),
    "nested without end": (b"apiVersion: v1\nkind: Pod\nspec: " + b"[" * 5000 + b"]" * 5000 + b"\n", "3:", "nest"),
    "a list": (b"- apiVersion: v1\n- kind: Pod\n", "1:1", "this document is a list"),
    "a scalar": (b"hello\n", "1:1", "this document is the scalar 'hello'"),
    "no kind": (b"apiVersion: v1\nmetadata:\n  name: a\n", "1:1", "a mapping without kind"),
    "a null kind": (b"apiVersion: v1\nkind: null\n", "1:1", "a mapping without kind"),
    "a list with something else in it": (b"apiVersion: v1\nkind: List\nitems:\n- just text\n", "1:1", "item 0 of this List is the scalar"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_stream_is_told_by_its_line_and_ends_with_2(command: Command, repo: Repo, case: str) -> None:
    content, place, message = BROKEN[case]
    done = command("-", "--quiet", cwd=repo.root, stdin=content)
    assert done.status == 2
    assert [line.startswith(f"<stdin>:{place}") and message in line for line in done.lines] == [True], done.out


READ_AS_FILES = [name for name in BROKEN if BROKEN[name][0].startswith(b"apiVersion") and b"kind: " in BROKEN[name][0]]


@pytest.mark.parametrize("case", [name for name in READ_AS_FILES if name != "a null kind"])
def test_a_broken_file_is_told_by_its_line_and_the_others_are_linted(command: Command, repo: Repo, case: str) -> None:
    content, place, message = BROKEN[case]
    repo.write({"apps/broken.yaml": content, "apps/good.yaml": pod("nginx:1")})
    done = command(".", "--quiet", cwd=repo.root)
    assert done.status == 2
    told = [line for line in done.lines if line.startswith(f"apps/broken.yaml:{place}")]
    assert [message in line and "not checked" in line for line in told] == [True], done.out
    assert any(line.startswith("apps/good.yaml:8:14 error[require-digest]") for line in done.lines)


@pytest.mark.parametrize("case", ["no yaml", "a tab", "a duplicate key"])
def test_a_broken_resource_of_a_kustomization_is_told_by_its_line(command: Command, repo: Repo, case: str) -> None:
    content, place, _ = BROKEN[case]
    repo.kustomization("fine", ["nginx:1"]).write({"apps/kustomization.yaml": "resources: [broken.yaml]\n", "apps/broken.yaml": content})
    done = command(".", "--quiet", cwd=repo.root)
    assert done.status == 2
    told = [line for line in done.lines if "[render-error]" in line]
    assert [line.startswith(f"apps/broken.yaml:{place.partition(':')[0]}:") for line in told] == [True], done.out
    assert any(line.startswith("fine/pod-0.yaml:8:14 error[require-digest]") for line in done.lines)


def test_what_stands_around_a_broken_document_is_linted(command: Command, repo: Repo) -> None:
    stream = "\n---\n".join((pod("nginx:1", "first"), "a: [", pod("nginx:2", "last"), "- a list", pod("nginx:3", "end")))
    done = command("-", "--quiet", cwd=repo.root, stdin=stream.encode())
    assert done.status == 2
    assert [line.split()[0] for line in done.lines] == ["<stdin>:8:14", "<stdin>:20:14", "<stdin>:32:14", "<stdin>:12:1", "<stdin>:23:1"]


@pytest.mark.parametrize("stdin", [True, False])
def test_a_byte_order_mark_and_crlf_move_no_position(command: Command, repo: Repo, stdin: bool) -> None:
    text = "---\n".join((pod("nginx:1", "first"), pod("nginx:2", "last"))).replace("\n", "\r\n")
    content = b"\xef\xbb\xbf" + text.encode()
    repo.write({"pods.yaml": content})
    done = command("-" if stdin else "pods.yaml", "--quiet", cwd=repo.root, stdin=content if stdin else b"")
    assert done.status == 1
    assert [line.partition(" ")[0].partition(":")[2] for line in done.lines] == ["8:14", "17:14"]


@pytest.mark.parametrize(
    "content", [b"", b"\n\n", b"# nothing\n", b"---\n# nothing\n---\n", b"\xef\xbb\xbf", b"...\n", b"%YAML 1.2\n---\n"]
)
def test_a_stream_without_a_document_is_a_finding(command: Command, repo: Repo, content: bytes) -> None:
    done = command("-", "--quiet", cwd=repo.root, stdin=content)
    assert done.status == 1
    assert "[render-error]" in done.out
    assert "renders no document at all" in done.out


@pytest.mark.parametrize("content", [b"", b"# only a comment\n", b"- a\n- list\n", b"text\n", b"key: value\n"])
def test_a_file_that_is_no_manifest_is_a_note_and_does_not_hide_others(command: Command, repo: Repo, content: bytes) -> None:
    repo.write({"other.yaml": content, "good.yaml": pod()})
    alone = command("other.yaml", cwd=repo.root)
    assert alone.status == 0
    assert "note: other.yaml: no target reads it" in alone.out
    both = command(".", cwd=repo.root)
    assert (both.status, both.lines[-1].partition(";")[2].partition(";")[0]) == (0, " 1 of 1 target rendered")


def test_the_manifests_inside_lists_are_linted_each_by_its_line(command: Command, repo: Repo) -> None:
    inner = pod("nginx:1", "inner").replace("\n", "\n  ").rstrip()
    nested = f"apiVersion: v1\nkind: List\nitems:\n- {inner.replace('inner', 'nested')}\n"
    stream = f"apiVersion: v1\nkind: List\nitems:\n- {nested.replace(chr(10), chr(10) + '  ').rstrip()}\n- {inner}\n"
    done = command("-", "--quiet", cwd=repo.root, stdin=stream.encode())
    assert (done.status, [line.partition(" ")[0] for line in done.lines]) == (1, ["<stdin>:14:18", "<stdin>:22:16"])


def test_the_items_of_a_typed_list_need_no_kind_of_their_own(command: Command, repo: Repo) -> None:
    stream = b"apiVersion: v1\nkind: PodList\nitems:\n- metadata: {name: a}\n  spec: {containers: [{name: c, image: 'nginx:1'}]}\n"
    done = command("-", "--quiet", cwd=repo.root, stdin=stream)
    assert (done.status, done.out.partition("Pod/a")[0]) == (1, "<stdin>:5:41 error[require-digest] ")


CONTAINERS = b"spec: {containers: [{name: c, image: 'nginx:1'}]}"


@pytest.mark.parametrize(
    "trick",
    [
        b'note: "\nkind: CustomResourceDefinition\n"\napiVersion: v1\n"kind": Pod\n' + CONTAINERS,
        b"{apiVersion: v1, owners: [{\nkind: CustomResourceDefinition\n}], kind: Pod,\n" + CONTAINERS + b"}\n",
    ],
)
def test_nothing_makes_a_manifest_look_like_a_kind_that_is_passed_over(command: Command, repo: Repo, trick: bytes) -> None:
    done = command("-", "--quiet", cwd=repo.root, stdin=trick)
    assert (done.status, "runs nginx:1" in done.out) == (1, True), done.out


def test_a_document_that_begins_on_the_line_of_its_mark_is_linted(command: Command, repo: Repo) -> None:
    stream = "--- {{apiVersion: v1, kind: Pod, metadata: {{name: {}}}, spec: {{containers: [{{name: c, image: 'nginx:1'}}]}}}}\n"
    done = command("-", "--quiet", cwd=repo.root, stdin=(stream.format("a") + stream.format("b")).encode())
    assert (done.status, [line.partition(" ")[0] for line in done.lines]) == (1, ["<stdin>:1:92", "<stdin>:2:92"])
