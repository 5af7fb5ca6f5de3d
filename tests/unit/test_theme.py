"""A theme's options and where its templates lie."""

import pytest

from gen.theme import Theme
from gen.theme_options import Option, OptionType, option_value

THEME = Theme(
    "own",
    ("own", "base"),
    {},
    dict.fromkeys(("a.html", "own/a.html", "base/a.html", "b.html", "base/b.html"), ""),
    {},
)


@pytest.mark.parametrize(
    ("kind", "given", "value"),
    [("colour", "#0B5394", "#0B5394"), ("number", "7", 7), ("number", "0.5", 0.5), ("flag", "是", True), ("flag", None, False),
     ("list", "a", ("a",)), ("list", None, ()), ("text", None, ""), ("file", "_files/a.svg", "_files/a.svg"), ("choice", "b", "b")],
)  # fmt: skip
def test_an_option_is_typed(kind: str, given: object, value: object) -> None:
    assert option_value(Option(OptionType(kind), choices=("a", "b")), given) == value


@pytest.mark.parametrize(
    ("kind", "given"),
    [("colour", "red"), ("colour", "#fff"), ("number", "x"), ("number", "nan."), ("flag", "maybe"), ("file", "../x"), ("file", "_files/../x"),
     ("file", "/etc/passwd"), ("choice", "c"), ("text", ("a",)), ("text", {"a": "b"})],
)  # fmt: skip
def test_a_value_of_another_type_is_refused(kind: str, given: object) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the caller tells it
        option_value(Option(OptionType(kind), choices=("a", "b")), given)


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("a.html", "own/templates/a.html"),
        ("b.html", "base/templates/b.html"),
        ("base/a.html", "base/templates/a.html"),
    ],
)
def test_a_template_is_named_by_the_file_it_lies_in(name: str, file: str) -> None:
    assert THEME.file_of(name) == f"themes/{file}"
