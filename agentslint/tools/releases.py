"""The releases of kustomize and helm that we install, with their addresses, checksums and build flags.

A checksum is pinned where a public definition that can be cited gives it; for every other platform the one that the
release itself publishes is used, and the installation says so.

- kustomize: `hack/installers/checksums/kustomize_5.8.2_<os>_<arch>.tar.gz.sha256` in argoproj/argo-cd.
- helm: the release notes of helm/helm v3.22.0.

For linux on amd64 and arm64 (helm: for darwin as well) unrelated public repositories pin the same checksums.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from agentslint.tools.platforms import Platform
from agentslint.tools.tool import Name


@dataclass(frozen=True)
class Release:
    """One pinned release; the templates may use {version}, {os} and {arch}, `checksum_file` also {archive}."""

    name: Name
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
    version="3.22.0",
    base_url="https://get.helm.sh",
    mirror_variable="AGENTSLINT_HELM_URL",
    archive="helm-v{version}-{os}-{arch}.tar.gz",
    member="{os}-{arch}/helm",
    checksum_file="{archive}.sha256sum",
    checksums={
        "darwin-amd64": "bd1d09f316558dda23698527859600936fed1371021ce0f2272d66b2fdcfa69c",
        "darwin-arm64": "4c9982a6cdeb458b60258df66b55398ca5b19293f6877faffe2909ad6f23dfe0",
        "linux-amd64": "1e4ab49e429626cf6c6958d914248b78c9730803c2751b87627e171dc800e7bb",
        "linux-arm64": "f14e804dfee240f55525b667488fe9adca349e63e00c9af634c0beb1421ac310",
        "linux-ppc64le": "fa304f47163a19f4e275fe4e890465a8a80a6f26ce4772c6b1649355c995def1",
        "linux-s390x": "3f2cfd73018dcb9c25814e89c5946a362a8b951d8cce03152138d8cb28abcbff",
    },
    citation="https://github.com/helm/helm/releases/tag/v3.22.0",
    module="helm.sh/helm/v3/cmd/helm@v3.22.0",
    # What helm's Makefile sets for a release. The Kubernetes version is that of client-go in its go.mod (v0.37.0);
    # without these flags a helm 3 believes that it renders for v1.20 and refuses charts that ask for more.
    linker_flags=(
        "-s",
        "-w",
        "-X helm.sh/helm/v3/internal/version.version=v3.22.0",
        "-X helm.sh/helm/v3/internal/version.gitCommit=144ca65f8501953fa8b41cd1d37c7223051c85b7",
        "-X helm.sh/helm/v3/internal/version.gitTreeState=clean",
        "-X helm.sh/helm/v3/pkg/chartutil.k8sVersionMajor=1",
        "-X helm.sh/helm/v3/pkg/chartutil.k8sVersionMinor=37",
        "-X helm.sh/helm/v3/pkg/lint/rules.k8sVersionMajor=1",
        "-X helm.sh/helm/v3/pkg/lint/rules.k8sVersionMinor=37",
    ),
)

RELEASES: Mapping[Name, Release] = {"kustomize": KUSTOMIZE, "helm": HELM}
