"""A page's address as a QR code (ISO/IEC 18004), for paper.

It is drawn into the page as one path: about 0.4 KB compressed, where a file of its own would double the number of
files. Level L suffices for clean print; one fixed mask costs a fifth of trying all eight, and any reader takes any.

Every document page has a code, so the versions that addresses need are encoded here with tables made once, in a tenth
of the time that the general library takes; longer addresses, and the patterns that no address changes, are its.
"""

import re
from functools import cache

from markupsafe import Markup, escape

MOST = 2_953
"""Bytes that the largest code of level L can hold."""
QUIET = 4
"""Modules of white that a reader needs around the code."""
_MASK = 2
_BLOCKS = ((19, 7, 1), (34, 10, 1), (55, 15, 1), (80, 20, 1), (108, 26, 1), (68, 18, 2), (78, 20, 2), (97, 24, 2), (116, 30, 2))  # fmt: skip
"""Level L of versions 1 to 9: bytes of data and of correction in a block, and blocks."""
_CENTRES = ((), (6, 18), (6, 22), (6, 26), (6, 30), (6, 34), (6, 22, 38), (6, 24, 42), (6, 26, 46))
"""Of the alignment patterns of those versions."""
_PADDING = b"\xec\x11" * 116
_RUNS = re.compile(b"\0+|\x01+")
_SIDE = 177
"""Modules of the largest code there is."""
_DRAWN = {bytes(length): f"m{length} 0" for length in range(1, _SIDE)} | {
    b"\x01" * length: f"h{length}" for length in range(1, _SIDE)
}
"""How a run of modules is passed or drawn."""


def qr_code(url: str, label: str) -> Markup:
    """The code as SVG, black on white whatever the page's colours; `label` names it for those who can't see it.

    Empty for an address of more than MOST bytes.
    """
    data = url.encode()
    if len(data) > MOST:
        return Markup("")
    rows = matrix(data)
    size = len(rows) + 2 * QUIET
    named = f'role="img" aria-label="{escape(label)}"' if label else 'aria-hidden="true"'
    return Markup(
        f'<svg class="g-qr" viewBox="0 0 {size} {size}" width="{4 * size}" height="{4 * size}" {named}>'
        f'<path fill="#fff" d="M0 0h{size}v{size}H0z"/>'
        f'<path stroke="#000" shape-rendering="crispEdges" d="{_strokes(rows)}"/></svg>'
    )


def matrix(data: bytes) -> list[bytes]:
    """The rows of the smallest code of these bytes, a byte for each module: 1 is dark."""
    for version, (room, _, blocks) in enumerate(_BLOCKS, 1):
        if len(data) + 2 <= room * blocks:
            cells, way = _ground(version)
            cells = cells[:]
            for at, bit in zip(way, _bits(data, version), strict=False):
                cells[at] ^= bit
            size = 17 + 4 * version
            return [bytes(cells[at : at + size]) for at in range(0, size * size, size)]
    return [bytes(row) for row in _library(data, None)]


def _library(data: bytes, version: int | None) -> tuple[bytearray, ...]:
    import segno

    code = segno.make(
        data, error="L", mode="byte", version=version, micro=False, boost_error=False, mask=_MASK
    )
    return tuple(code.matrix)


def _bits(data: bytes, version: int) -> bytes:
    """The data with their correction as they are drawn, a byte for each bit."""
    room, correction, count = _BLOCKS[version - 1]
    length = len(data)
    whole = (4 << 8 | length) << 8 * length + 4 | int.from_bytes(data, "big") << 4  # mode, length, data, end
    words = (whole.to_bytes(length + 2, "big") + _PADDING)[: room * count]
    blocks = [words[n * room : (n + 1) * room] for n in range(count)]
    drawn = bytearray((room + correction) * count)
    for n, block in enumerate(blocks):
        drawn[n : room * count : count] = block
        drawn[room * count + n :: count] = _correction(block, correction)
    return bytes(f"{int.from_bytes(drawn, 'big'):0{8 * len(drawn)}b}", "ascii").translate(_BIT)


_BIT = bytes.maketrans(b"01", b"\0\1")


def _correction(block: bytes, size: int) -> bytes:
    """The remainder of the block, as Reed and Solomon have it."""
    table, rest = _multiples(size), 0
    top, keep = 8 * (size - 1), (1 << 8 * (size - 1)) - 1
    for byte in block:
        rest = (rest & keep) << 8 ^ table[rest >> top ^ byte]
    return rest.to_bytes(size, "big")


@cache
def _multiples(size: int) -> tuple[int, ...]:
    """The generator polynomial of this many correction bytes, times each byte."""
    powers = [1]
    for _ in range(254):
        powers.append(powers[-1] << 1 ^ (0x11D if powers[-1] & 0x80 else 0))
    logs = {value: n for n, value in enumerate(powers)}

    def times(a: int, b: int) -> int:
        return powers[(logs[a] + logs[b]) % 255] if a and b else 0

    generator = [1]
    for n in range(size):
        longer = [*generator, 0]
        for at, factor in enumerate(generator):
            longer[at + 1] ^= times(factor, powers[n])
        generator = longer
    return tuple(
        int.from_bytes(bytes(times(byte, factor) for factor in generator[1:]), "big") for byte in range(256)
    )


@cache
def _ground(version: int) -> tuple[bytearray, tuple[int, ...]]:
    """The code of a version without its data but masked, row by row; and where the bits of data go, in order."""
    size = 17 + 4 * version
    fixed = _fixed(version, size)
    way = []
    for turn, right in enumerate(range(size - 1, 0, -2)):
        first = right if right > 6 else right - 1  # the column of the timing pattern is skipped
        rows = range(size) if turn % 2 else range(size - 1, -1, -1)
        way += [row * size + at for row in rows for at in (first, first - 1) if row * size + at not in fixed]
    cells = bytearray(b"".join(_library(b"", version)))
    for at in way:
        cells[at] = at % size % 3 == 0
    return cells, tuple(way)


def _fixed(version: int, size: int) -> set[int]:
    """The modules of finders, timing, alignment, format and version."""
    areas = [(0, 0, 9, 9), (0, size - 8, 9, 8), (size - 8, 0, 8, 9), (6, 0, 1, size), (0, 6, size, 1)]
    centres = _CENTRES[version - 1]
    corners = {(6, 6), (6, size - 7), (size - 7, 6)}
    areas += [(y - 2, x - 2, 5, 5) for y in centres for x in centres if (y, x) not in corners]
    if version > 6:
        areas += [(0, size - 11, 6, 3), (size - 11, 0, 3, 6)]
    return {
        row * size + at
        for top, left, height, width in areas
        for row in range(top, top + height)
        for at in range(left, left + width)
    }


def _strokes(rows: list[bytes]) -> str:
    """The dark modules as horizontal strokes, each begun from where the last one ended."""
    drawn, at_x, at_y = [f"M{QUIET} {QUIET}.5"], 0, 0
    for y, row in enumerate(rows):
        dark = row.strip(b"\0")
        if dark:
            start = row.index(1)
            if (start, y) != (at_x, at_y):
                drawn.append(f"m{start - at_x} {y - at_y}")
            drawn += map(_DRAWN.__getitem__, _RUNS.findall(dark))
            at_x, at_y = start + len(dark), y
    return "".join(drawn)
