"""`gen theme check`: each thing that a theme can lack is told, with its place; themes that lack nothing are told nothing."""

from pathlib import Path

import pytest

from gen import report
from gen.authoring.init import init
from gen.errors import Issue
from gen.theme_check import check_theme

SOUND = {"theme.yaml": "name: trial\nextends: civic\n"}
MAIN = "{% block main %}<h1>x</h1>{% endblock %}"


def check(root: Path, files: dict[str, str]) -> list[Issue]:
    group = root / "group"
    init(group, "x")
    for name, text in {**SOUND, **files}.items():
        path = group / "themes/trial" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return check_theme(group, "trial")


def of(root: Path, files: dict[str, str]) -> list[tuple[str, str, int]]:
    """What is told beyond what the theme that it extends is told."""
    return [(issue.code, issue.path, issue.line) for issue in check(root, files) if "/trial/" in issue.path]


def test_a_theme_that_extends_a_sound_one_lacks_nothing(tmp_path: Path) -> None:
    assert [issue for issue in check(tmp_path, {}) if issue.is_error] == []


@pytest.mark.parametrize(
    ("code", "name", "source", "line"),
    [
        ("look.inline", "templates/home.html", '{% extends "base.html" %}\n{% block main %}<h1 style="color:red">x</h1>{% endblock %}', 2),
        ("look.inline", "templates/x.html", "<p>\n<script>1</script>", 2),
        ("look.inline", "templates/x.html", '<button onclick="go()">', 1),
        ("look.foreign", "templates/x.html", '<img src="https://elsewhere.test/a.png">', 1),
        ("look.foreign", "assets/x.css", "p {}\n@import 'a.css';", 2),
        ("look.text", "templates/x.html", '{{ t("nowhere") }}', 1),
        ("look.default", "theme.yaml", "name: trial\nextends: civic\noptions:\n  a: {type: number, default: x, description: d}\n", 4),
        ("look.description", "theme.yaml", "name: trial\nextends: civic\noptions:\n  a: {type: text}\n", 4),
        ("look.contrast", "theme.yaml", "name: trial\nextends: civic\noptions:\n  a: {type: colour, default: '#000000', description: d}\n", 4),
    ],
)  # fmt: skip
def test_what_a_file_lacks_is_told_with_its_line(
    tmp_path: Path, code: str, name: str, source: str, line: int
) -> None:
    assert (code, f"themes/trial/{name}", line) in of(tmp_path, {name: source})


BARE = "<!DOCTYPE html><html><head></head><body><p>x</p></body></html>"


def test_what_a_page_lacks_is_told(tmp_path: Path) -> None:
    found = {
        code for code, path, _ in of(tmp_path, {"templates/home.html": BARE}) if path.endswith("/home.html")
    }
    assert found == {"look.language", "look.title", "look.landmark", "look.skip", "look.head", "look.label"}


def test_a_heavy_page_is_told(tmp_path: Path) -> None:
    words = "".join(f"{n * n * 7919 % 65_521:x}" for n in range(20_000))
    home = f'{{% extends "base.html" %}}{{% block main %}}<h1>x</h1><p>{words}</p>{{% endblock %}}'
    assert "look.weight" in {code for code, *_ in of(tmp_path, {"templates/home.html": home})}


def test_missing_templates_are_told(tmp_path: Path) -> None:
    found = of(tmp_path, {"theme.yaml": "name: trial\n", "templates/home.html": BARE})
    assert ("look.template", "themes/trial/templates/document.html", 0) in found
    assert len([one for one in found if one[0] == "look.template"]) == 11


def test_it_is_told_in_both_languages(tmp_path: Path) -> None:
    (issue, *_) = [one for one in check(tmp_path, {"templates/home.html": BARE}) if one.code == "look.head"]
    assert "{{ head() }}" in report.line(issue, "zh")
    assert "{{ head() }}" in report.line(issue, "en")
