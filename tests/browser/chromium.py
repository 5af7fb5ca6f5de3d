"""Chromium, without its own errands; and the built sites over HTTP, below a path that isn't the root."""

import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

PREFIX = "/sites/"
_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-sync",
    "--metrics-recording-only",
    "--no-first-run",
    "--no-pings",
]


def find_chromium() -> str:
    """The browser's program; empty if this machine has none."""
    return (
        os.environ.get("GEN_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser") or ""
    )


@contextmanager
def launch() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=_ARGUMENTS)
        yield browser
        browser.close()


class _Handler(SimpleHTTPRequestHandler):
    """Serves a folder below `PREFIX`, and nothing beside it."""

    def translate_path(self, path: str) -> str:
        return super().translate_path(path.removeprefix(PREFIX) if path.startswith(PREFIX) else "/nowhere/")

    def log_message(self, *_: object) -> None:
        """Tests print what matters."""


@contextmanager
def http_server(folder: Path) -> Iterator[str]:
    """The address under which a plain server shows `folder`."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}{PREFIX}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
