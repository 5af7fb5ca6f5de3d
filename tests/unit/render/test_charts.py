"""Charts of CSV files: what is drawn, and that the table keeps every cell."""

import re

import pytest

from gen.content.front_matter import Chart, ChartKind
from gen.errors import GenError, Issue
from gen.render.charts import MAX_DRAWN, ChartView, make_chart

WHERE = Issue("content/a/data/b.md", 7, "", site="a")


def made(text: str, **keys: object) -> ChartView:
    return make_chart(Chart("b/t.csv", **keys), text.encode(), "题目", WHERE)  # type: ignore[arg-type]


def test_bars_are_shares_of_the_greatest_value() -> None:
    view = made("名称,数量\n甲,10\n乙,5\n丙,0\n")
    assert [(row.label, row.bars[0].width, row.bars[0].text) for row in view.bars] == [
        ("甲", "100.0%", "10"),
        ("乙", "50.0%", "5"),
        ("丙", "0.0%", "0"),
    ]


def test_bars_below_nothing_begin_left_of_it() -> None:
    view = made("名称,增减\n甲,30\n乙,-10\n")
    assert [(row.bars[0].start, row.bars[0].width) for row in view.bars] == [
        ("25.0%", "75.0%"),
        ("0.0%", "25.0%"),
    ]


def test_the_first_column_of_numbers_is_drawn_unless_others_are_named() -> None:
    table = "地区,属地,人口,面积\n甲,城,1,9\n乙,乡,2,8\n"
    assert made(table).series == ("人口",)
    assert made(table, values=("面积", "人口")).series == ("面积", "人口")


def test_the_table_keeps_what_the_drawing_leaves_out() -> None:
    view = made('月份,数量,说明\n1,"1,200",有\n2,,缺测\n3\n')
    assert view.head == ("月份", "数量", "说明")
    assert view.rows == (("1", "1,200", "有"), ("2", "", "缺测"), ("3", "", ""))
    assert view.numeric == (True, True, False)
    assert len(view.bars) == 1


def test_long_tables_are_drawn_in_part_and_shown_whole() -> None:
    view = made("日,数\n" + "".join(f"{n},{n}\n" for n in range(200)))
    assert (len(view.bars), len(view.rows)) == (MAX_DRAWN, 200)


def test_lines_are_one_picture_whose_points_rise_with_their_values() -> None:
    view = made("月,水位\n1,9.1\n2,11\n3,17.8\n", kind=ChartKind.LINES)
    heights = [float(y) for y in re.findall(r'<circle[^>]* cy="([\d.]+)"', view.lines)]
    assert heights == sorted(heights, reverse=True)
    assert len(set(heights)) == 3
    assert not view.bars


@pytest.mark.parametrize(
    "values", ["5,5,5", "0,0,0", "-3,-1,-2", "0.001,0.002,0.003", "1e9,2,3", "99999999,1,2"]
)
def test_any_numbers_can_be_drawn(values: str) -> None:
    table = "月,数\n" + "".join(f"{n},{value}\n" for n, value in enumerate(values.split(",")))
    assert "nan" not in made(table, kind=ChartKind.LINES, values=("数",)).lines
    assert made(table, values=("数",)).bars


def test_names_in_drawings_are_escaped() -> None:
    view = made("月,数\n<b>&,1\n", kind=ChartKind.LINES)
    assert "<b>" not in view.lines


def test_nothing_is_drawn_where_none_is_wanted() -> None:
    view = made("事项,情况\n甲,好\n", kind=ChartKind.NONE)
    assert (view.bars, view.lines, view.rows) == ((), "", (("甲", "好"),))


@pytest.mark.parametrize(
    ("text", "keys", "code"),
    [
        ("只有一行\n", {}, "chart.file"),
        ("a,b\n" + "1,2\n" * 500, {}, "chart.file"),
        ("名,数\n甲,1\n", {"label": "没有"}, "chart.column"),
        ("名,数\n甲,多\n", {}, "chart.numbers"),
        ("名,数\n甲,nan\n", {"values": ("数",)}, "chart.numbers"),
    ],
)
def test_what_cannot_be_drawn_is_told_at_the_documents_line(
    text: str, keys: dict[str, object], code: str
) -> None:
    with pytest.raises(GenError) as caught:
        made(text, **keys)
    (issue,) = caught.value.issues
    assert (issue.path, issue.line, issue.code, issue.site) == (WHERE.path, 7, code, "a")
