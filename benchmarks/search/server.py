"""A small server that compresses as nginx does and counts what it sends."""

import gzip
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote

_LEVEL = 6
_TEXT = frozenset({".html", ".css", ".js", ".json", ".svg", ".xml", ".txt"})  # what `gzip_types` names
_SHORTEST = 20  # nginx's gzip_min_length
_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
}
_FOR_EVER, _NEVER = "max-age=31536000, immutable", "no-cache"


@dataclass(frozen=True)
class Served:
    """One answer: the bytes of its body as they went out, and when the last of them did."""

    path: str
    bytes: int
    ended: float


@dataclass
class Traffic:
    """All answers so far; `busy` requests are not answered yet."""

    served: list[Served] = field(default_factory=list)
    busy: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def wait_until_quiet(self, seconds: float = 0.15) -> None:
        """Until nothing was asked for this long."""
        count, since = -1, time.monotonic()
        while self.busy or count != len(self.served) or time.monotonic() - since < seconds:
            if self.busy or count != len(self.served):
                count, since = len(self.served), time.monotonic()
            time.sleep(0.01)


class Files:
    """The folders that are served, by the prefix of their addresses; what was compressed is kept."""

    def __init__(self, folders: Mapping[str, Path], pages: Mapping[str, str]) -> None:
        self._folders = folders
        self._pages = pages
        self._kept: dict[str, tuple[bytes, bool]] = {}

    def body(self, path: str) -> tuple[bytes, bool] | None:
        """What is sent for a path and whether it is compressed; None if there is no such file."""
        if path not in self._kept:
            data = self._read(path)
            if data is None:
                return None
            is_text = Path(path).suffix in _TEXT and len(data) >= _SHORTEST
            self._kept[path] = (gzip.compress(data, _LEVEL, mtime=0) if is_text else data, is_text)
        return self._kept[path]

    def _read(self, path: str) -> bytes | None:
        if path in self._pages:
            return self._pages[path].encode()
        for prefix, folder in self._folders.items():
            file = folder / path.removeprefix(prefix)
            if path.startswith(prefix) and ".." not in path and file.is_file():
                return file.read_bytes()
        return None


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # headers and body leave together

    def __init__(self, files: Files, traffic: Traffic, *more: object) -> None:
        self._files = files
        self._traffic = traffic
        super().__init__(*more)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        traffic = self._traffic
        with traffic.lock:
            traffic.busy += 1
        path, sent = unquote(self.path.partition("?")[0]), 0
        try:
            sent = self._answer(path)
        finally:
            with traffic.lock:
                traffic.busy -= 1
                traffic.served.append(Served(path, sent, time.time()))

    def _answer(self, path: str) -> int:
        known = self._files.body(path)
        body, is_compressed = known or (b"", False)
        found = known is not None
        self.send_response(HTTPStatus.OK if found else HTTPStatus.NOT_FOUND)
        self.send_header("Content-Type", _TYPES.get(Path(path).suffix, "application/octet-stream"))
        self.send_header("Content-Length", str(len(body)))
        stays = not path.endswith((".html", "/search/index.js", "pagefind-entry.json"))
        self.send_header("Cache-Control", _FOR_EVER if stays and found else _NEVER)
        if is_compressed:
            self.send_header("Content-Encoding", "gzip")
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()
        return len(body)

    def log_message(self, *_: object) -> None:
        """What matters is counted."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """A browser that closes its connections early is no news."""


@contextmanager
def serve(folders: Mapping[str, Path], pages: Mapping[str, str]) -> Iterator[tuple[str, Traffic]]:
    """The address of a server of `folders` (by prefix) and `pages` (by path), and what goes through it."""
    traffic = Traffic()
    server = _Server(("127.0.0.1", 0), partial(_Handler, Files(folders, pages), traffic))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", traffic
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
