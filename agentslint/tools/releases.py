"""The releases of kustomize and helm that we install, with their addresses, checksums and build flags.

A checksum is pinned where a public definition that can be cited gives it; for every other platform the one that the
release itself publishes is used, and the installation says so.

- kustomize: `hack/installers/checksums/kustomize_5.8.2_<os>_<arch>.tar.gz.sha256` in argoproj/argo-cd.
- helm: `hack/installers/checksums/helm-v4.2.4-<os>-<arch>.tar.gz.sha256` there.

For darwin and linux on amd64 and arm64 (kustomize: for linux) unrelated public repositories pin the same checksums.
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from agentslint.tools.platforms import Platform
from agentslint.tools.tool import ToolName


class Release(Struct, frozen=True):
    """One pinned release; the templates may use {version}, {os} and {arch}, `checksum_file` also {archive}."""

    name: ToolName
    version: str
    base_url: str
    mirror_variable: str
    archive: str
    member: str
    checksum_file: str
    checksums: Mapping[str, str]
    citation: str
    module: str
    linker_flags: tuple[str, ...]

    def archive_name(self, platform: Platform) -> str:
        """Name the archive that the release offers for a platform."""
        return self._fill(self.archive, platform)

    def member_name(self, platform: Platform) -> str:
        """Name the program inside the archive."""
        return self._fill(self.member, platform)

    def checksum_name(self, platform: Platform) -> str:
        """Name the file in which the release publishes the archive's checksum."""
        return self.checksum_file.replace("{archive}", self.archive_name(platform))

    def base(self, environ: Mapping[str, str]) -> str:
        """Tell under which URL the archive and the checksum file lie: a mirror's, or the release's own."""
        return (environ.get(self.mirror_variable) or self.base_url).rstrip("/")

    def _fill(self, template: str, platform: Platform) -> str:
        return template.format(version=self.version, os=platform.os, arch=platform.arch)


KUSTOMIZE = Release(
    name="kustomize",
    version="5.8.2",
    base_url="https://github.com/kubernetes-sigs/kustomize/releases/download/kustomize%2Fv5.8.2",
    mirror_variable="AGENTSLINT_KUSTOMIZE_URL",
    archive="kustomize_v{version}_{os}_{arch}.tar.gz",
    member="kustomize",
    checksum_file="checksums.txt",
    checksums={
        "darwin-amd64": "1ee90e851535f13b21b5fb69a24a6e843da13ca7aa52538e345ce7c15471ef47",
        "darwin-arm64": "4ce452c096a4005be16ddc02129255830d1d6605ffe3693699c72a1b2be48658",
        "linux-amd64": "06af0a202c2b831207d0173f9c9cdb1b30abceca0747cb3fbb72792d26055c95",
        "linux-arm64": "0991957191951cb7dddd142403b5bb98a1fcd6378ba0079dddc1e2c309080a7f",
        "linux-ppc64le": "f7254ee8171492fe3109564077618a7f0326540c351ce6840e5654d7f5e59288",
        "linux-s390x": "4bf0b4d60cf3a505f6d46b9a05990af499c884736cd30afa7fc7c4b533c1a29f",
    },
    citation="https://github.com/argoproj/argo-cd/tree/master/hack/installers/checksums",
    module="sigs.k8s.io/kustomize/kustomize/v5@v5.8.2",
    linker_flags=("-s", "-w"),
)
# kustomize takes its version from the module that is built (api/provenance/provenance.go), so no flag has to set it.

HELM = Release(
    name="helm",
    version="4.2.4",
    base_url="https://get.helm.sh",
    mirror_variable="AGENTSLINT_HELM_URL",
    archive="helm-v{version}-{os}-{arch}.tar.gz",
    member="{os}-{arch}/helm",
    checksum_file="{archive}.sha256sum",
    checksums={
        "darwin-amd64": "6c163d687ca03c3b5c01928e53bbbcf9518278f47ce7a2f249a5a08e8bdaa2bc",
        "darwin-arm64": "d747eb4e28bd2727173d15b759fa0a17822291ec09db7ced3d55af290a3661a2",
        "linux-amd64": "c306b46f719b0a4da32d0f78ee21bf90ce8d602f15b22ab753f0674d1670a7f3",
        "linux-arm64": "564de2191b881e9f71b5606b25345821ea1682f06ab90499d3ab22b530176da1",
        "linux-ppc64le": "5c00073e9d493de201384bb7eb19d60615bd7c39db52148473e8ce6da84bc70a",
        "linux-s390x": "5396a35fca5fa46e5614140363f389ce66f96886c1b25f256d9e3028299422fa",
    },
    citation="https://github.com/argoproj/argo-cd/tree/master/hack/installers/checksums",
    module="helm.sh/helm/v4/cmd/helm@v4.2.4",
    # What helm's Makefile sets for a release. helm 4 takes the Kubernetes version from the client-go that it is built with (v0.36.1).
    linker_flags=(
        "-s",
        "-w",
        "-X helm.sh/helm/v4/internal/version.version=v4.2.4",
        "-X helm.sh/helm/v4/internal/version.gitCommit=3900f434fd3ef2b84065dc04508df48f288dba00",
        "-X helm.sh/helm/v4/internal/version.gitTreeState=clean",
    ),
)

RELEASES: Mapping[ToolName, Release] = {"kustomize": KUSTOMIZE, "helm": HELM}
