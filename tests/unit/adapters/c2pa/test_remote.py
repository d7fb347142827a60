import contextlib
import datetime
import ipaddress
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from inspector.adapters.c2pa.remote import Network, fetch_manifest, is_listed, shown_host
from inspector.domain.errors import FetchError

HOST = "credentials.example.org"
PUBLIC = "93.184.215.14"
MANIFEST = b"\0\0\0\x20jumb" + bytes(24)
HTTP = f"http://{HOST}/a.c2pa"


@dataclass
class Server:
    """Answers every request with the same bytes; remembers what it was asked."""

    answer: Callable[[socket.socket], None]
    tls: ssl.SSLContext | None = None
    asked: list[bytes] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = self._listening.getsockname()[1]
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listening.accept()
            except OSError:
                return
            with contextlib.suppress(OSError):
                if self.tls is not None:
                    connection = self.tls.wrap_socket(connection, server_side=True)
                with connection:
                    self.asked.append(connection.recv(65536))
                    self.answer(connection)

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        self._thread.join(5)


@pytest.fixture
def serving() -> Iterator[Callable[..., Server]]:
    servers: list[Server] = []

    def start(answer: bytes | Callable[[socket.socket], None], tls=None) -> Server:
        send = (
            (lambda connection: connection.sendall(answer)) if isinstance(answer, bytes) else answer
        )
        servers.append(Server(send, tls))
        return servers[-1]

    yield start
    for server in servers:
        server.close()


def answering(body: bytes, status: str = "200 OK", headers: str = "") -> bytes:
    return f"HTTP/1.1 {status}\r\n{headers}Content-Length: {len(body)}\r\n\r\n".encode() + body


def network(server: Server | None = None, *addresses: str, **changes) -> Network:
    """Return ways out on which every name has these addresses and a server stands at them."""

    def connect(address: str, port: int, timeout_s: float) -> socket.socket:
        assert server is not None, "a connection was opened"
        return socket.create_connection(("127.0.0.1", server.port), timeout_s)

    return Network(lambda host, port: addresses or (PUBLIC,), connect, **changes)


def test_that_a_manifest_comes_from_the_host_that_was_shown(serving) -> None:
    server = serving(answering(MANIFEST))
    fetched = fetch_manifest(HTTP + "?x=1", allow_http=True, network=network(server))
    assert fetched.content == MANIFEST
    assert (fetched.host, fetched.address) == (HOST, PUBLIC)
    (asked,) = server.asked
    assert asked.startswith(b"GET /a.c2pa?x=1 HTTP/1.1\r\nHost: credentials.example.org\r\n")


def test_that_http_needs_a_word_of_its_own() -> None:
    with pytest.raises(FetchError, match="not encrypted"):
        fetch_manifest(HTTP, network=network())


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "239.255.255.250",
        "255.255.255.255",
        "::1",
        "::",
        "fe80::1",
        "fe80::1%eth0",
        "fc00::1",
        "ff02::1",
        "ff0e::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "2002:7f00:1::",
        "2002:c0a8:101::",
        "64:ff9b::7f00:1",
        "64:ff9b::a00:1",
        "2001:0:7f00:1::",
        "nonsense",
    ],
)
def test_that_private_addresses_are_refused_before_any_connection(address: str) -> None:
    with pytest.raises(FetchError, match="private address"):
        fetch_manifest(f"https://{HOST}/a", network=network(None, address))


def test_that_one_private_address_among_public_ones_refuses_all() -> None:
    with pytest.raises(FetchError, match="private address"):
        fetch_manifest(f"https://{HOST}/a", network=network(None, PUBLIC, "127.0.0.1"))


@pytest.mark.parametrize("host", ["127.0.0.1", "[::1]", "localhost", "2130706433", "0x7f.1"])
def test_that_names_of_this_machine_are_refused(host: str) -> None:
    ways = replace(Network(), connect=network().connect)
    with pytest.raises(FetchError):
        fetch_manifest(f"https://{host}/a", network=ways)


def test_that_a_name_is_resolved_once(serving) -> None:
    server = serving(answering(MANIFEST))
    resolved: list[str] = []

    def resolve(host: str, port: int) -> list[str]:
        resolved.append(host)
        return [PUBLIC] if len(resolved) == 1 else ["127.0.0.1"]

    fetch_manifest(HTTP, allow_http=True, network=replace(network(server), resolve=resolve))
    assert resolved == [HOST]


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "307 Temporary", "308 Permanent"])
def test_that_no_redirection_is_followed(serving, status: str) -> None:
    server = serving(answering(MANIFEST, status, "Location: http://127.0.0.1/x\r\n"))
    with pytest.raises(FetchError, match="not followed"):
        fetch_manifest(HTTP, allow_http=True, network=network(server))
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (answering(b"", "404 Not Found"), "404"),
        (answering(b"<html>a page"), "no manifest"),
        (answering(b""), "no manifest"),
        (b"what?\r\n\r\n", "fetched"),
        (b"", "fetched"),
        (b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 500 + b"\r\n", "fetched"),
        (b"HTTP/1.1 200 OK\r\nX: " + b"y" * 100_000 + b"\r\n\r\n", "fetched"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n" + MANIFEST, "fetched"),
    ],
)
def test_that_what_is_no_manifest_is_refused(serving, answer: bytes, why: str) -> None:
    with pytest.raises(FetchError, match=why):
        fetch_manifest(HTTP, allow_http=True, network=network(serving(answer)))


def test_that_too_much_is_not_taken(serving) -> None:
    def without_end(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n" + MANIFEST)
        while True:
            connection.sendall(bytes(65536))

    ways = network(serving(without_end), max_bytes=1 << 20)
    with pytest.raises(FetchError, match="more than 1 MiB"):
        fetch_manifest(HTTP, allow_http=True, network=ways)


def trickle(start: bytes) -> Callable[[socket.socket], None]:
    def send(connection: socket.socket) -> None:
        connection.sendall(start)
        waiting = threading.Event()
        while not waiting.wait(0.02):
            connection.sendall(b"x")

    return send


@pytest.mark.parametrize(
    "start", [b"HTTP/1.1 200 OK\r\nX: ", b"HTTP/1.1 200 OK\r\n\r\n" + MANIFEST, b"HTT"]
)
def test_that_a_trickle_ends_in_time(serving, start: bytes) -> None:
    ways = network(serving(trickle(start)), timeout_s=0.3)
    with pytest.raises(FetchError, match=r"too long|fetched"):
        fetch_manifest(HTTP, allow_http=True, network=ways)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "file:///etc/passwd",
        "ftp://example.org/a",
        "https://",
        "https:///a",
        "https://user:word@example.org/a",
        "https://example.org:99999/a",
        "https://[half/a",
        "javascript:alert(1)",
        "https://exa mple.org\\@127.0.0.1/",
        "https://" + "a" * 70 + ".org/",
    ],
)
def test_that_strange_addresses_are_refused(url: str) -> None:
    with pytest.raises(FetchError):
        fetch_manifest(url, allow_http=True, network=network())


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://Example.org/a", "example.org"),
        ("https://example.org:8443/a", "example.org:8443"),
        ("https://ex\u0430mple.org/a", "xn--exmple-4nf.org"),
    ],
)
def test_that_the_host_is_shown_as_it_is(url: str, host: str) -> None:
    assert shown_host(url) == host


@pytest.fixture(scope="module")
def tls_files(tmp_path_factory) -> tuple[Path, Path]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    now = datetime.datetime.now(datetime.UTC)
    names = [x509.DNSName(HOST), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .sign(key, hashes.SHA256())
    )
    folder = tmp_path_factory.mktemp("tls")
    pem, key_pem = folder / "cert.pem", folder / "key.pem"
    pem.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    key_pem.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return pem, key_pem


def test_that_the_certificate_of_the_host_is_checked(serving, tls_files) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*tls_files)
    server = serving(answering(MANIFEST), context)
    known = network(server, tls=lambda: ssl.create_default_context(cafile=tls_files[0]))
    assert fetch_manifest(f"https://{HOST}/a", network=known).content == MANIFEST
    with pytest.raises(FetchError, match="certificate"):
        fetch_manifest("https://other.example.org/a", network=known)
    with pytest.raises(FetchError, match="certificate"):
        fetch_manifest(f"https://{HOST}/a", network=network(server))


@pytest.mark.parametrize(
    ("url", "listed"),
    [
        ("https://credentials.example.org/a", True),
        ("https://CREDENTIALS.Example.org:8443/a", True),
        ("https://credentials.example.org./a", True),
        ("https://a.below.org/a", True),
        ("https://a.b.below.org/a", True),
        ("https://below.org/a", False),
        ("https://notbelow.org/a", False),
        ("https://example.org/a", False),
        ("https://credentials.example.org.evil.org/a", False),
        ("https://evil.org/credentials.example.org", False),
        ("https://xn--bcher-kva.example/a", True),
    ],
)
def test_that_a_list_of_hosts_means_these_hosts_and_no_others(url: str, listed: bool) -> None:
    hosts = ("credentials.example.org", "*.below.org", "xn--bcher-kva.example", "*", "")
    assert is_listed(url, hosts) is listed
