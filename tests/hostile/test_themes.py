"""A site's own theme that is hostile: it fails its own site, in time, and reaches nothing."""

import re
from pathlib import Path

import pytest

import gen.theme
from gen.render import pages
from tests.groups import config, dump
from tests.hostile.harness import attack
from tests.invalid.cases import settings

ONLY = frozenset({"jtj"})


@pytest.fixture(autouse=True)
def _short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "MAX_SECONDS", 0.5)
    monkeypatch.setattr(gen.theme, "MAX_SECONDS", 0.5)


def template(text: str) -> dict[str, bytes]:
    return {"themes/other/templates/404.html": text.encode()}


ESCAPES = [
    "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "{{ ''['__class__'] }}",
    "{{ (''|attr('__class__')).__mro__ }}",
    "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
    "{{ self.__init__.__globals__ }}",
    "{{ link.__func__.__globals__ }}",
    "{{ link.__self__.recorder }}{{ link.__globals__ }}",
    "{{ catalogue._page.recorder.store.connection.execute('DELETE FROM documents') }}",
    "{{ asset.__globals__ }}{{ asset.__code__ }}",
    "{{ '{0.__class__.__mro__}'.format(1) }}",
    "{{ '%s' % namespace.__init__.__globals__ }}",
    "{{ options.update({'x': 1}) }}",
    "{{ site.options.clear() }}",
    "{{ [].append(1) }}",
    "{{ group.clear() }}",
    "{% include '/etc/passwd' %}",
    "{% include '../../../sites.yaml' %}",
    "{% import 'os' as os %}{{ os.getcwd() }}",
    "{{ 1/0 }}",
    "{{ nothing }}",
    "{{ options['nothing'] }}",
    "{{ asset('nothing.css') }}",
    "{{ link(1) }}{{ link(none) }}",
    "{{ catalogue.newest('news', 'many') }}",
    "{{ catalogue.newest('news', 99999999999999999999) }}",
    "{{ catalogue.related(site) }}",
    "{% extends '404.html' %}",
    "{% macro a() %}{{ a() }}{% endmacro %}{{ a() }}",
    "{% include '404.html' %}",
    "{% if %}",
    "{{ '\\ud800' }}",
    "{{ 'a' * 10**10 }}",
    "{{ [0] * 10**10 }}",
    "{{ 9 ** 9 ** 9 }}",
    "{{ '%10000000000d' % 1 }}",
]


@pytest.mark.slow
@pytest.mark.parametrize("text", ESCAPES)
def test_what_a_template_may_not_do_fails_its_site_only(text: str, tmp_path: Path) -> None:
    found = attack(tmp_path, template(text), ONLY)
    if found.failed:
        assert found.codes <= {"template.error", "render.time"}
        assert {issue.path for issue in found.issues} <= {"themes/other/templates/404.html", "jtj/404.html"}
    else:
        assert not re.search(r"<(class|built-in|function|module|bound method)", found.page("jtj/404.html"))
    assert "root:" not in found.text()


LOOPS = [
    "{% for i in range(99999) %}{% for j in range(99999) %}{% endfor %}{% endfor %}",
    "{% for i in range(10**12) %}{% endfor %}",
    "{% set ns = namespace(x='a') %}{% for i in range(99999) %}{% for j in range(9999) %}{% set ns.x = 'b' ~ j %}{% endfor %}{% endfor %}",
    "{% for i in range(99999) %}{% for j in range(99999) %}{{ i * j }}{% endfor %}{% endfor %}",
]


@pytest.mark.parametrize("text", LOOPS)
def test_an_endless_template_is_stopped_and_fails_its_site_only(text: str, tmp_path: Path) -> None:
    found = attack(tmp_path, template(text), ONLY)
    assert found.failed == ONLY
    assert found.codes <= {"render.time", "template.error"}


@pytest.mark.parametrize(
    "text",
    [LOOPS[0], "{{ nothing }}", "{{ asset('none') }}", "{{ ''.__class__.__mro__ }}", "{% if", "\ud800"],
)
def test_a_bad_asset_fails_the_sites_of_its_theme_only(text: str, tmp_path: Path) -> None:
    found = attack(tmp_path, {"themes/other/assets/evil.css.j2": text.encode("utf-8", "surrogatepass")}, ONLY)
    assert found.failed == ONLY
    assert found.codes == {"template.asset"}


@pytest.mark.parametrize(
    "text",
    ["", "x", "name: other\nextends: ../../..\n", "name: other\nextends: /etc\n", 'name: other\nextends: "a\\0b"\n',
     "name: other\nextends: nowhere\n", "name: other\nextends: other\n", "name: [\n", "\ufeffname: other\nextends: small\n"],
)  # fmt: skip
def test_a_bad_theme_yaml_fails_the_sites_of_its_theme_only(text: str, tmp_path: Path) -> None:
    found = attack(tmp_path, {"themes/other/theme.yaml": text.encode()}, ONLY)
    assert found.failed == (set() if text.startswith("\ufeff") else ONLY)


@pytest.mark.parametrize("name", ["../small", "..", ".", "a/b", "/etc", "a\0b", "a\nb", ""])
def test_a_theme_name_that_leads_elsewhere_is_refused(name: str, tmp_path: Path) -> None:
    found = attack(tmp_path, settings(lambda made: made["group"].update(theme=name)))
    assert found.codes <= {"schema.pattern", "schema.control", "yaml.syntax"}
    assert found.tree == {}


@pytest.mark.parametrize(
    "value",
    [
        "red;}",
        "#fff",
        "url(//evil.example)",
        "#0b5394;}body{display:none",
        "expression(1)",
        ["#000000"],
        {"a": 1},
    ],
)
def test_a_colour_that_is_none_fails_its_site_only(value: object, tmp_path: Path) -> None:
    made = config()
    made["sites"][2]["options"] = {"colour": value}
    found = attack(tmp_path, {"sites.yaml": dump(made)}, ONLY)
    assert found.failed == ONLY
    assert found.codes == {"theme.bad_option"}
