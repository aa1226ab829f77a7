"""References by the grammar of the distribution project, and what is said of texts that are none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentslint.images import InvalidReference, Reference
from agentslint.images.reference import read_reference

SHA256 = "sha256:" + "4e4e7ac9" * 8
SHA512 = "sha512:" + "4e4e7ac9" * 16

VALID = [
    # text, repository, registry, path, tag, digest
    ("nginx", "nginx", "docker.io", "library/nginx", None, None),
    ("nginx:1.29", "nginx", "docker.io", "library/nginx", "1.29", None),
    ("test.com:5000", "test.com", "docker.io", "library/test.com", "5000", None),
    ("grafana/alloy:v1.18.1", "grafana/alloy", "docker.io", "grafana/alloy", "v1.18.1", None),
    ("docker.io/nginx", "docker.io/nginx", "docker.io", "library/nginx", None, None),
    ("index.docker.io/acme/web", "index.docker.io/acme/web", "docker.io", "acme/web", None, None),
    ("ghcr.io/acme/web", "ghcr.io/acme/web", "ghcr.io", "acme/web", None, None),
    ("GHCR.io/acme/web", "GHCR.io/acme/web", "GHCR.io", "acme/web", None, None),
    ("localhost/web", "localhost/web", "localhost", "web", None, None),
    ("localhost:5000/web:v1", "localhost:5000/web", "localhost:5000", "web", "v1", None),
    ("registry:5000/a/b/c:v1", "registry:5000/a/b/c", "registry:5000", "a/b/c", "v1", None),
    ("[2001:db8::1]:5000/web:v1", "[2001:db8::1]:5000/web", "[2001:db8::1]:5000", "web", "v1", None),
    ("192.168.1.1/web", "192.168.1.1/web", "192.168.1.1", "web", None, None),
    ("xn--n3h.com/my_image:xn--n3h.com", "xn--n3h.com/my_image", "xn--n3h.com", "my_image", "xn--n3h.com", None),
    ("a__b/c---d/e.f:_T", "a__b/c---d/e.f", "docker.io", "a__b/c---d/e.f", "_T", None),
    (f"acme/web@{SHA256}", "acme/web", "docker.io", "acme/web", None, SHA256),
    (f"ghcr.io/acme/web:v1@{SHA256}", "ghcr.io/acme/web", "ghcr.io", "acme/web", "v1", SHA256),
    (f"ghcr.io/acme/web@{SHA512}", "ghcr.io/acme/web", "ghcr.io", "acme/web", None, SHA512),
    (f"ghcr.io/{'a' * 255}:{'t' * 128}", f"ghcr.io/{'a' * 255}", "ghcr.io", "a" * 255, "t" * 128, None),
]

INVALID = [
    ("", "empty"),
    ("   ", "blank"),
    (" nginx", "whitespace around"),
    ("nginx\n", "whitespace around"),
    ("nginx latest", "contains whitespace"),
    ("Acme/web:v1", "upper-case letters: 'Acme'"),
    ("ghcr.io/acme/Web:v1", "upper-case letters: 'Web'"),
    ("nginx:", "the tag after the colon is empty"),
    (f"nginx:@{SHA256}", "the tag after the colon is empty"),
    (":v1", "the repository before the tag is missing"),
    (f"@{SHA256}", "the repository before the @ is missing"),
    ("ghcr.io/acme/web@", "ends with an @ and has no digest"),
    ("ghcr.io/acme/web:v1@", "ends with an @ and has no digest"),
    ("acme/web@v1", "'v1' after the @ is not a digest"),
    ("acme/web@sha256", "'sha256' after the @ is not a digest"),
    ("acme/web@sha256:", "no hex characters after sha256:"),
    ("acme/web@sha256:4e4e7ac9", "too short: 8 hex characters instead of 64"),
    (f"acme/web@{SHA256}0", "too long: 65 hex characters instead of 64"),
    (f"acme/web@sha512:{'a' * 64}", "too short: 64 hex characters instead of 128"),
    (f"acme/web@{SHA256[:-1]}g", "'g', which is not a hex character"),
    (f"acme/web@sha256:{'A' * 64}", "the digest has upper-case letters"),
    (f"acme/web@md5:{'a' * 32}", "algorithm 'md5' is unknown"),
    (f"acme/web@{SHA256}@{SHA256}", "more than one @"),
    (f"acme/web:{SHA256}", "a colon instead of an @"),
    ("acme/web:v1:v2", "its tag contains a colon"),
    ("acme/web:.v1", "begins with '.'"),
    ("acme/web:v1+build", "contains '+'"),
    (f"acme/web:{'t' * 129}", "129 characters long; at most 128 are allowed"),
    ("https://ghcr.io/acme/web", "no 'https://' in front"),
    ("docker://acme/web", "no 'docker://' in front"),
    ("/acme/web", "begins with a slash"),
    ("acme//web", "two slashes"),
    ("acme/web/", "ends with a slash"),
    ("acme/-web", "begins or ends with a separator: '-web'"),
    ("acme/we..b", "two separators in a row"),
    ("acme/we___b", "two separators in a row"),
    ("acme/wéb", "contains 'é'"),
    ("acme/web:${TAG}", "unfilled placeholder: '${TAG}'"),
    ("{{ .Values.image }}", "unfilled placeholder: '{{ .Values.image }}'"),
    ("<your image>", "unfilled placeholder: '<your image>'"),
    ("-ghcr.io/acme/web", "the registry '-ghcr.io' is not a host name"),
    ("a" * 64, "an image ID (64 hex characters)"),
    (f"ghcr.io/{'a' * 256}", "256 characters long; at most 255 are allowed"),
    ("a" * 5000, "5000 characters long"),
]


@pytest.mark.parametrize(("text", "repository", "registry", "path", "tag", "digest"), VALID)
def test_reads_every_part(text: str, repository: str, registry: str, path: str, tag: str | None, digest: str | None) -> None:
    image = Reference.parse(text)

    assert (image.repository, image.registry, image.path, image.tag, image.digest) == (repository, registry, path, tag, digest)
    assert image.name == f"{registry}/{path}"
    assert str(image) == text


@pytest.mark.parametrize(("text", "what"), INVALID, ids=[what for _, what in INVALID])
def test_says_what_is_wrong(text: str, what: str) -> None:
    with pytest.raises(InvalidReference) as caught:
        Reference.parse(text)

    assert what in str(caught.value)


def test_an_invalid_reference_is_a_value_error() -> None:
    with pytest.raises(ValueError, match="empty"):
        Reference.parse("")


def test_long_parts_are_quoted_in_short() -> None:
    with pytest.raises(InvalidReference) as caught:
        Reference.parse("A" * 300 + "/web")

    assert len(str(caught.value)) < 130


COMPONENT = st.from_regex(r"\A[a-z0-9]{1,8}((\.|_|__|-{1,3})[a-z0-9]{1,8}){0,2}\Z")
REGISTRY = st.sampled_from(["ghcr.io", "localhost", "localhost:5000", "registry.example.com:443", "[::1]:5000"])
TAG = st.from_regex(r"\A[A-Za-z0-9_][A-Za-z0-9_.-]{0,20}\Z")
DIGEST = st.from_regex(r"\Asha256:[0-9a-f]{64}\Z")


@given(st.none() | REGISTRY, st.lists(COMPONENT, min_size=1, max_size=4), st.none() | TAG, st.none() | DIGEST)
def test_whatever_the_grammar_makes_is_read_back(registry: str | None, components: list[str], tag: str | None, digest: str | None) -> None:
    if registry is None:
        components[0] = components[0].replace(".", "")
    path = "/".join(components)
    repository = f"{registry}/{path}" if registry else path
    text = repository + (f":{tag}" if tag else "") + (f"@{digest}" if digest else "")

    image = Reference.parse(text)

    assert (image.repository, image.tag, image.digest) == (repository, tag, digest)
    assert text[slice(*image.repository_span)] == repository
    assert image.tag_span is None or text[slice(*image.tag_span)] == tag
    assert image.digest_span is None or text[slice(*image.digest_span)] == digest
    assert image.registry == (registry or "docker.io")


@given(st.text() | st.text(alphabet="aA0:/@.-_[]{}$ sh256"))
def test_no_text_does_more_than_be_refused(text: str) -> None:
    image, error = read_reference(text)

    assert (image is None) == bool(error)
    assert image is None or image.text == text
    assert "does not follow the grammar" not in error, "every fault has words of its own"
