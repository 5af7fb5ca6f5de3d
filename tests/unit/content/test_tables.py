"""Tables that phones can show."""

from gen.content.markdown import convert
from gen.content.tables import readable

PLAIN = "<table><thead><tr><th>名称</th><th>数</th></tr></thead><tbody><tr><td>甲</td><td>1</td></tr></tbody></table>"


def test_cells_bear_the_heading_of_their_column() -> None:
    assert readable(PLAIN) == (
        '<table class="rows"><thead><tr><th>名称</th><th>数</th></tr></thead>'
        '<tbody><tr><td data-label="名称">甲</td><td data-label="数">1</td></tr></tbody></table>'
    )


def test_markup_in_headings_stays_out_of_labels() -> None:
    made = "".join(map(str, convert("| **名** `a` | 数 |\n|---|---|\n| 甲 | 1 |\n", 1).body.parts))
    assert 'data-label="名 a"' in made


def test_tables_of_another_build_scroll_by_themselves() -> None:
    for table in (
        PLAIN.replace("<td>1", '<td colspan="2">1'),
        PLAIN.replace("<table>", '<table class="wide">'),
        "<table><tbody><tr><td>无表头</td></tr></tbody></table>",
        "<table><thead><tr>" + "<th>列</th>" * 12 + "</tr></thead><tbody></tbody></table>",
    ):
        assert readable(f"<p>前</p>{table}") == (
            f'<p>前</p><div class="scroll" role="region" aria-label="table" tabindex="0">{table}</div>'
        )


def test_rows_with_too_many_cells_are_shown_without_labels() -> None:
    assert '<td data-label="">3' in readable(
        PLAIN.replace("</td></tr></tbody>", "</td><td>3</td></tr></tbody>")
    )
