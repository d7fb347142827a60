"""Fetches one manifest that a file says is kept elsewhere, on the user's explicit word alone.

The file was made by a stranger, so its address may point anywhere: into the user's own network,
to a service on this machine, or to a host that never stops sending.
"""

import hashlib
import http.client
import ipaddress
import socket
import ssl
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from time import monotonic
from urllib.parse import SplitResult, urlsplit

from inspector.domain.errors import FetchError

MAX_BYTES = 16 << 20
TIMEOUT_S = 20.0
"""For the whole fetch, from the first byte sent to the last one taken."""

_PORTS = {"https": 443, "http": 80}
_BLOCK = 64 << 10
_NAT64 = ipaddress.ip_network("64:ff9b::/96")

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


@dataclass(frozen=True, slots=True)
class FetchedManifest:
    """What came, and from where.

    Attributes:
        host: as it was shown to the user before.
        address: the address that was really connected to.
    """

    url: str
    host: str
    address: str
    content: bytes

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


def _resolve(host: str, port: int) -> Sequence[str]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(where[0]) for *_, where in found]


def _connect(address: str, port: int, timeout_s: float) -> socket.socket:
    return socket.create_connection((address, port), timeout_s)


@dataclass(frozen=True, slots=True)
class Network:
    """The ways out; tests put a server of their own in their place."""

    resolve: Callable[[str, int], Sequence[str]] = _resolve
    connect: Callable[[str, int, float], socket.socket] = _connect
    tls: Callable[[], ssl.SSLContext] = ssl.create_default_context
    timeout_s: float = TIMEOUT_S
    max_bytes: int = MAX_BYTES


def shown_host(url: str) -> str:
    """Return the host that an address leads to, in ASCII, with its port where that is unusual.

    Raises:
        FetchError: it is no address of the web.
    """
    parts = _parts(url)
    host = _ascii(parts)
    port = _port(parts)
    return host if port == _PORTS[parts.scheme] else f"{host}:{port}"


def is_listed(url: str, hosts: Sequence[str]) -> bool:
    """Return whether an address leads to one of these hosts; "*.example.org" is any below it.

    Raises:
        FetchError: it is no address of the web.
    """
    host = _ascii(_parts(url)).rstrip(".")
    for listed in hosts:
        name = listed.strip().lower().rstrip(".")
        below = name.removeprefix("*")
        if host == name or (below != name and below.startswith(".") and host.endswith(below)):
            return True
    return False


def fetch_manifest(
    url: str, *, allow_http: bool = False, network: Network | None = None
) -> FetchedManifest:
    """Fetch one manifest from the host that ``shown_host`` names, and from no other.

    The name is resolved once, private addresses are refused, the connection goes to the address
    that was looked at, no proxy is asked and no redirection is followed.

    Raises:
        FetchError: the address is refused, or nothing usable came back.
    """
    ways = network or Network()
    parts = _parts(url)
    if parts.scheme != "https" and not allow_http:
        raise FetchError(
            f"The address {url} is not encrypted (http), so anybody on the way could change what "
            "comes; it is fetched only with the word for it (--allow-http)."
        )
    host = shown_host(url)
    address = _public_address(_ascii(parts), _port(parts), ways)
    connection = _Pinned(parts, address, ways)
    try:
        with _deadline(connection, ways.timeout_s):
            content = _content(connection, parts, ways)
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise FetchError(f"The manifest cannot be fetched from {host}: {_why(error)}.") from error
    finally:
        connection.close()
    return FetchedManifest(url, host, address, content)


def _parts(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        usable = parts.scheme in _PORTS and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable:
        raise FetchError(f"{url} is no address of a web server.")
    if parts.username is not None or parts.password is not None:
        raise FetchError(f"{url} carries a user name, which no address of a manifest needs.")
    return parts


def _ascii(parts: SplitResult) -> str:
    host = parts.hostname or ""
    try:
        return host if ":" in host else host.encode("idna").decode("ascii")
    except UnicodeError as error:
        raise FetchError(f"{host} is no name of a host.") from error


def _port(parts: SplitResult) -> int:
    return parts.port or _PORTS[parts.scheme]


def _public_address(host: str, port: int, network: Network) -> str:
    """Resolve a name once and return an address; a single private one among them refuses all."""
    try:
        found = network.resolve(host, port)
    except (OSError, UnicodeError) as error:
        raise FetchError(f"The host {host} cannot be found.") from error
    for address in found:
        if not _is_public(address):
            raise FetchError(f"{host} leads to the private address {address}, which is refused.")
    if not found:
        raise FetchError(f"The host {host} cannot be found.")
    return found[0]


def _is_public(text: str) -> bool:
    try:
        address = ipaddress.ip_address(text)
    except ValueError:  # a zone ("fe80::1%eth0") or nothing of the sort
        return False
    return all(a.is_global and not a.is_multicast for a in (address, *_inside(address)))


def _inside(address: Address) -> tuple[Address, ...]:
    """Return the IPv4 addresses that an IPv6 address stands for."""
    if isinstance(address, ipaddress.IPv4Address):
        return ()
    if address.ipv4_mapped is not None:
        return (address.ipv4_mapped,)
    if address.sixtofour is not None:
        return (address.sixtofour,)
    if address.teredo is not None:
        return address.teredo
    if address in _NAT64:
        return (ipaddress.IPv4Address(int(address) & 0xFFFFFFFF),)
    return ()


class _Pinned(http.client.HTTPConnection):
    """A connection to one address, whatever its host's name leads to by now."""

    def __init__(self, parts: SplitResult, address: str, network: Network) -> None:
        super().__init__(_ascii(parts), _port(parts), timeout=network.timeout_s)
        self.default_port = _PORTS[parts.scheme]
        self._is_tls = parts.scheme == "https"
        self._address = address
        self._network = network
        self._live: socket.socket | None = None  # ``sock`` is dropped while an answer is read

    def connect(self) -> None:
        plain = self._network.connect(self._address, self.port, self._network.timeout_s)
        self.sock = self._live = plain
        if self._is_tls:
            secure = self._network.tls().wrap_socket(
                plain, server_hostname=self.host, do_handshake_on_connect=False
            )
            self.sock = self._live = secure
            secure.do_handshake()

    def end(self) -> None:
        """Make whatever waits for the other side fail; for another thread."""
        live = self._live
        if live is not None:
            with suppress(OSError):
                # Not the TLS socket's own way, which is not meant for two threads.
                socket.socket.shutdown(live, socket.SHUT_RDWR)


class _deadline:  # noqa: N801 - reads as a statement
    """Ends a connection that is not done in time, however slowly its other side trickles."""

    def __init__(self, connection: _Pinned, seconds: float) -> None:
        self._timer = threading.Timer(seconds, connection.end)
        self._timer.daemon = True
        self._until = monotonic() + seconds

    def __enter__(self) -> None:
        self._timer.start()

    def __exit__(self, *exc: object) -> None:
        self._timer.cancel()
        if monotonic() > self._until:
            raise TimeoutError("it took too long")


def _content(connection: _Pinned, parts: SplitResult, network: Network) -> bytes:
    target = f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
    connection.request(
        "GET", target, headers={"Accept": "application/c2pa", "User-Agent": "Inspector"}
    )
    answer = connection.getresponse()
    if answer.status != http.client.OK:
        sent_on = 300 <= answer.status < 400
        what = "it points to another place, which is not followed" if sent_on else answer.reason
        raise ValueError(f"status {answer.status}, {what}")
    content = bytearray()
    while block := answer.read(_BLOCK):
        content += block
        if len(content) > network.max_bytes:
            raise ValueError(f"more than {network.max_bytes >> 20} MiB came")
    if answer.length:
        raise ValueError("it broke off")
    if content[4:8] != b"jumb":
        raise ValueError("what came is no manifest")
    return bytes(content)


def _why(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return "it took too long"
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate does not hold ({error.verify_message})"
    return " ".join(str(error).split())[:200] or type(error).__name__
