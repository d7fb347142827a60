"""Fetches C2PA's published trust lists, on the user's word; ``remote`` opens connections too."""

import http.client
import ipaddress
import socket
import urllib.error
import urllib.parse
import urllib.request
from typing import IO

from inspector.domain.errors import TrustError

_BASE = "https://raw.githubusercontent.com/c2pa-org/conformance-public/main/trust-list/"

OFFICIAL_LISTS = (_BASE + "C2PA-TRUST-LIST.json", _BASE + "C2PA-TSA-TRUST-LIST.json")
"""Signers and time-stamp authorities, published by C2PA under CC BY 4.0."""

MAX_BYTES = 16 << 20
TIMEOUT_S = 30.0


def download(address: str) -> bytes:
    """Return what stands at one of ``OFFICIAL_LISTS``.

    Raises:
        TrustError: the address is another or not public, or nothing usable came back.
    """
    if address not in OFFICIAL_LISTS:
        raise TrustError(f"{address} is not where C2PA publishes its trust lists.")
    _refuse_private(urllib.parse.urlsplit(address).hostname or "")
    opener = urllib.request.build_opener(_NoRedirect)
    try:
        with opener.open(address, timeout=TIMEOUT_S) as answer:
            content = bytes(answer.read(MAX_BYTES + 1))
    except (urllib.error.URLError, http.client.HTTPException, OSError) as error:
        reason = getattr(error, "reason", None) or error
        raise TrustError(
            f"The official trust list cannot be fetched ({reason}); "
            f"download {address} yourself and run: inspector trust add FILE --tier official"
        ) from error
    if len(content) > MAX_BYTES:
        raise TrustError("What came in place of the official trust list is too large for one.")
    return content


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Refuses to be sent elsewhere."""

    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: http.client.HTTPMessage,
        newurl: str,
    ) -> None:
        raise urllib.error.URLError(f"it was redirected to {newurl}, which is not followed")


def _refuse_private(host: str) -> None:
    """Refuse a name that leads to this machine or a private network.

    A name that does not resolve is let through: behind a proxy only the proxy resolves names.

    Raises:
        TrustError: it does.
    """
    try:
        found = socket.getaddrinfo(host, 443, type=socket.SOCK_STREAM)
    except OSError:
        return
    for *_, where in found:
        if not ipaddress.ip_address(str(where[0]).split("%", 1)[0]).is_global:
            raise TrustError(f"{host} leads to the private address {where[0]}, which is refused.")
