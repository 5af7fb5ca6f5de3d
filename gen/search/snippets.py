"""Marks what was looked for in titles and texts, whatever width, script or brackets it is written with there."""

from collections.abc import Iterable, Sequence

from gen.search import analysis
from gen.search.analysis import BREAK, Query
from gen.search.results import SNIPPET_LENGTH, Piece

MAX_TEXT = 20_000
"""Characters of a text that are looked through."""
_LEAD = 30
"""How much goes before the first hit of a snippet."""
_ENDS = "。！？!?\n；;"


class _Folded:
    """A folded text that knows where each of its characters comes from."""

    def __init__(self, text: str) -> None:
        chars: list[str] = []
        self.places: list[int] = []
        for place, char in enumerate(text):
            for folded in analysis.fold(char):
                chars.append(folded)
                self.places.append(place)
        self.text = "".join(chars)

    def spans(self, needle: str) -> list[tuple[int, int]]:
        """Where the original text has `needle`, as (start, end)."""
        found = []
        start = self.text.find(needle)
        while start >= 0:
            end = start + len(needle)
            found.append((self.places[start], self.places[end - 1] + 1))
            start = self.text.find(needle, end)
        return found


def hits(text: str, query: Query) -> list[tuple[int, int]]:
    """What to mark in `text`: the whole query where it stands together, else its words, else its pairs of characters."""
    folded = _Folded(text[:MAX_TEXT])
    for needles in _needles(query):
        found = [span for needle in needles for span in folded.spans(needle)]
        if found:
            return _merged(found)
    return []


def _needles(query: Query) -> Iterable[Sequence[str]]:
    squeezed = analysis.runs("".join(query.words))
    yield ["".join(squeezed)] if len(squeezed) == 1 else squeezed
    words = [run for word in query.words for run in analysis.runs(word)]
    yield [run for run in words if len(run) > 1] or words
    yield query.pairs


def mark(text: str, query: Query) -> tuple[Piece, ...]:
    """`text` in pieces, hits told apart."""
    return _pieces(text, hits(text, query))


def snippet(text: str, query: Query, otherwise: str = "") -> tuple[Piece, ...]:
    """The part of `text` with the most hits near each other; the beginning of `otherwise`, or of the text, without any."""
    found = hits(text, query)
    if not found:
        plain = (otherwise or text).replace(BREAK, " ")
        return (
            (Piece(plain[:SNIPPET_LENGTH] + ("…" if len(plain) > SNIPPET_LENGTH else "")),) if plain else ()
        )
    best = max(found, key=lambda span: (_within(found, span[0]), -span[0]))
    start = _beginning(text, best[0])
    end = min(len(text), start + SNIPPET_LENGTH)
    inside = [(low - start, high - start) for low, high in found if low >= start and high <= end]
    pieces = list(_pieces(text[start:end].replace(BREAK, " "), inside))
    if start:
        pieces.insert(0, Piece("…"))
    if end < len(text):
        pieces.append(Piece("…"))
    return tuple(pieces)


def _within(found: Sequence[tuple[int, int]], start: int) -> int:
    """How much is hit in the stretch that begins a little before `start`."""
    return sum(high - low for low, high in found if start <= low and high <= start + SNIPPET_LENGTH - _LEAD)


def _beginning(text: str, hit: int) -> int:
    """Where to begin: behind the last sentence's end before the hit, if that is near."""
    earliest = max(0, hit - _LEAD)
    end = max(text.rfind(mark, earliest, hit) for mark in _ENDS)
    return end + 1 if end >= 0 else earliest


def _merged(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Spans in order, those that touch as one."""
    merged: list[tuple[int, int]] = []
    for low, high in sorted(spans):
        if merged and low <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(high, merged[-1][1]))
        else:
            merged.append((low, high))
    return merged


def _pieces(text: str, found: Iterable[tuple[int, int]]) -> tuple[Piece, ...]:
    pieces: list[Piece] = []
    done = 0
    for low, high in found:
        if low > done:
            pieces.append(Piece(text[done:low]))
        pieces.append(Piece(text[low:high], hit=True))
        done = high
    if done < len(text):
        pieces.append(Piece(text[done:]))
    return tuple(pieces)
