"""What single further queries load: phrases as they stand, and such as nothing has as a whole."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.documents import Corpus
from benchmarks.search.browser import SESSION_FILES, kind_of
from benchmarks.search.engines import Node
from benchmarks.search.phrases import phrases, run_together, with_a_slip
from benchmarks.search.server import Files


@dataclass(frozen=True)
class Loaded:
    """One query of somebody who has searched before and has nothing but what every query needs."""

    phrase: str
    bytes: int
    files: int
    is_whole: bool
    """Whether what was found has all of the query."""


def measure_single(corpus: Corpus, search: Path, count: int) -> Mapping[str, list[Loaded]]:
    """So many queries of each sort on the index in `search`."""
    sorts = {
        "phrases": [phrase.text for phrase in phrases(corpus, count)],
        "with a slip": with_a_slip(corpus, count),
        "words run together": run_together(corpus, count),
    }
    node = Node(search)
    try:
        return {sort: loaded(node, search, typed) for sort, typed in sorts.items()}
    finally:
        node.close()


def loaded(node: Node, search: Path, typed: Sequence[str]) -> list[Loaded]:
    """What each query loads, compressed as on the way."""
    files = Files({"/search/": search}, {})
    found = []
    for text in typed:
        answer = node.ask(q=text, anew=True)
        names = [f"/search/{name}.js" for name in answer["fetched"]]
        bodies = [files.body(name) for name in names if kind_of(name) not in SESSION_FILES]
        sizes = [len(body[0]) for body in bodies if body]
        is_whole = bool(answer["total"]) and not answer["scattered"]
        found.append(Loaded(text, sum(sizes), len(sizes), is_whole))
    return found
