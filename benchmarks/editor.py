"""What an editor waits for: a saved change in the browser, the check of one file, the help.

    python -m benchmarks.editor --documents 10000 --sites 40

The corpus lies in a Git checkout. `gen serve` runs as an editor runs it, a document's page is open in Chromium, and each
save adds a paragraph; the time is from the save until the open page shows it. Each line ends with its limit.
"""

import argparse
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from benchmarks.documents import Corpus
from benchmarks.edits import BUILD_DATE
from benchmarks.group import sites
from benchmarks.measure import FailureError
from benchmarks.noticing import Checkout
from tests.browser.chromium import launch

_GEN = (sys.executable, "-m", "gen")
_PATIENCE = 600  # seconds for the first build


def _saves(checkout: Checkout, count: int) -> list[float]:
    """Seconds from each save until the open page shows it."""
    page_address = checkout.page.relative_to(checkout.folder / "out").as_posix()
    with _preview(checkout) as base, launch() as browser:
        page = browser.new_page(bypass_csp=True)  # what waits for the words is put into the page
        with page.expect_websocket():
            page.goto(base + page_address)
        took = []
        for _ in range(count + 1):
            time.sleep(2)  # the searches of the last save are done
            started = time.perf_counter()
            words = checkout.edit()
            page.wait_for_function(f"document.body.textContent.includes('{words}')", polling=10)
            took.append(time.perf_counter() - started)
        return took[1:]  # the first is looked for in all of the folder, as after a start


@contextmanager
def _preview(checkout: Checkout) -> Iterator[str]:
    """The address of a running `gen serve`."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = (*_GEN, "serve", "--port", str(port), "--date", BUILD_DATE)
    log = checkout.folder.parent / "serve.log"
    with (
        log.open("wb") as output,
        subprocess.Popen(
            command, cwd=checkout.folder, env=checkout.environment, stdout=output, stderr=output
        ) as process,
    ):
        try:
            base, ends = f"http://127.0.0.1:{port}/", time.monotonic() + _PATIENCE
            while base not in log.read_text(encoding="utf-8"):
                if process.poll() is not None or time.monotonic() > ends:
                    raise FailureError(f"gen serve did not start:\n{log.read_text(encoding='utf-8')}")
                time.sleep(0.1)
            yield base
        finally:
            process.terminate()


def _print(what: str, times: Sequence[float], limit: float) -> None:
    ordered = sorted(times)
    print(
        f"{what:<24}{statistics.median(ordered):9.3f}{ordered[0]:9.3f}{ordered[-1]:9.3f}{limit:9.2f}",
        flush=True,
    )


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.editor", description=__doc__.splitlines()[0])
    parser.add_argument("--documents", type=int, default=10_000, metavar="N")
    parser.add_argument("--sites", type=int, default=40, metavar="N")
    parser.add_argument("--repetitions", type=int, default=9, metavar="N")
    parser.add_argument("--disk", type=Path, metavar="DIR", help="where to work (default: temporary folder)")
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="bench-", dir=given.disk) as name:
        checkout = Checkout(Path(name) / "group", given.documents, given.sites)
        first = Corpus(given.documents, sites(given.sites)).document(0).header.path
        print(f"{given.documents:,} documents, {given.sites} sites: seconds, median, least, most, limit")
        for what, limit, words in (
            ("gen --help", 0.1, ("--help",)),
            ("gen check FILE", 0.3, ("check", f"content/{first}.md")),
        ):
            checkout.run(*_GEN, *words)
            _print(what, [checkout.run(*_GEN, *words).wall for _ in range(given.repetitions)], limit)
        _print("save to screen", _saves(checkout, given.repetitions), 0.3)
    return 0


if __name__ == "__main__":
    sys.exit(main())
