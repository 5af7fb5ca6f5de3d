"""Real servers on loopback, with the configuration that `gen server` writes."""

import http.client
import os
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from tests.html.built import needs

BROTLI = Path("/usr/lib/nginx/modules/ngx_http_brotli_static_module.so")


class Answer(NamedTuple):
    status: int
    headers: dict[str, str]
    body: bytes


class Ports(NamedTuple):
    http: int
    https: int


def free_ports() -> Ports:
    with socket.socket() as one, socket.socket() as other:
        one.bind(("127.0.0.1", 0))
        other.bind(("127.0.0.1", 0))
        return Ports(one.getsockname()[1], other.getsockname()[1])


def ask(port: int, host: str, path: str, *, method: str = "GET", tls: bool = False, **headers: str) -> Answer:
    """What a server on this machine answers for one of the sites."""
    if tls:
        context = ssl._create_unverified_context()
        connection: http.client.HTTPConnection = http.client.HTTPSConnection(
            "127.0.0.1", port, context=context
        )
        # The site is named in the handshake too.
        raw = socket.create_connection(("127.0.0.1", port), 10)
        connection.sock = context.wrap_socket(raw, server_hostname=host)
    else:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request(method, path, headers={"Host": host, **sent})
    answer = connection.getresponse()
    found = Answer(answer.status, {key.lower(): value for key, value in answer.getheaders()}, answer.read())
    connection.close()
    return found


def certificate(folder: Path, host: str) -> None:
    """A certificate that the host gives itself."""
    place = folder / host
    place.mkdir(parents=True)
    words = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-nodes",
        "-days",
        "2",
    ]
    files = ["-keyout", str(place / "privkey.pem"), "-out", str(place / "fullchain.pem")]
    subprocess.run(
        [*words, "-subj", f"/CN={host}", "-addext", f"subjectAltName=DNS:{host}", *files],
        check=True,
        capture_output=True,
    )


def program(name: str) -> str:
    found = shutil.which(name) or shutil.which(name, path="/usr/sbin:/usr/bin")
    if found is None:
        needs(f"{name} is not installed")
    return str(found)


@contextmanager
def nginx(folder: Path, conf: str, port: int, *, brotli: bool = False) -> Iterator[None]:
    """nginx with this file in its http context."""
    folder.mkdir(exist_ok=True)
    (folder / "gen.conf").write_text(conf, encoding="utf-8")
    load = f"load_module {BROTLI};" if brotli else ""
    (folder / "nginx.conf").write_text(
        f"{load} user {'root' if os.getuid() == 0 else 'nobody'}; daemon off; pid {folder}/pid; error_log {folder}/error.log;\n"
        "worker_processes 1; events { worker_connections 256; }\n"
        f"http {{ access_log off; client_body_temp_path {folder}/b; proxy_temp_path {folder}/p;\n"
        f"fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;\n"
        f"include {folder}/gen.conf; }}\n",
        encoding="utf-8",
    )
    shutil.copy("/etc/nginx/mime.types", folder / "mime.types")
    words = [
        program("nginx"),
        "-p",
        str(folder),
        "-c",
        str(folder / "nginx.conf"),
        "-e",
        str(folder / "error.log"),
    ]
    yield from _running(words, port, {})


@contextmanager
def caddy(folder: Path, conf: str, port: int) -> Iterator[None]:
    folder.mkdir(exist_ok=True)
    (folder / "Caddyfile").write_text(conf.replace("{\n", "{\n\tadmin off\n", 1), encoding="utf-8")
    words = [program("caddy"), "run", "--adapter", "caddyfile", "--config", str(folder / "Caddyfile")]
    yield from _running(words, port, {"HOME": str(folder), "XDG_DATA_HOME": str(folder)})


def _running(words: Sequence[str], port: int, environment: dict[str, str]) -> Iterator[None]:
    process = subprocess.Popen(
        words, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env={**os.environ, **environment}
    )
    try:
        ends = time.monotonic() + 20
        while not _listens(port):
            assert process.poll() is None, process.stderr.read().decode() if process.stderr else ""
            assert time.monotonic() < ends
            time.sleep(0.05)
        yield
    finally:
        process.terminate()
        process.wait(20)
        if process.stderr:
            process.stderr.close()


def _listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
    except OSError:
        return False
    return True
