"""One file over HTTP: within limits, whatever the server does.

`requests` is used because it honours the user's settings: HTTP_PROXY, HTTPS_PROXY, NO_PROXY, .netrc,
REQUESTS_CA_BUNDLE and CURL_CA_BUNDLE. SSL_CERT_FILE, which OpenSSL's own programs read, is added here.
"""

from __future__ import annotations

import hashlib
import os
import re
import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future
from concurrent.futures import TimeoutError as NotDone
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlsplit, urlunsplit

from msgspec import Struct

from agentslint import files

if TYPE_CHECKING:
    import requests

T = TypeVar("T")

_CHUNK = 1 << 16


class DownloadLimits(Struct, frozen=True):
    """Seconds to connect, seconds of silence, seconds in all, and bytes that a download may take."""

    connect: float = 10
    read: float = 30
    total: float = 600
    size: int = 256 << 20


class UnreachableError(Exception):
    """The file cannot be had from there; the message says why."""


class TruncatedError(UnreachableError):
    """The file began to arrive and broke off."""


def download(url: str, destination: Path, limits: DownloadLimits) -> str:
    """Fetch `url` into `destination` and return its sha256 in hex; a download that breaks off is tried once more.

    Raises UnreachableError (TruncatedError after the second try), and OSError where the file cannot be written.
    """
    try:
        return _once(url, destination, limits)
    except TruncatedError:
        return _once(url, destination, limits)


def shown(url: str) -> str:
    """Write a URL without the user name and password that it may carry."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))


def certificates(environ: Mapping[str, str]) -> str | bool:
    """Choose the CA bundle: SSL_CERT_FILE, unless a variable that `requests` reads by itself is set."""
    if environ.get("REQUESTS_CA_BUNDLE") or environ.get("CURL_CA_BUNDLE"):
        return True
    return environ.get("SSL_CERT_FILE") or True


def _once(url: str, destination: Path, limits: DownloadLimits) -> str:
    return _within(limits.total, lambda given_up: _receive(url, destination, limits, given_up))


def _within(seconds: float, action: Callable[[threading.Event], T]) -> T:
    """Run `action` in a thread that can be left behind: single bytes that dribble in never meet a read timeout."""
    outcome: Future[T] = Future()
    given_up = threading.Event()

    def act() -> None:
        try:
            outcome.set_result(action(given_up))
        except BaseException as error:  # handed over to the caller
            outcome.set_exception(error)

    threading.Thread(target=act, daemon=True).start()
    try:
        return outcome.result(timeout=seconds)
    except NotDone:
        raise UnreachableError(f"it did not finish within {seconds:g} seconds") from None
    finally:
        given_up.set()


def _receive(url: str, destination: Path, limits: DownloadLimits, given_up: threading.Event) -> str:
    import requests

    with requests.Session() as session, _get(session, url, limits) as response:
        _refuse(response, url)
        digest, received = hashlib.sha256(), 0
        with files.writer(destination) as file:
            for chunk in _chunks(response):
                received += len(chunk)
                _stop(given_up.is_set(), received, limits)
                digest.update(chunk)
                file.write(chunk)
        _check_length(response, received)
        return digest.hexdigest()


def _get(session: requests.Session, url: str, limits: DownloadLimits) -> requests.Response:
    import requests

    try:
        return session.get(
            url,
            stream=True,
            timeout=(limits.connect, limits.read),
            headers={"Accept-Encoding": "identity", "User-Agent": "agentslint"},
            verify=certificates(os.environ),
        )
    # OSError too: a CA bundle that does not exist comes as one.
    except (requests.RequestException, OSError) as error:
        raise UnreachableError(_cause(error)) from None


def _refuse(response: requests.Response, url: str) -> None:
    if response.status_code != 200:
        raise UnreachableError(f"it answers {response.status_code} {response.reason}".rstrip())
    if url.startswith("https:") and not response.url.startswith("https:"):
        raise UnreachableError("it redirects from https to an address without encryption")


def _chunks(response: requests.Response) -> Iterator[bytes]:
    """Read the bytes as they were sent: an archive must not be unpacked on the way."""
    from urllib3.exceptions import HTTPError, ProtocolError

    try:
        yield from response.raw.stream(_CHUNK, decode_content=False)
    except ProtocolError as error:
        raise TruncatedError(f"it broke off: {_cause(error)}") from None
    except (HTTPError, OSError) as error:
        raise UnreachableError(_cause(error)) from None


def _stop(given_up: bool, received: int, limits: DownloadLimits) -> None:
    if given_up:
        raise UnreachableError("it was given up")
    if received > limits.size:
        raise UnreachableError(f"it is larger than {limits.size >> 20} MiB")


def _check_length(response: requests.Response, received: int) -> None:
    announced = response.headers.get("Content-Length", "")
    if announced.isdigit() and int(announced) != received:
        raise TruncatedError(f"it broke off: {received} bytes of {announced} arrived")


def _cause(error: BaseException) -> str:
    """Describe an error in one line, without the layers of the libraries and the addresses of their objects."""
    inner: object = error
    while True:
        wrapped = getattr(inner, "reason", None) or next(iter(getattr(inner, "args", ())), None)
        if not isinstance(wrapped, BaseException):
            break
        inner = wrapped
    return re.sub(r"^(<[^>]*>|\w+\([^)]*\)): ", "", str(inner)).rstrip(".")
