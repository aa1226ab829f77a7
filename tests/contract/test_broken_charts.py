"""Each way in which a chart can break the order of its image blocks is found, at the line of its template."""

from __future__ import annotations

from pathlib import Path

from tests.contract.broken_chart import TEMPLATES, Application, copied, told

CONTROL_PLANE = f"{TEMPLATES}/deployment.yaml"
CONTROLLERS = f"{TEMPLATES}/deployment-controllers.yaml"


def test_the_intact_chart_is_not_accused(tmp_path: Path) -> None:
    assert told(copied(tmp_path / "app").lint()) == set()


def test_a_template_that_ignores_an_override(tmp_path: Path) -> None:
    app = copied(tmp_path / "app")
    app.patch({"deployment.yaml": ('include "agents.controlPlane.image" .', 'include "agents.image" (list .Values.image)')})
    found = told(app.lint("image-precedence"))
    why = "; ".join(
        f"image.{name} is used, although controlPlane.image.{name} is set and comes first" for name in ("repository", "tag", "digest")
    )
    image, variable, policy = (
        app.line(CONTROL_PLANE, text, after=after)
        for text, after in (("image:", ""), ("value:", "name: AGENTS_IMAGE"), ("imagePullPolicy:", ""))
    )
    assert found == {
        ("image-precedence", image, f"Deployment/agents (container control-plane): {why}"),
        ("image-precedence", variable, f"Deployment/agents (variable AGENTS_IMAGE of container control-plane): {why}"),
        (
            "image-precedence",
            policy,
            "Deployment/agents (imagePullPolicy of container control-plane): "
            "image.pullPolicy is used, although controlPlane.image.pullPolicy is set and comes first",
        ),
    }


def test_default_on_the_wrong_side(tmp_path: Path) -> None:
    app = copied(tmp_path / "app")
    app.patch({"_helpers.tpl": ("$override.tag | default $fallback.tag", "$fallback.tag | default $override.tag")})
    assert told(app.lint("image-precedence")) == {
        *_at_both("image.tag is used, although {}.image.tag is set and comes first", app),
    }


def test_a_digest_that_does_not_fall_back(tmp_path: Path) -> None:
    app = copied(tmp_path / "app")
    app.patch({"_helpers.tpl": ("$override.digest | default $fallback.digest | default", "$override.digest | default")})
    assert told(app.lint("image-precedence")) == {
        *_at_both("with {}.image.digest empty, image.digest is not used as the fallback", app),
    }


def test_a_tag_that_does_not_fall_back(tmp_path: Path) -> None:
    app = copied(tmp_path / "app")
    app.patch({
        "deployment.yaml": (
            "image: {{ $image.reference | quote }}",
            'image: "{{ $image.repository }}:{{ .Values.controlPlane.image.tag }}@{{ $image.digest }}"',
        )
    })  # fmt: skip
    assert told(app.lint("image-precedence")) == {
        (
            "image-precedence",
            app.line(CONTROL_PLANE, "image:"),
            "Deployment/agents (container control-plane): with controlPlane.image.tag empty, image.tag is not used as the fallback",
        )
    }


def test_a_tag_without_which_the_chart_refuses_to_render(tmp_path: Path) -> None:
    app = copied(tmp_path / "app")
    app.patch({"_helpers.tpl": ("$override.tag | default $fallback.tag | default", "$override.tag | default")})
    refusal = app.line(f"{TEMPLATES}/validation.yaml", "fail (join")
    found = told(app.lint("image-precedence"))
    assert {place for _, place, _ in found} == {refusal}
    for block in ("controlPlane", "controllers"):
        why = f"with {block}.image.tag empty, the render fails although image.tag is set: set tag in {block}.image or image"
        assert any(why in message for _, _, message in found)


def test_pull_secrets_that_are_joined(tmp_path: Path) -> None:
    app = copied(tmp_path / "app")
    app.patch({
        "_helpers.tpl": (
            "$override.pullSecrets | default $fallback.pullSecrets | default list",
            "concat ($override.pullSecrets | default list) ($fallback.pullSecrets | default list) | uniq",
        )
    })  # fmt: skip
    why = "the pod gets {0}.image.pullSecrets and image.pullSecrets, but should get only the first"
    assert told(app.lint()) == _secrets(why, app)


def test_pull_secrets_that_do_not_fall_back(tmp_path: Path) -> None:
    app = copied(tmp_path / "app")
    app.patch({
        "_helpers.tpl": ("$override.pullSecrets | default $fallback.pullSecrets | default list", "$override.pullSecrets | default list")
    })  # fmt: skip
    assert told(app.lint()) == _secrets("with {0}.image.pullSecrets empty, the pod does not get image.pullSecrets", app)


def test_a_variable_that_is_still_on_the_root(tmp_path: Path) -> None:
    app = copied(tmp_path / "app")
    app.patch({
        "deployment-controllers.yaml": (
            "- name: AGENTS_IMAGE\n              value: {{ $image.reference | quote }}",
            '- name: AGENTS_IMAGE\n              value: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"',
        )
    })  # fmt: skip
    why = "; ".join(f"image.{name} is used, although controllers.image.{name} is set and comes first" for name in ("repository", "tag"))
    assert told(app.lint("image-precedence")) == {
        (
            "image-precedence",
            app.line(CONTROLLERS, "value:", after="name: AGENTS_IMAGE"),
            f"Deployment/agents-controllers (variable AGENTS_IMAGE of container controllers): {why}",
        )
    }


def test_a_pull_policy_that_does_not_fall_back(tmp_path: Path) -> None:
    app = copied(tmp_path / "app")
    app.patch({"_helpers.tpl": ("$override.pullPolicy | default $fallback.pullPolicy | default", "$override.pullPolicy | default")})
    found = told(app.lint("image-precedence"))
    assert {(place, message) for _, place, message in found} == {
        (
            app.line(path, "imagePullPolicy:"),
            f"{resource} (imagePullPolicy of container {container}): "
            f"with {block}.image.pullPolicy empty, image.pullPolicy is not used as the fallback",
        )
        for path, resource, container, block in (
            (CONTROL_PLANE, "Deployment/agents", "control-plane", "controlPlane"),
            (CONTROLLERS, "Deployment/agents-controllers", "controllers", "controllers"),
        )
    }


def test_a_block_that_is_taken_whole(tmp_path: Path) -> None:
    """The override's block counts only while its repository is set: then its digest is lost with the repository."""
    app = copied(tmp_path / "app")
    app.patch({
        "_helpers.tpl": (
            "list .Values.controlPlane.image .Values.image",
            "ternary (list .Values.controlPlane.image) (list .Values.image) (not (empty .Values.controlPlane.image.repository))",
        )
    })  # fmt: skip
    found = told(app.lint("image-precedence"))
    image = [message for _, place, message in found if place == app.line(CONTROL_PLANE, "image:")]
    assert len(image) == 1
    assert "image.tag is used, although controlPlane.image.tag is set and comes first" in image[0]


def test_the_block_of_another_component(tmp_path: Path) -> None:
    app = copied(tmp_path / "app")
    app.patch({"_helpers.tpl": ("list .Values.controllers.image .Values.image", "list .Values.controlPlane.image .Values.image")})
    found = {message for _, place, message in told(app.lint("image-precedence")) if place == app.line(CONTROLLERS, "image:")}
    assert len(found) == 1
    assert "controlPlane.image.digest is used, which is not in the chain; use controllers.image.digest" in found.pop()


def test_a_template_that_reads_no_block_at_all(tmp_path: Path) -> None:
    app = copied(tmp_path / "app")
    app.patch({"hook-smoke.yaml": ("image: {{ $image.reference | quote }}", "image: curlimages/curl:8.15.0")})
    assert told(app.lint("image-precedence")) == {
        (
            "image-precedence",
            app.line(f"{TEMPLATES}/hook-smoke.yaml", "image:"),
            "Job/agents-smoke (container smoke): "
            + "; ".join(f"argocdHooks.image.{name} is not used" for name in ("repository", "tag", "digest")),
        )
    }


def _at_both(why: str, app: Application) -> set[tuple[str, str, str]]:
    """The same breach at the image and the variable of both Deployments."""
    return {
        ("image-precedence", app.line(path, key, after=after), f"{resource} ({place} {container}): {why.format(block)}")
        for path, resource, container, block in (
            (CONTROL_PLANE, "Deployment/agents", "control-plane", "controlPlane"),
            (CONTROLLERS, "Deployment/agents-controllers", "controllers", "controllers"),
        )
        for key, after, place in (("image:", "", "container"), ("value:", "name: AGENTS_IMAGE", "variable AGENTS_IMAGE of container"))
    }


def _secrets(why: str, app: Application) -> set[tuple[str, str, str]]:
    return {
        ("pull-secret-precedence", app.line(path, "imagePullSecrets:"), f"{resource} (imagePullSecrets): {why.format(block)}")
        for path, resource, block in (
            (CONTROL_PLANE, "Deployment/agents", "controlPlane"),
            (CONTROLLERS, "Deployment/agents-controllers", "controllers"),
        )
    }
