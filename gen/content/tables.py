"""Tables of a text, made readable on phones: a cell bears the heading of its column, or the table can be scrolled.

Works on sanitised HTML, where every table is whole and attributes are in double quotes.
"""

import re

_TABLE = re.compile(r"<table(?:\s[^>]*)?>.*?</table>", re.DOTALL)
_HEAD = re.compile(r"<thead>\s*<tr>(.*?)</tr>\s*</thead>", re.DOTALL)
_BODY = re.compile(r"<tbody>.*?</tbody>", re.DOTALL)
_ROW = re.compile(r"(<tr>)(.*?)(</tr>)", re.DOTALL)
_HEADING = re.compile(r"<th\b[^>]*>(.*?)</th>", re.DOTALL)
_CELL = re.compile(r"<td\b")
_TAG = re.compile(r"<[^>]*>")
_MAX_COLUMNS = 8
LABEL = "table"
"""What a part that scrolls is called until the page's language is known."""


def readable(html: str) -> str:
    """The text with its tables labelled, or in a part that scrolls by itself."""
    return _TABLE.sub(_table, html) if "<table" in html else html


def _table(match: re.Match[str]) -> str:
    table = match[0]
    head = _HEAD.search(table)
    labels = [_TAG.sub("", cell).strip() for cell in _HEADING.findall(head[1])] if head else []
    is_plain = 1 < len(labels) <= _MAX_COLUMNS and table.count("<table") == 1
    if not is_plain or re.search(r"\b(?:col|row)span=", table) or table.startswith('<table class="wide"'):
        return f'<div class="scroll" role="region" aria-label="{LABEL}" tabindex="0">{table}</div>'

    def row(found: re.Match[str]) -> str:
        left = iter(labels)
        return found[1] + _CELL.sub(lambda _: f'<td data-label="{next(left, "")}"', found[2]) + found[3]

    labelled = _BODY.sub(lambda body: _ROW.sub(row, body[0]), table)
    return labelled.replace("<table", '<table class="rows"', 1)
