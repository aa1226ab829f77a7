"""What a key path says of an image: which part, and which block it belongs to."""

from __future__ import annotations

import pytest

from agentslint.authorship.authored_scalar import AuthoredScalar, Layer
from agentslint.authorship.image_settings import ChartScope, Setting, looks_like_image, setting_name, setting_of
from agentslint.model import HelmChartEntry, Pointer, Region

CHART = HelmChartEntry("app/kustomization.yaml", 3, "shop", directory="charts/shop", present=True)
OTHER = HelmChartEntry("app/kustomization.yaml", 7, "cache", directory="charts/cache", present=True)
SCOPES = (ChartScope(CHART, frozenset({"app/values.yaml"})), ChartScope(OTHER, frozenset({"app/cache.yaml"})))


def scalar(*path: str | int, layer: Layer = Layer.SETTINGS, file: str = "app/values.yaml") -> AuthoredScalar:
    line = abs(hash((path, file))) % 10_000 + 1
    return AuthoredScalar(file, Region(line, 1, line, 3), "v1", "plain", path, layer)


def setting(one: AuthoredScalar) -> Setting | None:
    return setting_of(one, frozenset(scope.entry for scope in SCOPES if scope.holds(one)))


@pytest.mark.parametrize(
    ("path", "part", "block"),
    [
        (("image", "repository"), "repository", ("image",)),
        (("controlPlane", "image", "digest"), "digest", ("controlPlane", "image")),
        (("webImageTag",), "tag", ("webImage",)),
        (("env", "vars", "SERVING_IMAGE_DIGEST"), "digest", ("env", "vars", "SERVING_IMAGE")),
        (("global", "imageRegistry"), "registry", ("global", "image")),
        (("web", "image"), "image", ("web",)),
        (("image", "pullSecrets", 0), "pull-secret", ("image",)),
        (("imagePullSecrets", "[ghcr]", "name"), "pull-secret", ()),
        (("helmCharts", "[shop]", "valuesInline", "image", "tag"), "tag", ("image",)),
    ],
)
def test_a_key_says_which_part_of_which_block(path: Pointer, part: str, block: Pointer) -> None:
    found = setting(scalar(*path))
    assert found is not None
    assert (found.part, found.block) == (part, block)


@pytest.mark.parametrize("path", [("stage",), ("image", "pullPolicy"), ("tags", 0), ("percentage",), ("storageTagged",)])
def test_other_keys_say_nothing_of_images(path: Pointer) -> None:
    assert setting(scalar(*path)) is None


def test_an_images_entry_knows_the_name_for_which_it_looks() -> None:
    entry = setting(scalar("images", "[docker.io/library/nginx]", "newTag", layer=Layer.KUSTOMIZATION, file="app/kustomization.yaml"))
    assert entry is not None
    assert (entry.part, entry.entry) == ("tag", "docker.io/library/nginx")
    inline = setting(
        scalar("helmCharts", "[shop]", "valuesInline", "images", "web", "tag", layer=Layer.KUSTOMIZATION, file="app/kustomization.yaml")
    )
    assert inline is not None
    assert (inline.block, inline.entry) == (("images", "web"), "")


def test_a_chart_and_what_overrides_it_are_one_block_and_two_charts_are_not() -> None:
    tag = setting(scalar("image", "tag"))
    default = setting(scalar("image", "repository", layer=Layer.CHART, file="charts/shop/values.yaml"))
    other = setting(scalar("image", "repository", file="app/cache.yaml"))
    assert tag is not None
    assert default is not None
    assert other is not None
    assert tag.beside(default)
    assert not tag.beside(other)


def test_a_chart_in_a_chart_is_set_under_its_name() -> None:
    default = setting(scalar("image", "repository", layer=Layer.CHART, file="charts/shop/charts/db/values.yaml"))
    ours, elsewhere = setting(scalar("db", "image", "tag")), setting(scalar("image", "tag"))
    outer = setting(scalar("image", "repository", layer=Layer.CHART, file="charts/shop/values.yaml"))
    assert default is not None
    assert ours is not None
    assert outer is not None
    assert elsewhere is not None
    assert ours.beside(default)
    assert not ours.beside(outer)


def test_a_name_is_written_as_people_write_it() -> None:
    assert setting_name(scalar("images", "[nginx]", "newTag", layer=Layer.KUSTOMIZATION)) == "images[nginx].newTag"
    assert setting_name(scalar("helmCharts", "[shop]", "valuesInline", "web", "image", "tag")) == "web.image.tag"


@pytest.mark.parametrize(
    ("text", "is_image"),
    [("sha256:" + "0" * 64, True), ("ghcr.io/acme/web:v1", True), ("acme/web", False), ("8.16.0", False), ("https://ghcr.io/x", False)],
)
def test_a_text_that_can_be_nothing_but_an_image(text: str, is_image: bool) -> None:
    assert looks_like_image(text) is is_image
