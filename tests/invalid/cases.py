"""Groups with one defect each: what to change in a sound group (`tests.groups`) to have it, by the code it is told as.

What people are then told stands in `messages.yaml`, in Chinese and English.
"""

import io
import struct
import zlib
from collections.abc import Callable, Mapping
from typing import NamedTuple

from PIL import Image

from tests.groups import Config, Files, config, document, dump, group_files

HEAD = "---\ntitle: 标题\npublished: 2026-01-05\n"
PLACE = "content/edu/news/bad.md"


class Case(NamedTuple):
    """`changes` to the group's files; `codes` of what is then told, in order; `built`: only a build finds it."""

    name: str
    codes: tuple[str, ...]
    changes: Mapping[str, bytes | None]
    built: bool = False


def doc(front: str = "", body: str = "正文。\n") -> bytes:
    """A document of news with more front matter, from line 4 on."""
    return f"{HEAD}{front}---\n{body}".encode()


def chart(data: bytes, **keys: str) -> dict[str, bytes]:
    """A document with a chart of this CSV file."""
    written = "".join(f"  {key}: {value}\n" for key, value in {"file": "bad/t.csv", **keys}.items())
    return {**front(f"chart:\n{written}"), "content/edu/news/bad/t.csv": data}


def text(body: str) -> dict[str, bytes]:
    """A document whose body begins on line 5."""
    return {PLACE: doc(body=body)}


def front(lines: str) -> dict[str, bytes]:
    return {PLACE: doc(lines)}


def settings(change: Callable[[Config], object]) -> dict[str, bytes]:
    """`sites.yaml` after a change."""
    made = config()
    change(made)
    return {"sites.yaml": dump(made)}


def edu(**more: object) -> dict[str, bytes]:
    return settings(lambda made: made["sites"][1].update(more))


def _without(site: dict[str, object], key: str) -> dict[str, object]:
    return {name: value for name, value in site.items() if name != key}


def theme(**files: str) -> dict[str, bytes]:
    """The theme `other`, that of the site jtj, with other files."""
    return {
        f"themes/other/{name.replace('__', '/').replace('_html', '.html')}": data.encode()
        for name, data in files.items()
    }


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width: int, height: int, data: bytes = b"") -> bytes:
    """A picture that claims a size and holds any data."""
    size = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", size)
        + chunk(b"IDAT", zlib.compress(data))
        + chunk(b"IEND", b"")
    )


def webp() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (2, 2)).save(out, "WEBP")
    return out.getvalue()


def number(created: str, letter: str = "A") -> bytes:
    return doc(f"index_number: {letter}00001-0101-2026-0001\ncreated: {created}\n")


def tones(contrast: str, kind: str = "colour", **given: object) -> dict[str, bytes]:
    """The theme `other` with a colour that must be readable, perhaps on another one, and a site's choice of both."""
    options = (
        "name: other\nextends: small\noptions:\n  paper: {type: colour, default: '#ffffff'}\n"
        f"  main:\n    type: {kind}\n    default: {'true' if kind == 'flag' else BLUE}\n    contrast: {contrast}\n"
    )
    chosen = settings(lambda made: made["sites"][2].update(options=given))
    return {**theme(**{"theme.yaml": options}), **chosen}


BLUE = "'#0b5394'"
OPTIONS = (
    "name: other\nextends: small\noptions:\n  tone: {type: choice, choices: [warm, cold], default: warm}\n"
)
MANY = "".join(f"  - news/{n}.html\n" for n in range(201))

CASES: tuple[Case, ...] = (
    # sites.yaml
    Case("no-sites-yaml", ("config.missing",), {"sites.yaml": None}),
    Case("sites-yaml-syntax", ("yaml.syntax",), {"sites.yaml": b"group:\n  name: a\n bad\n"}),
    Case("sites-yaml-not-utf8", ("file.encoding",), {"sites.yaml": "group: 名".encode("gb18030")}),
    Case("sites-yaml-depth", ("yaml.depth",), {"sites.yaml": b"group: " + b"[" * 40 + b"]" * 40 + b"\n"}),
    Case("sites-yaml-aliases", ("yaml.aliases",), {"sites.yaml": b"a: &a 1\nb: [" + b"*a," * 101 + b"]\n"}),
    Case("sites-yaml-size", ("yaml.size",), {"sites.yaml": b"#" * 4_000_001}),
    Case("key-nothing-like-it", ("schema.unknown_key",), edu(zzzzzz="x")),
    Case("key-misspelt", ("schema.unknown_key_near",), edu(descripton="x")),
    Case(
        "site-without-code", ("schema.missing_key",), settings(lambda made: made["sites"][1].pop("site_code"))
    ),
    Case("site-code-too-short", ("schema.pattern",), edu(site_code="36040")),
    Case("site-id-dots", ("schema.pattern",), edu(id="..")),
    Case("hub-unknown", ("config.hub",), settings(lambda made: made["group"].update(hub="nowhere"))),
    Case(
        "timezone",
        ("config.timezone",),
        settings(lambda made: made["group"].update(timezone="Asia/Jiujiang")),
    ),
    Case(
        "search-factor",
        ("config.factor",),
        settings(lambda made: made["group"].update(search={"freshness": -1})),
    ),
    Case(
        "search-kind",
        ("config.column_kind",),
        settings(lambda made: made["group"].update(search={"kinds": {"essays": 2}})),
    ),
    Case("page-size", ("config.page_size",), settings(lambda made: made["group"].update(page_size=0))),
    Case("column-page-size", ("config.page_size",), edu(columns={"news": {"page_size": -1}})),
    Case("domain-twice", ("config.doubled",), edu(domain="hub.test")),
    Case("domain-and-path", ("config.domain_or_path",), edu(path="/edu/")),
    Case(
        "column-reserved", ("config.reserved",), edu(columns={"archive/2026": {"name": "甲", "kind": "news"}})
    ),
    Case(
        "path-of-a-hub-column",
        ("config.path_taken",),
        settings(
            lambda made: made["sites"].__setitem__(
                1, {**_without(made["sites"][1], "domain"), "path": "/news/"}
            )
        ),
    ),
    Case("column-id", ("config.column_id",), edu(columns={"a b": {"name": "甲", "kind": "news"}})),
    Case("kind-unknown", ("config.kind",), edu(kind="departmant")),
    Case("column-dropped", ("config.dropped_column",), edu(columns={"letters": None})),
    Case("column-new", ("config.new_column",), edu(columns={"teachers": {"name": "教师"}})),
    Case(
        "collects-nothing",
        ("config.collects_nothing",),
        edu(columns={"news": {"collect": {"from": "*/nowhere"}}}),
    ),
    Case(
        "collects-cycle", ("config.collects_cycle",), edu(columns={"news": {"collect": {"from": "hub/news"}}})
    ),
    # front matter
    Case("no-front-matter", ("front_matter.missing",), {PLACE: "没有文档信息。\n".encode()}),
    Case("front-matter-open", ("front_matter.unclosed",), {PLACE: HEAD.encode()}),
    Case("front-matter-size", ("front_matter.size",), front(f"summary: {'长' * 64_000}\n")),
    Case("front-matter-yaml", ("yaml.syntax",), front("author: [甲\n")),
    Case("front-matter-control", ("yaml.syntax",), front("author: 甲\x0b乙\n")),
    Case("key-unknown", ("schema.unknown_key",), front("zzzz: 1\n")),
    Case("key-chinese-misspelt", ("schema.unknown_key_near",), front("关健词: 甲\n")),
    Case("key-twice", ("schema.doubled_key",), front("标题: 又一个\n")),
    Case("no-title", ("schema.missing_key",), {PLACE: b"---\npublished: 2026-01-05\n---\n"}),
    Case("date-wrong", ("schema.type",), front("signed: 二〇二六年\n")),
    Case("flag-wrong", ("schema.type",), front("pinned: 也许\n")),
    Case("mapping-wrong", ("schema.type",), front("letter: 一封信\n")),
    Case("control-character", ("schema.control",), front('author: "甲\\x0b乙"\n')),
    Case("disclosure-wrong", ("schema.choice",), front("disclosure: 公开\n")),
    Case("index-number-form", ("schema.pattern",), front("index_number: G0018\n")),
    Case("interprets-no-document", ("schema.pattern",), front("interprets: a.pdf\n")),
    Case("term", ("front_matter.term",), front("author: 甲\nterm: 很久\n")),
    Case("expires-early", ("front_matter.expires",), front("expires: 2025-01-01\n")),
    Case("aliases-many", ("front_matter.many",), front(f"aliases:\n{MANY}")),
    Case("tag-long", ("front_matter.tag",), front(f"tags: [{'很长' * 40}]\n")),
    Case("attachment-document", ("front_matter.attachment",), front("attachments: [a.md]\n")),
    Case("kind-of-column", ("content.wrong_kind",), front("letter: {received: 2026-01-01, question: 问}\n")),
    # text
    Case("heading-1", ("markdown.h1",), text("甲\n\n# 一级\n")),
    Case("anchor-twice", ("markdown.doubled_id",), text("## 甲 {#x}\n\n## 乙 {#x}\n")),
    Case("anchor-reserved", ("markdown.reserved_id",), text("甲\n\n## 乙 {#g-x}\n")),
    Case("picture-foreign", ("markdown.foreign_picture",), text("甲\n![图](https://a.example/b.png)\n")),
    Case("picture-data", ("markdown.picture",), text("![图](data:image/png;base64,AA==)\n")),
    Case(
        "picture-undescribed",
        ("markdown.alt",),
        {**text("甲\n\n![](bad/p.png)\n"), "content/edu/news/bad/p.png": png(1, 1, b"\0\0\0\0")},
    ),
    Case("html-deep", ("markdown.depth",), text("<div>" * 300)),
    # places
    Case("site-unknown", ("content.unknown_site",), {"content/nobody/news/a.md": doc()}),
    Case("column-unknown", ("content.no_column",), {"content/edu/nowhere/a.md": doc()}),
    Case("intro-place", ("content.intro_place",), {"content/edu/news/2026/_column.md": b"---\n---\n"}),
    Case("slug-reserved", ("content.reserved_slug",), {"content/edu/news/index.md": doc()}),
    Case("variant-name", ("content.reserved_slug",), {"content/jtj/news/a/road.png.480.webp": webp()}),
    Case("name-bad", ("content.bad_name",), {"content/edu/news/what?.md": doc()}),
    Case("folder-html", ("content.bad_folder",), {"content/edu/news/a.html/b.md": doc()}),
    Case("name-long", ("content.long_name",), {f"content/edu/news/{'长' * 67}.md": doc()}),
    Case("name-mac", ("content.not_nfc",), {"content/edu/news/cafe\u0301.md": doc()}),
    Case("name-case", ("content.case",), {"content/edu/news/A.md": doc()}),
    # files
    Case("document-not-utf8", ("file.encoding",), {PLACE: HEAD.encode("gb18030")}),
    Case("document-size", ("file.size",), text("长" * 400_000)),
    Case("file-kind", ("file.kind",), {"content/edu/news/a/run.exe": b"MZ"}),
    Case("svg-script", ("file.svg",), {"content/edu/news/a/x.svg": b"<svg><script/></svg>"}),
    Case("picture-broken", ("file.picture",), {"content/edu/news/a/x.png": b"not a picture"}),
    Case("picture-misnamed", ("file.picture",), {"content/edu/news/a/x.jpg": png(1, 1, b"\0\0\0\0")}),
    Case("picture-huge", ("file.pixels",), {"content/edu/news/a/x.png": png(60_000, 60_000)}),
    # links
    Case("link-outside", ("link.outside",), text("[x](../../../../etc/passwd)\n")),
    Case("link-absolute", ("link.outside",), text("甲\n\n乙 [x](/news/a.html)\n")),
    Case("link-dead", ("link.dead",), text("甲\n\n- [x](aa.md)\n- [y](b.md)\n")),
    Case(
        "link-hidden",
        ("link.hidden",),
        {**text("[x](d.md)\n"), "content/edu/news/d.md": doc("draft: true\n")},
    ),
    Case(
        "link-early",
        ("link.scheduled",),
        {**text("[x](d.md)\n"), "content/edu/news/d.md": b"---\ntitle: a\npublished: 2027-01-01\n---\n"},
    ),
    Case("link-anchor", ("link.anchor",), text("[x](a.md#nowhere)\n")),
    Case("link-anchor-own", ("link.anchor",), text("甲\n[x](#nowhere)\n\n## Somewhere\n")),
    Case("link-no-file", ("link.no_file",), text("甲\n\n[x](bad/a.pdf)\n")),
    Case("picture-no-file", ("link.no_file",), front("author: 甲\npicture: bad/a.png\n")),
    Case("picture-no-picture", ("link.no_picture",), text("![x](../notices/n/form.txt)\n")),
    Case("picture-document", ("link.no_picture",), text("![x](a.md)\n")),
    Case("link-foreign-file", ("link.foreign_file",), text("[x](../../jtj/news/a/road.png)\n")),
    Case(
        "link-nobodys-file",
        ("link.unpublished_file",),
        {**text("[x](stray.pdf)\n"), "content/edu/news/stray.pdf": b"%PDF"},
    ),
    Case("link-dead-elsewhere", ("link.dead",), text("[x](../../jtj/news/none.md)\n")),
    # shares, old addresses, numbers
    Case("share-nowhere", ("share.nowhere",), front("share:\n  - hub/notice\n")),
    Case("alias-form", ("alias.form",), front("author: 甲\naliases: [../x.html]\n")),
    Case("alias-page", ("alias.taken",), front("aliases: [news/a.html]\n")),
    Case("alias-twice", ("alias.taken",), front("aliases: [policies/old.html]\n")),
    Case(
        "number-twice",
        ("number.doubled",),
        {PLACE: number("2026-02-02"), "content/jtj/news/first.md": number("2026-01-01")},
    ),
    # themes
    Case("translation-of-nothing", ("translation.no_site",), edu(language="en", translation_of="hup")),
    Case("translation-of-itself", ("translation.chain",), edu(translation_of="edu")),
    Case("translation-in-the-same-language", ("translation.language",), edu(translation_of="hub")),
    Case("language-unknown", ("schema.pattern",), edu(language="fr")),
    Case("translation-elsewhere", ("translation.place",), front("translates: a.md\n")),
    Case(
        "translation-doubled",
        ("translation.doubled",),
        {
            **edu(language="en", translation_of="hub"),
            PLACE: doc("translates: ../../hub/news/first.md\n"),
            "content/edu/news/a.md": doc("translates: ../../hub/news/first.md\n"),
        },
    ),
    Case("theme-unknown", ("theme.missing",), edu(theme="nowhere"), built=True),
    Case(
        "theme-cycle", ("theme.cycle",), theme(**{"theme.yaml": "name: other\nextends: other\n"}), built=True
    ),
    Case(
        "theme-name", ("theme.name",), theme(**{"theme.yaml": "name: another\nextends: small\n"}), built=True
    ),
    Case(
        "text-parameters",
        ("theme.text",),
        theme(**{"texts.yaml": "texts:\n  a: {zh: '第 {n} 页', en: Page}\n"}),
    ),
    Case("text-in-one-language", ("schema.missing_key",), theme(**{"texts.yaml": "texts:\n  a: {zh: 页}\n"})),
    Case(
        "text-not-there",
        ("template.error",),
        theme(
            templates__home_html="{% extends 'base.html' %}\n{% block main %}\n{{ t('nothing') }}{% endblock %}"
        ),
        built=True,
    ),
    Case("colour-faint", ("theme.contrast",), tones("{against: ['#ffffff', paper]}", main="#ffd700")),
    Case("colour-on-another-option", ("theme.contrast",), tones("{against: paper}", paper="#336699")),
    Case("colour-of-the-theme-itself", ("theme.contrast",), tones("{against: '#ffffff', ratio: 10}")),
    Case(
        "colour-on-black-and-white",
        ("theme.contrast_never",),
        tones("{against: ['#000000', paper], ratio: 7}"),
    ),
    Case("colour-ratio", ("theme.contrast_ratio",), tones("{against: paper, ratio: 45}")),
    Case("colour-ground", ("theme.contrast_ground",), tones("{against: blue}")),
    Case("contrast-of-a-flag", ("theme.contrast_type",), tones("{against: paper}", kind="flag")),
    Case("theme-option", ("theme.unknown_option",), edu(options={"color": "#000000"})),
    Case(
        "theme-option-value",
        ("theme.bad_option",),
        {
            **settings(lambda made: made["sites"][2].update(options={"tone": "blue"})),
            **theme(**{"theme.yaml": OPTIONS}),
        },
    ),
    Case(
        "template-broken",
        ("template.error",),
        theme(templates__404_html="甲\n{{ nothing.at.all }}"),
        built=True,
    ),
    Case("template-syntax", ("template.error",), theme(templates__404_html="甲\n{% if %}"), built=True),
    Case(
        "asset-broken",
        ("template.asset",),
        {"themes/other/assets/site.css.j2": b"{{ nothing.x }}"},
        built=True,
    ),
    Case("chart-no-table", ("chart.file",), chart(b"\xff\xfe"), built=True),
    Case(
        "chart-no-column", ("chart.column",), chart("月份,数量\n1,2\n".encode(), values="[数目]"), built=True
    ),
    Case("chart-no-numbers", ("chart.numbers",), chart("月份,数量\n一,多\n".encode()), built=True),
    Case(
        "picture-truncated",
        ("render.picture",),
        {**text("![图](bad/p.png)\n"), "content/edu/news/bad/p.png": png(900, 900, b"\0" * 99)},
        built=True,
    ),
)


def sound_files() -> Files:
    """A sound group in which no site links to another, so that only the site at fault has anything to tell."""
    return {**group_files(), "content/jtj/news/a.md": document("修路", "2026-01-03", picture="a/road.png")}


def files_of(case: Case) -> Files:
    made = {**sound_files(), **case.changes}
    return {path: data for path, data in made.items() if data is not None}
