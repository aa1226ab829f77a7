"""Files that git stores through a filter that does not run: not checked, and never taken for changed."""

from __future__ import annotations

import os

from change_run import compared, moves, outline
from story import Story, plain, web

ONE, TWO = "ghcr.io/acme/web:one", "ghcr.io/acme/web:two"


def stored(story: Story) -> Story:
    """Two applications; in git stands something else than in the files of the first."""
    story.git("config", "filter.x.clean", "tr a-z n-za-m")
    story.git("config", "filter.x.smudge", "tr a-z n-za-m")
    files = {**plain("app", ONE), **plain("else", ONE, name="else"), ".gitattributes": "app/web.yaml filter=x\n*.yaml text eol=crlf\n"}
    story.write({path: text and text.replace("\n", "\r\n") if path.endswith("web.yaml") else text for path, text in files.items()})
    # git reads a file again that is no older than its index.
    os.utime(story.root / "app/web.yaml", (1, 1))
    story.commit("stored")
    assert "kind: Deployment" not in story.git("show", "HEAD:app/web.yaml")
    return story


def test_a_file_that_differs_is_not_checked(app: Story) -> None:
    stored(app).write({"app/web.yaml": web(TWO)})
    for network in (True, False):
        with compared(app, "HEAD", "app", offline=not network) as (_, change):
            assert outline(change) == {"app": "fails base"}
            assert dict(change.files) == {}
            failure = change.targets[0].base_failure
            assert failure
            assert "app/web.yaml is not checked: stored by filter x" in failure.message


def test_a_file_that_is_as_it_was_is_that_of_the_work_tree(app: Story) -> None:
    stored(app).write({"app/kustomization.yaml": "resources: [web.yaml]\nnamePrefix: new-\n"})
    with compared(app, "HEAD", "app") as (_, change):
        assert outline(change) == {"app": "differs"}
        assert set(change.files) == {"app/kustomization.yaml"}


def test_other_files_are_compared_with_their_line_ends(app: Story) -> None:
    stored(app)
    file = app.root / "else/web.yaml"
    file.write_bytes(file.read_bytes())
    with compared(app, "HEAD", "else") as (_, change):
        assert change.targets == ()
    file.write_bytes(web(TWO, "else").replace("\n", "\r\n").encode())
    with compared(app, "HEAD", "else") as (_, change):
        assert list(moves(change).values()) == [("one", "two")]
