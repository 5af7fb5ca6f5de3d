"""A page's address as a QR code (ISO/IEC 18004), for paper.

It is drawn into the page as one path: about 0.4 KB compressed, where a file of its own would double the number of
files. Level L suffices for clean print; one fixed mask costs a fifth of trying all eight, and any reader takes any.
"""

import segno
from markupsafe import Markup, escape

QUIET = 4
"""Modules of white that a reader needs around the code."""
_MASK = 2


def qr_code(url: str, label: str) -> Markup:
    """The code as SVG, black on white whatever the page's colours; `label` names it for those who can't see it.

    Empty for an address of more than 2,953 bytes, which no code can hold.
    """
    try:
        code = segno.make(url, error="L", micro=False, boost_error=False, mask=_MASK)
    except segno.DataOverflowError:
        return Markup("")
    size = len(code.matrix) + 2 * QUIET
    named = f'role="img" aria-label="{escape(label)}"' if label else 'aria-hidden="true"'
    return Markup(
        f'<svg class="g-qr" viewBox="0 0 {size} {size}" width="{4 * size}" height="{4 * size}" {named}>'
        f'<path fill="#fff" d="M0 0h{size}v{size}H0z"/>'
        f'<path stroke="#000" shape-rendering="crispEdges" d="{_strokes(code.matrix)}"/></svg>'
    )


def _strokes(matrix: tuple[bytearray, ...]) -> str:
    """The dark modules as horizontal strokes, each begun from where the last one ended."""
    drawn, at_x, at_y = [f"M{QUIET} {QUIET}.5"], 0, 0
    for y, row in enumerate(matrix):
        x = 0
        while x < len(row):
            start = x
            while x < len(row) and row[x]:
                x += 1
            if x > start:
                if (start, y) != (at_x, at_y):
                    drawn.append(f"m{start - at_x} {y - at_y}")
                drawn.append(f"h{x - start}")
                at_x, at_y = x, y
            x += 1
    return "".join(drawn)
