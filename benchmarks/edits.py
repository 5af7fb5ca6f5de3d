"""The rows of the benchmark: what is done to both trees before a build, and what the build must then show.

Every repetition makes a new variant, so that no build ever meets bytes that it has seen before.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from benchmarks.corpus import write_document
from benchmarks.documents import Corpus, Document
from benchmarks.measure import FailureError

BUILD_DATE = "2026-11-24"
NEW_DAY = "2026-11-23"  # after every date of the corpus, before the build date
MANY = 100
_TEMPLATES = {"gen": "themes/civic/templates", "hugo": "hugo/layouts"}
_STRIDE = 7919  # a prime: walks through the documents without meeting the same one soon
_EDITION = re.compile(r'(?:<p class="edition">[^<]*</p>\s*)?</body>')


@dataclass(frozen=True)
class Sight:
    """A text that must be seen in a page, and if `listed` also in the column's lists."""

    document: Document
    text: str
    listed: bool = False


@dataclass(frozen=True)
class Bench:
    """A corpus on disk, for the generators named: gen's tree is in `folder`, Hugo's in `folder/hugo`."""

    corpus: Corpus
    folder: Path
    tools: frozenset[str]

    @property
    def hugo(self) -> bool:
        return "hugo" in self.tools

    def write(self, document: Document) -> None:
        write_document(document, self.folder, hugo=self.hugo)

    def some_document(self, row: int, turn: int) -> Document:
        return self.corpus.document(_STRIDE * (turn * len(ROWS) + row + 1) % self.corpus.documents)


def _body(bench: Bench, turn: int) -> Iterator[Sight]:
    yield _add_paragraph(bench, bench.some_document(1, turn), f"补充说明甲{turn}号")


def _title(bench: Bench, turn: int) -> Iterator[Sight]:
    document = bench.some_document(2, turn)
    text = f"（第{turn}次修订）"
    bench.write(document.with_title(document.header.title + text))
    yield Sight(document, text, listed=True)


def _new(bench: Bench, turn: int) -> Iterator[Sight]:
    text = f"新增文档{turn}号"
    document = bench.corpus.document(bench.corpus.documents + turn).with_day(NEW_DAY).with_title(text)
    bench.write(document)
    yield Sight(document, text, listed=True)


def _many(bench: Bench, turn: int) -> Iterator[Sight]:
    count = min(MANY, bench.corpus.documents)
    step = bench.corpus.documents // count
    for place in range(count):
        document = bench.corpus.document((place * step + turn) % bench.corpus.documents)
        yield _add_paragraph(bench, document, f"补充说明乙{turn}号")


def _template(bench: Bench, turn: int) -> Iterator[Sight]:
    text = f"模板第{turn}版"
    for tool in bench.tools:
        _edit_templates(bench.folder / _TEMPLATES[tool], text)
    for number in range(min(len(bench.corpus.sites), bench.corpus.documents)):
        yield Sight(bench.corpus.document(number), text)


def _nothing(_bench: Bench, _turn: int) -> Iterator[Sight]:
    return iter(())


# In the order of a repetition. "cold" is the runner's: it takes the outputs away and looks at every page.
ROWS: Mapping[str, Callable[[Bench, int], Iterator[Sight]]] = {
    "cold": _nothing,
    "nothing changed": _nothing,
    "body edit": _body,
    "title edit": _title,
    "new document": _new,
    "100 documents": _many,
    "template edit": _template,
}


def _add_paragraph(bench: Bench, document: Document, text: str) -> Sight:
    bench.write(document.with_paragraph(text))
    return Sight(document, text)


def _edit_templates(folder: Path, text: str) -> None:
    """Puts a line before the `</body>` of every template below a folder that has one."""
    edited = False
    for template in sorted(folder.rglob("*.html")):
        before = template.read_text(encoding="utf-8")
        after = _EDITION.sub(f'<p class="edition">{text}</p></body>', before)
        if after != before:
            template.write_text(after, encoding="utf-8")
            edited = True
    if not edited:
        message = f"no template below {folder} has a </body>: the template edit cannot be made"
        raise FailureError(message)


def check_sights(sights: tuple[Sight, ...], output: Path) -> None:
    for sight in sights:
        page = output / f"{sight.document.header.path}.html"
        if not page.is_file() or sight.text not in page.read_text(encoding="utf-8"):
            message = f"{page} does not show “{sight.text}”"
            raise FailureError(message)
        if sight.listed and not any(sight.text in text for text in _lists(sight.document, output)):
            message = f"no list of {page.parent.parent} shows “{sight.text}”"
            raise FailureError(message)


def _lists(document: Document, output: Path) -> Iterator[str]:
    """The list pages of a document's column: those that are not in a year's folder."""
    column = output / document.header.site.id / document.header.column.path
    for page in column.rglob("*.html"):
        if not re.fullmatch(r"\d{4}", page.relative_to(column).parts[0]):
            yield page.read_text(encoding="utf-8")


def check_all_pages(bench: Bench, output: Path) -> None:
    """Every document of the corpus has its page, and the first of each site shows its title."""
    for number in range(bench.corpus.documents):
        page = output / f"{bench.corpus.header(number).path}.html"
        if not page.is_file():
            message = f"{page} was not made"
            raise FailureError(message)
    first = range(min(len(bench.corpus.sites), bench.corpus.documents))
    documents = [bench.corpus.document(number) for number in first]
    check_sights(tuple(Sight(document, document.header.title) for document in documents), output)
