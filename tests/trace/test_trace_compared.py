"""What a template compares."""

from __future__ import annotations

import pytest

from agentslint.trace.conditions import compared_values


@pytest.mark.parametrize(
    ("template", "paths"),
    [
        ('{{ if eq .Values.image.tag "latest" }}', {("image", "tag")}),
        ('{{- if and .Values.on (semverCompare ">=1.4" $.Values.tag) -}}', {("on",), ("tag",)}),
        ('{{ $tag := .Values.image.tag }}{{ if ne $tag "v1.x" }}', {("image", "tag")}),
        ('{{ $image := .Values.image }}{{ if hasPrefix "v" $image.tag }}', {("tag",)}),
        ('{{ with .Values.image }}{{ if eq .tag "a.b" }}', {("tag",)}),
        ('{{ if eq .Capabilities.KubeVersion.Minor "30" }}', set()),
        ('{{ if eq .Chart.AppVersion "1.0" }}', set()),
        ("{{ .Values.image.tag }} {{ if .Values.image.digest }}", set()),
    ],
)
def test_the_values_that_a_template_compares(template: str, paths: set[tuple[str, ...]]) -> None:
    assert compared_values(template) == paths
