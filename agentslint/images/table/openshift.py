"""OpenShift: what deploys, what imports images into the cluster's registry, what builds them. Also as they were in the core group."""

from __future__ import annotations

from agentslint.images.table.entries import manifests, object_image, parameters, pods, repository, resource, under

_DOCS = "https://docs.redhat.com/en/documentation/openshift_container_platform/4.18/html/"
_CONFIGS = f"{_DOCS}workloads_apis/deploymentconfig-apps-openshift-io-v1"
_IMAGES = f"{_DOCS}image_apis/"
_BUILDS = f"{_DOCS}workloads_apis/buildconfig-build-openshift-io-v1"
_TEMPLATES = f"{_DOCS}template_apis/template-template-openshift-io-v1"

_STRATEGIES = "dockerStrategy sourceStrategy customStrategy jenkinsPipelineStrategy"
_BUILD = [
    *under(" ".join(f"strategy.{name}" for name in _STRATEGIES.split()), object_image("from")),
    *under(" ".join(f"strategy.{name}" for name in _STRATEGIES.split()), parameters("env")),
    *object_image("strategy.sourceStrategy.runtimeImage source.images[].from"),
    *parameters("strategy.dockerStrategy.buildArgs"),
]
"""What a build puts out (`output.to`) is pushed, and is no image that anything here runs."""

ROWS = tuple(
    row
    for core in (False, True)
    for row in (
        *resource("" if core else "apps.openshift.io", "DeploymentConfig", _CONFIGS, pods("spec.template.spec")),
        *resource(
            "" if core else "image.openshift.io",
            "ImageStream",
            f"{_IMAGES}imagestream-image-openshift-io-v1",
            object_image("spec.tags[].from"),
            repository("spec.dockerImageRepository"),
        ),
        *resource(
            "" if core else "image.openshift.io",
            "ImageStreamTag",
            f"{_IMAGES}imagestreamtag-image-openshift-io-v1",
            object_image("tag.from"),
        ),
        *resource(
            "" if core else "image.openshift.io",
            "ImageStreamImport",
            f"{_IMAGES}imagestreamimport-image-openshift-io-v1",
            object_image("spec.images[].from"),
        ),
        *resource("" if core else "build.openshift.io", "BuildConfig Build", _BUILDS, under("spec", _BUILD)),
        *resource("" if core else "template.openshift.io", "Template", _TEMPLATES, manifests("objects[]"), parameters("parameters")),
    )
)
