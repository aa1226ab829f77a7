"""Objects that others refer to are found whichever thread asks for them, and stay as they are written."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from agentslint.deploy.deployer_object import DeployerObject, objects_in
from agentslint.deploy.flux.flux_types import checked_spec
from agentslint.deploy.flux.flux_values import composed_values
from agentslint.deploy.known_objects import KnownObjects

VALUES = b"""\
apiVersion: v1
kind: ConfigMap
metadata: {name: vars, namespace: apps}
data: {tag: '1'}
"""
RELEASE = b"""\
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: web, namespace: apps}
spec:
  chart: {spec: {chart: web, sourceRef: {kind: GitRepository, name: charts}}}
  valuesFrom: [{kind: ConfigMap, name: vars, valuesKey: tag, targetPath: image.tag}]
  values: {image: {name: web}}
"""


def test_no_thread_sees_that_an_object_is_missing_while_another_loads_it() -> None:
    (release,) = objects_in(Path(), "release.yaml", RELEASE)
    begun = threading.Event()

    def load(_kind: str, _name: str, _near: DeployerObject) -> Iterator[DeployerObject]:
        begun.set()
        time.sleep(0.2)
        yield from objects_in(Path(), "vars.yaml", VALUES)

    objects = KnownObjects(load)
    with ThreadPoolExecutor(2) as threads:
        first = threads.submit(objects.find, "", "ConfigMap", "apps", "vars", release)
        begun.wait()
        assert objects.find("", "ConfigMap", "apps", "vars", release)
        assert first.result()


def test_composed_values_do_not_show_in_the_release() -> None:
    (release,) = objects_in(Path(), "release.yaml", RELEASE)
    objects = KnownObjects(lambda kind, name, near: objects_in(Path(), "vars.yaml", VALUES))
    assert composed_values(release, checked_spec(release.body), objects, {}) == {"image": {"name": "web", "tag": 1}}
    assert release.body["spec"]["values"] == {"image": {"name": "web"}}
