"""A release archive, verified, and the one program taken out of it."""

from __future__ import annotations

import os
import re
import shutil
import tarfile
import zlib
from collections.abc import Callable
from pathlib import Path, PurePosixPath

from agentslint import files
from agentslint.tools.download import DownloadLimits, UnreachableError, download, shown
from agentslint.tools.platforms import Platform
from agentslint.tools.releases import Release
from agentslint.tools.tool import ToolError

Tell = Callable[[str], object]


def fetch_program(release: Release, platform: Platform, work: Path, limits: DownloadLimits, report: Tell) -> Path:
    """Download the release's archive into the folder `work`, verify it, and return the program taken out of it.

    Raises UnreachableError if it cannot be downloaded, ToolError if the file is not the expected one.
    """
    base = release.base(os.environ)
    url, archive = f"{base}/{release.archive_name(platform)}", work / "archive"
    expected, origin = _expected(release, platform, base, work, limits)
    report(f"downloading {shown(url)}")
    found = _download(url, archive, limits)
    if found != expected:
        raise ToolError(_mismatch(release, shown(url), expected, origin, found, archive.stat().st_size))
    report(f"sha256 {found} is {origin}")
    return extract(archive, release.member_name(platform), work / release.name)


def extract(archive: Path, member: str, destination: Path) -> Path:
    """Write one regular file of a gzipped tar archive to `destination`; nothing else of it is unpacked.

    Raises ToolError where the archive is broken or has no such file.
    """
    try:
        with files.stored(archive) as stored, tarfile.open(fileobj=stored, mode="r:gz") as content:
            for entry in content:
                if entry.isreg() and PurePosixPath(entry.name) == PurePosixPath(member):
                    return _write(content, entry, destination)
    except (tarfile.TarError, EOFError, zlib.error) as error:
        raise ToolError(f"the archive cannot be unpacked: {error}") from None
    raise ToolError(f"the archive holds no file {member}")


def _write(content: tarfile.TarFile, entry: tarfile.TarInfo, destination: Path) -> Path:
    source = content.extractfile(entry)
    if source is None:
        raise ToolError(f"the archive's {entry.name} is not a file")
    with source, files.writer(destination) as target:
        shutil.copyfileobj(source, target)
    return destination


def _expected(release: Release, platform: Platform, base: str, work: Path, limits: DownloadLimits) -> tuple[str, str]:
    """The checksum that the archive must have, and whose word that is."""
    pinned = release.checksums.get(platform.key)
    if pinned is not None:
        return pinned, f"the one pinned in agentslint (from {release.citation})"
    url, archive = f"{base}/{release.checksum_name(platform)}", release.archive_name(platform)
    listing = work / "checksums"
    _download(url, listing, limits)
    published = re.search(rf"([0-9a-f]{{64}})\s+\*?{re.escape(archive)}\s", f"{files.read(listing).decode(errors='replace')}\n")
    if published is None:
        raise UnreachableError(f"{shown(url)} publishes no checksum of {archive}")
    return published[1], f"the one that the release publishes ({shown(url)}; agentslint pins none for {platform.key})"


def _download(url: str, destination: Path, limits: DownloadLimits) -> str:
    try:
        return download(url, destination, limits)
    except UnreachableError as error:
        raise UnreachableError(f"{shown(url)} cannot be downloaded: {error}") from None


def _mismatch(release: Release, url: str, expected: str, origin: str, found: str, size: int) -> str:
    return (
        f"{release.name} {release.version} was not installed: {url} is not the file that it should be\n"
        f"  expected sha256 {expected}, {origin}\n"
        f"  got sha256      {found} ({size} bytes)\n"
        "Something changed it on the way (a proxy's page?). Try again, or set "
        f"{release.mirror_variable} to a mirror that you trust."
    )
