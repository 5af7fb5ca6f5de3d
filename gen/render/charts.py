"""Tables of documents' CSV files, and what a page draws of them.

Bars are given as shares of the width, so that their names stay text that wraps on a phone; lines become one SVG.
Colours and sizes are the theme's: everything drawn bears a class and no style.
"""

import csv
import io
import re
from pathlib import Path

import msgspec
from markupsafe import Markup, escape

from gen.catalogue.queries import File
from gen.catalogue.values import Full
from gen.content.document import resolve
from gen.content.front_matter import Chart, ChartKind
from gen.errors import GenError, Issue
from gen.files import read_below
from gen.plan.dependencies import Recorder

MAX_ROWS = 400
MAX_COLUMNS = 30
MAX_DRAWN = 60
MAX_SERIES = 4
_WIDTH, _HEIGHT, _LEFT, _BOTTOM, _TOP = 640, 300, 8, 34, 12
_TICKS = 6
_NUMBER = re.compile(r"[+-]?\d{1,15}(\.\d{1,9})?")


class Bar(msgspec.Struct, frozen=True):
    """One value: the number of its series, its text, and where it lies, in per cent of the width."""

    series: int
    text: str
    start: str
    width: str


class Bars(msgspec.Struct, frozen=True):
    label: str
    bars: tuple[Bar, ...]


class ChartView(msgspec.Struct, frozen=True):
    """`bars` or `lines` is what is drawn, if anything; `head` and `rows` are the whole table."""

    title: str
    unit: str
    series: tuple[str, ...]
    bars: tuple[Bars, ...]
    lines: Markup
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: tuple[bool, ...]
    """Of each column: whether it holds numbers."""


def chart_of(root: Path, full: Full, recorder: Recorder) -> ChartView | None:
    """What a document's page shows of its CSV file, if it has one. Raises GenError if that can't be drawn."""
    chart, document = full.matter.chart, full.document
    path = resolve(document.path, chart.file) if chart else None
    if chart is None or path is None or recorder.ask(File(path)) is None:
        return None
    where = Issue(f"content/{document.path}", document.line("chart"), "", site=document.site)
    return make_chart(chart, read_below(root / "content", path), full.card.title, where)


def make_chart(chart: Chart, data: bytes, title: str, where: Issue) -> ChartView:
    """The chart of a CSV file's bytes. Raises GenError at `where`."""
    head, rows = _read(data, chart.file, where)
    columns = list(zip(*rows, strict=True))
    numeric = tuple(any(cells) and all(_number(c) is not None for c in cells if c) for cells in columns)
    if chart.kind is ChartKind.NONE:
        return ChartView(chart.title or title, chart.unit, (), (), Markup(), head, rows, numeric)
    names = _column(head, chart.label, where) if chart.label else 0
    found = [n for n, is_number in enumerate(numeric) if is_number and n != names]
    drawn = [_column(head, name, where) for name in chart.values] or found[:1]
    points = [row for row in rows if any(_number(row[n]) is not None for n in drawn)][:MAX_DRAWN]
    if not points:
        raise GenError(msgspec.structs.replace(where, code="chart.numbers"))
    drawn = drawn[:MAX_SERIES]
    series = tuple(head[n] for n in drawn)
    is_lines = chart.kind is ChartKind.LINES
    return ChartView(
        title=chart.title or title,
        unit=chart.unit,
        series=series,
        bars=() if is_lines else _bars(points, names, drawn),
        lines=_lines(points, names, drawn) if is_lines else Markup(),
        head=head,
        rows=rows,
        numeric=numeric,
    )


def _read(data: bytes, file: str, where: Issue) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """The first line and the others, all of its length."""
    try:
        lines = [row for row in csv.reader(io.StringIO(data.decode("utf-8-sig")), strict=True) if any(row)]
    except (UnicodeDecodeError, csv.Error):
        lines = []
    if not 2 <= len(lines) <= MAX_ROWS or len(lines[0]) > MAX_COLUMNS:
        params = {"file": file, "rows": str(MAX_ROWS)}
        raise GenError(msgspec.structs.replace(where, code="chart.file", params=params))
    head = tuple(cell.strip() for cell in lines[0])
    size = len(head)
    return head, tuple(tuple(cell.strip() for cell in (*row, *[""] * size)[:size]) for row in lines[1:])


def _column(head: tuple[str, ...], name: str, where: Issue) -> int:
    if name not in head:
        params = {"column": name, "known": "、".join(head)}
        raise GenError(msgspec.structs.replace(where, code="chart.column", params=params))
    return head.index(name)


def _number(cell: str) -> float | None:
    """A cell's number; None if it holds none. Neither "nan" nor "inf" is one."""
    text = cell.replace(",", "").removesuffix("%")
    return float(text) if _NUMBER.fullmatch(text) else None


def _range(points: list[tuple[str, ...]], drawn: list[int]) -> tuple[float, float]:
    """From the least to the greatest value, 0 included."""
    values = [number for row in points for n in drawn if (number := _number(row[n])) is not None]
    least, most = min(0.0, *values, 0.0), max(0.0, *values, 0.0)
    return least, most if most > least else least + 1


def _bars(points: list[tuple[str, ...]], names: int, drawn: list[int]) -> tuple[Bars, ...]:
    least, most = _range(points, drawn)
    reach = most - least

    def bar(series: int, text: str) -> Bar:
        number = _number(text) or 0.0
        start = (min(number, 0.0) - least) / reach
        return Bar(series, text, f"{100 * start:.1f}%", f"{100 * abs(number) / reach:.1f}%")

    return tuple(
        Bars(row[names], tuple(bar(series, row[n]) for series, n in enumerate(drawn) if row[n]))
        for row in points
    )


def _lines(points: list[tuple[str, ...]], names: int, drawn: list[int]) -> Markup:
    """Lines over an axis. The scale begins at 0 unless the values lie close together far from it."""
    values = [number for row in points for n in drawn if (number := _number(row[n])) is not None]
    least, most = min(values), max(values)
    if least > 0 and most - least > least / 2:
        least = 0.0
    step = _step((most - least) or 1.0)
    low = step * (least // step)
    ticks = [low + step * n for n in range(int((most - low) / step + 0.999) + 1)]
    high = ticks[-1] if len(ticks) > 1 else low + step
    left = _LEFT + 9 * max(len(f"{tick:g}") for tick in ticks)

    def x(at: int) -> float:
        return left + 14 + (_WIDTH - left - 34) * (at / max(1, len(points) - 1))

    def y(value: float) -> float:
        return _HEIGHT - _BOTTOM - (value - low) / (high - low) * (_HEIGHT - _BOTTOM - _TOP)

    out = [f'<svg class="plot" viewBox="0 0 {_WIDTH} {_HEIGHT}" aria-hidden="true">']
    for tick in ticks:
        out.append(f'<path class="grid" d="M{left} {y(tick):.1f}H{_WIDTH}"/>')
        out.append(f'<text class="y" x="{left - 6}" y="{y(tick) + 4:.1f}">{tick:g}</text>')
    every = -(-len(points) // _TICKS)
    for at, row in enumerate(points):
        if at % every == 0:
            out.append(f'<text class="x" x="{x(at):.1f}" y="{_HEIGHT - 8}">{escape(row[names])}</text>')
    for series, n in enumerate(drawn):
        spots = [(x(i), y(v)) for i, row in enumerate(points) if (v := _number(row[n])) is not None]
        way = "L".join(f"{px:.1f} {py:.1f}" for px, py in spots)
        out.append(f'<path class="line s{series}" d="M{way}"/>')
        out += [f'<circle class="s{series}" cx="{px:.1f}" cy="{py:.1f}" r="3.5"/>' for px, py in spots]
    return Markup("".join(out) + "</svg>")


def _step(reach: float) -> float:
    """A round distance of lines, for about five of them."""
    power = 10.0 ** (len(f"{int(reach)}") - 1) if reach >= 1 else 0.1
    return next(
        (power * part for part in (0.1, 0.2, 0.5, 1, 2, 5) if reach / (power * part) <= _TICKS), power * 5
    )
