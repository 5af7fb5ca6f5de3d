"""Live preview: builds on every burst of saves, reloads the browser, shows errors on the page until they are mended.

livereload serves the pages and speaks to the browser; watchfiles tells it of changes, so that nothing is polled. The
build runs in the main thread, where its time limits work, between two requests.
"""

import contextlib
import html
import json
import mimetypes
import os
import posixpath
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

import livereload
import msgspec
import watchfiles
from livereload.handlers import ForceReloadHandler, LiveReloadHandler, LiveReloadJSHandler
from tornado.httpserver import HTTPServer
from tornado.ioloop import IOLoop
from tornado.web import Application, RequestHandler

from gen import report, workers
from gen.api.limits import Limits
from gen.api.server import routes
from gen.build import Options, build, index_all
from gen.errors import GenError, Issue
from gen.files import is_ignored
from gen.outcome import Result
from gen.searching import LatestEngine
from gen.text import Language, language, text
from gen.workspace import STATE_FOLDER

QUIET_MS, DEBOUNCE_MS = 30, 500
"""Saves closer together than the first are one burst; none is waited for longer than the second."""
IDLE_S = 0.5
"""How long pages go before searches: an open page fetches itself anew first."""
MANY = 100
"""So many files at once are looked at like all others: it is more than an editor saves."""

STATE = "preview"
PANEL = "g-preview-errors"
_PANEL_STYLE = (
    f"#{PANEL} {{position:fixed;inset:auto 0 0 0;max-height:45vh;overflow:auto;z-index:99999;margin:0;"
    "padding:1rem 1.5rem;background:#7a1010;color:#fff;font:15px/1.6 sans-serif;white-space:pre-wrap}"
)
"""A file of its own: pages forbid inline styles (gen.policy)."""


class Preview:
    """The group under preview: its last build, and what is wrong with it."""

    def __init__(self, root: Path, now: datetime | None, lang: Language) -> None:
        self.root = root
        self.out = root / STATE_FOLDER / "preview"
        self.lang = lang
        self.hub = ""
        self.issues: list[Issue] = []
        self.builds = 0
        self.served: dict[str, int] = {}
        """Path of a page → the build that it was last fetched from."""
        self._is_sound = False
        """Whether the last build took in all that it was told of."""
        self._options = Options(
            root,
            self.out,
            now,
            workers.default_jobs(),
            local=True,
            state=STATE,
            searchable=False,
            preview=True,
        )

    def rebuild(self, watched: frozenset[str] | None = None) -> Result | None:
        """Builds the pages of what changed; None if the group as a whole can't be built. Never raises for bad input.

        `watched`: all that changed below `content/`; None if that isn't known.
        """
        self.builds += 1
        started = time.perf_counter()
        try:
            result = build(
                msgspec.structs.replace(self._options, watched=watched if self._is_sound else None)
            )
        except GenError as error:
            self._is_sound = False
            self.issues = list(error.issues)
            report.print_issues(error.issues, self.lang)
            return None
        self._is_sound = True
        self.hub = result.hub
        self.issues = [issue for issue in result.issues if issue.is_error]
        report.print_result(result, time.perf_counter() - started, self.lang, quiet=False, explained=False)
        return result

    def reindex(self) -> None:
        """Brings the searches after the pages, which nobody should wait for them."""
        with contextlib.suppress(GenError):  # told when the pages were built
            index_all(self._options)

    def panel(self) -> str:
        """What is wrong, as HTML to lay over the page; empty if nothing is."""
        if not self.issues:
            return ""
        lines = "\n".join(html.escape(report.line(issue, self.lang)) for issue in self.issues)
        return f'<link rel="stylesheet" href="/_preview.css"><pre role="alert" id="{PANEL}">{lines}</pre>'


class PageHandler(RequestHandler):
    """Serves the preview's files, with the reload script and the error panel laid into pages."""

    def initialize(self, preview: Preview, script: str) -> None:
        self._preview = preview
        self._script = script

    def get(self, address: str) -> None:
        preview = self._preview
        if not address:
            self.redirect(f"/{preview.hub}/index.html" if preview.hub else "/error", permanent=False)
            return
        if address.strip("/") == "_style":
            self.redirect(f"/{preview.hub}/_style/index.html", permanent=False)
            return
        path = (preview.out / posixpath.normpath(f"/{address}").lstrip("/")).resolve()
        if path.is_dir():
            path /= "index.html"
        if not path.is_relative_to(preview.out.resolve()) or not path.is_file():
            self._missing(address)
            return
        kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        self.set_header("Content-Type", f"{kind}; charset=utf-8" if kind.startswith("text/") else kind)
        self.set_header("Cache-Control", "no-store")
        preview.served[self.request.path] = preview.builds
        data = path.read_bytes()
        self.finish(self._with_preview(data.decode()) if path.suffix == ".html" else data)

    def _missing(self, address: str) -> None:
        """The site's own page for this, so that an editor sees what a citizen would; errors still show."""
        self.set_status(404)
        page = self._preview.out / address.partition("/")[0] / "404.html"
        body = (
            page.read_text()
            if page.is_file()
            else "<!doctype html><meta charset=utf-8><title>404</title><p>404</p>"
        )
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.finish(self._with_preview(body))

    def _with_preview(self, body: str) -> str:
        extra = self._preview.panel() + self._script
        head, closing, tail = body.rpartition("</body>")
        return f"{head}{extra}{closing}{tail}" if closing else body + extra


class PanelStyleHandler(RequestHandler):
    def get(self) -> None:
        self.set_header("Content-Type", "text/css; charset=utf-8")
        self.finish(_PANEL_STYLE)


class ReloadHandler(LiveReloadHandler):  # type: ignore[misc]  # livereload has no types
    """Speaks to an open page; one that was fetched before a build and calls after it is told at once."""

    def initialize(self, preview: Preview) -> None:
        self._preview = preview

    def on_message(self, message: str | bytes) -> None:
        super().on_message(message)
        said = json.loads(message)
        fetched = self._preview.served.get(urlsplit(said.get("url", "")).path)
        if said["command"] == "info" and fetched not in (None, self._preview.builds):
            self.send_message({"command": "reload", "path": "*"})


class _Watch(threading.Thread):
    """Tells the main loop of each burst of changes in the group's sources."""

    def __init__(self, root: Path, tell: Callable[[frozenset[str] | None], object]) -> None:
        super().__init__(daemon=True)
        self._root = root.resolve()
        self._tell = tell
        self.stop = threading.Event()

    def run(self) -> None:
        sources = [
            path for name in ("content", "themes", "sites.yaml") if (path := self._root / name).exists()
        ]
        is_first = True
        for changes in watchfiles.watch(
            *sources,
            debounce=DEBOUNCE_MS,
            step=QUIET_MS,
            stop_event=self.stop,
            watch_filter=_is_source,
            raise_interrupt=False,
        ):
            # Before the first, something may have changed between the first build and the watch.
            self._tell(None if is_first else self._documents(path for _, path in changes))
            is_first = False

    def _documents(self, paths: Iterable[str]) -> frozenset[str] | None:
        """The files below `content/` that are there and changed; None if folders came or went, or files went, of which
        only a look at everything tells what it means."""
        content = f"{self._root / 'content'}{os.sep}"
        found = frozenset(path for path in paths if path.startswith(content))
        if len(found) > MANY or not all(map(os.path.isfile, found)):
            return None
        return frozenset(path.removeprefix(content).replace(os.sep, "/") for path in found)


def _is_source(_change: watchfiles.Change, path: str) -> bool:
    return not is_ignored(posixpath.basename(path))


def make_application(preview: Preview) -> Application:
    script = '<script src="/livereload.js"></script>'
    return Application(
        [
            *routes(LatestEngine(preview.root, STATE), Limits(rate=100, burst=1_000), "/api"),
            (r"/livereload", ReloadHandler, {"preview": preview}),
            (r"/forcereload", ForceReloadHandler),
            (r"/livereload.js", LiveReloadJSHandler),
            (r"/_preview.css", PanelStyleHandler),
            (r"/(.*)", PageHandler, {"preview": preview, "script": script}),
        ]
    )


def serve(root: Path, host: str, port: int, now: datetime | None, *, open_hub: bool) -> None:
    """Previews until interrupted. Raises GenError if the port is taken."""
    lang = language()
    preview = Preview(root, now, lang)
    preview.rebuild()
    preview.reindex()
    LiveReloadHandler.watcher = livereload.watcher.Watcher()  # holds the open pages; changes come from _Watch
    server = HTTPServer(make_application(preview))
    try:
        server.listen(port, host)
    except OSError as error:
        raise GenError(Issue("", 0, "serve.port", {"port": str(port), "why": str(error.strerror)})) from None
    loop = IOLoop.current()

    pending: list[
        frozenset[str] | None
    ] = []  # what changes while a build runs is one more build, not one each

    def changed() -> None:
        bursts, pending[:] = pending[:], []
        if not bursts:
            return
        known = [burst for burst in bursts if burst is not None]
        preview.rebuild(frozenset().union(*known) if len(known) == len(bursts) else None)
        LiveReloadHandler.reload_waiters()
        loop.call_later(IDLE_S, idle)

    def idle() -> None:
        if not pending:
            preview.reindex()

    def tell(burst: frozenset[str] | None) -> None:
        pending.append(burst)
        loop.add_callback(changed)

    watch = _Watch(root, tell)
    watch.start()
    address = f"http://{socket.gethostname() if host == '0.0.0.0' else host}:{port}/"  # noqa: S104 - asked for
    print(text("serve.ready", lang, address=address), file=sys.stderr)
    if open_hub:
        import click

        click.launch(address)
    try:
        loop.start()
    except KeyboardInterrupt:
        watch.stop.set()
        server.stop()
