"""The three engines behind one face: whether a document is among all results, and what the first ten are called."""

import json
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

from playwright.sync_api import Page

from benchmarks.documents import Corpus, Header
from benchmarks.measure import FailureError
from benchmarks.search import pagefind
from benchmarks.search.phrases import Phrase
from benchmarks.search.reindex import STATE
from benchmarks.search.server import serve
from gen.config.resolve import load_group
from gen.search.engine import WhooshEngine
from gen.search.results import Request
from gen.workspace import engine_path
from tests.browser.chromium import launch

TOP = 10
_PHRASE = 2
"""The tier of documents that have all of the query together; a document found only by parts of it isn't found."""
_CLIENT = Path(__file__).parents[2] / "tests" / "search" / "client.cjs"
_BATCH = 50

Asked = Sequence[tuple[str, Phrase]]


class Finder(Protocol):
    """An opened index."""

    def finds(self, asked: Asked) -> list[bool]:
        """For each query, whether the phrase's document is among its results, however many there are."""
        ...

    def top_titles(self, typed: Sequence[str]) -> list[list[str]]:
        """For each query, the titles of its first results, at most `TOP`."""
        ...


class Node:
    """gen's browser client on the index in a folder, run by Node."""

    def __init__(self, folder: Path) -> None:
        node = shutil.which("node")
        if not node:
            raise FailureError("Node is not installed; the browser's client needs it")
        self._process = subprocess.Popen(
            [node, str(_CLIENT), str(folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )

    def close(self) -> None:
        assert self._process.stdin
        self._process.stdin.close()
        self._process.wait(30)

    def ask(self, **request: object) -> dict[str, Any]:
        """The answer to a request, as `client.cjs` has it."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        answer: dict[str, Any] = json.loads(self._process.stdout.readline())
        if "error" in answer:
            raise FailureError(f"the client failed at {request}: {answer['error']}")
        return answer


class Client:
    """gen's browser client on the hub's index.

    A document is looked for among the results of its own site and year. Filters leave out other documents and nothing
    else, so this is the same as turning all pages of all results, only sooner.
    """

    def __init__(self, corpus: Corpus, folder: Path) -> None:
        self._corpus = corpus
        self._node = Node(folder)

    def close(self) -> None:
        self._node.close()

    def finds(self, asked: Asked) -> list[bool]:
        return [self._finds(text, self._corpus.header(phrase.document)) for text, phrase in asked]

    def top_titles(self, typed: Sequence[str]) -> list[list[str]]:
        return [
            ["".join(piece["text"] for piece in hit["title"]) for hit in self._node.ask(q=text)["hits"][:TOP]]
            for text in typed
        ]

    def _finds(self, text: str, header: Header) -> bool:
        address = f"/{_address(header)}"
        page = 1
        while True:
            answer = self._node.ask(q=text, site=header.site.id, year=header.year, page=page)
            hits = answer["hits"]
            if any(hit["tier"] >= _PHRASE and hit["url"].endswith(address) for hit in hits):
                return True
            if page * TOP >= answer["total"]:
                return False
            page += 1


def _address(header: Header) -> str:
    return f"{header.path.partition('/')[2]}.html"


class Whoosh:
    """gen's index for servers; asked in the same way as the client."""

    def __init__(self, corpus: Corpus, root: Path) -> None:
        self._corpus = corpus
        self._engine = WhooshEngine(engine_path(root, STATE), load_group(root))

    def close(self) -> None:
        self._engine.close()

    def finds(self, asked: Asked) -> list[bool]:
        return [self._finds(text, self._corpus.header(phrase.document)) for text, phrase in asked]

    def top_titles(self, typed: Sequence[str]) -> list[list[str]]:
        return [
            ["".join(piece.text for piece in hit.title) for hit in self._engine.search(Request(text)).hits]
            for text in typed
        ]

    def _finds(self, text: str, header: Header) -> bool:
        size = self._corpus.documents
        found = self._engine.search(Request(text, site=header.site.id, year=int(header.year), size=size))
        return any(hit.tier >= _PHRASE and hit.path == f"{header.path}.md" for hit in found.hits)


PAGEFIND_ADDRESS = "/pagefind.html"
PAGEFIND_PAGE = '<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>Pagefind</title></html>\n'
_SEARCH = """async ([queries, top]) => {
  if (!window.pagefind) {
    window.pagefind = await import("/pagefind/pagefind.js");
    await window.pagefind.init();
  }
  const answers = [];
  for (const [text, wanted] of queries) {
    const { results } = await window.pagefind.search(text);
    answers.push([results.some(one => one.id === wanted), results.slice(0, top).map(one => one.id)]);
  }
  return answers;
}"""


class Pagefind:
    """Pagefind's own script in a browser. Its results are looked up by their ids in the fragments on disk."""

    def __init__(self, corpus: Corpus, bundle: Path, page: Page) -> None:
        self._page = page
        self._fragments = pagefind.fragments(bundle)
        self._ids = {fragment.url: ident for ident, fragment in self._fragments.items()}
        self._corpus = corpus
        if len(self._fragments) != corpus.documents:
            raise FailureError(
                f"Pagefind has {len(self._fragments)} documents and the corpus {corpus.documents}"
            )

    def finds(self, asked: Asked) -> list[bool]:
        queries = [
            (text, self._ids[pagefind.page_of(self._corpus, phrase.document)]) for text, phrase in asked
        ]
        return [is_found for is_found, _ in self._answers(queries)]

    def top_titles(self, typed: Sequence[str]) -> list[list[str]]:
        answers = self._answers([(text, "") for text in typed])
        return [[self._fragments[ident].title for ident in top] for _, top in answers]

    def _answers(self, queries: Sequence[tuple[str, str]]) -> Iterator[tuple[bool, list[str]]]:
        for start in range(0, len(queries), _BATCH):
            yield from self._page.evaluate(_SEARCH, [queries[start : start + _BATCH], TOP])


@contextmanager
def opened(corpus: Corpus, root: Path, bundle: Path | None) -> Iterator[Mapping[str, Finder]]:
    """All engines by name; without a bundle only gen's."""
    client = Client(corpus, root / "out" / corpus.sites[0].id / "search")
    whoosh = Whoosh(corpus, root)
    try:
        if not bundle:
            yield {"client": client, "whoosh": whoosh}
            return
        folders, pages = {"/pagefind/": bundle}, {PAGEFIND_ADDRESS: PAGEFIND_PAGE}
        with serve(folders, pages) as (address, _), launch() as browser:
            page = browser.new_page()
            page.goto(address + PAGEFIND_ADDRESS)
            yield {"client": client, "whoosh": whoosh, "pagefind": Pagefind(corpus, bundle, page)}
    finally:
        whoosh.close()
        client.close()
