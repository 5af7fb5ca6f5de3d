"""The front matter of documents: its schema, and where it ends and the text begins.

The disclosure fields are those of the city's notice of 2013 on government information (see DESIGN, Disclosure fields).
"""

import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from typing import Annotated

import msgspec

from gen.errors import Issue
from gen.schema import EndOfDay, Key, Words, field_names, parse

MAX_BYTES = 64_000
MAX_TAG_LENGTH = 60
"""In characters: a tag's page lies in a folder named after it."""
LAST = 9999
"""The order of a document that names none."""
MAX_ITEMS = {"tags": 50, "keywords": 50, "share": 50, "aliases": 200, "attachments": 500}

_OPENING = re.compile(r"\A---[ \t]*\r?\n")
_CLOSING = re.compile(r"^---[ \t]*$", re.MULTILINE)
_NUMBER_BRACKETS = re.compile(r"[\[(（【［「﹝〔]\s*(\d{4})\s*[\])）】］」﹞〕]")
_DASH = "[-‐‑‒–—―－﹣−]"
_DASHES = re.compile(_DASH)


class Disclosure(StrEnum):
    """公开方式 after the Regulation on Open Government Information (2019 revision), articles 13 to 16 and 19 to 27."""

    ACTIVE = "主动公开"
    ON_REQUEST = "依申请公开"
    NONE = "不予公开"


class Effect(StrEnum):
    VALID = "有效"
    EXPIRED = "失效"
    REPEALED = "废止"


class Service(msgspec.Struct, frozen=True):
    """The eight elements of a service guide."""

    basis: Annotated[tuple[str, ...], Key("设定依据")] = ()
    audience: Annotated[tuple[str, ...], Key("服务对象")] = ()
    conditions: Annotated[tuple[str, ...], Key("办理条件")] = ()
    materials: Annotated[tuple[str, ...], Key("申请材料")] = ()
    steps: Annotated[tuple[str, ...], Key("办理流程")] = ()
    time_limit: Annotated[tuple[str, ...], Key("办理时限")] = ()
    fee: Annotated[tuple[str, ...], Key("收费标准")] = ()
    place: Annotated[tuple[str, ...], Key("办理地点")] = ()


class Interview(msgspec.Struct, frozen=True):
    guests: Annotated[tuple[str, ...], Key("嘉宾")]
    opens: Annotated[datetime, Key("开始时间")]
    closes: Annotated[datetime | None, EndOfDay, Key("结束时间")] = None
    host: Annotated[str, Key("主持人")] = ""
    place: Annotated[str, Key("地点")] = ""


class Consultation(msgspec.Struct, frozen=True):
    opens: Annotated[datetime, Key("开始时间")]
    closes: Annotated[datetime, EndOfDay, Key("结束时间")]
    contact: Annotated[str, Key("反馈方式")] = ""


class Answer(msgspec.Struct, frozen=True):
    label: Annotated[str, Key("名称")]
    count: Annotated[int, Key("数量")]


class Question(msgspec.Struct, frozen=True):
    question: Annotated[str, Key("问题")]
    answers: Annotated[tuple[Answer, ...], Key("选项")]


class Survey(msgspec.Struct, frozen=True):
    opens: Annotated[datetime, Key("开始时间")]
    closes: Annotated[datetime, EndOfDay, Key("结束时间")]
    results: Annotated[tuple[Question, ...], Key("结果")] = ()


class Letter(msgspec.Struct, frozen=True):
    received: Annotated[date, Key("来信日期")]
    question: Annotated[str, Key("内容", "来信原文；正文是答复")]
    sender: Annotated[str, Key("来信人")] = ""
    category: Annotated[str, Key("类别")] = ""
    replied: Annotated[date | None, Key("回复日期")] = None
    replier: Annotated[str, Key("回复单位")] = ""


class ChartKind(StrEnum):
    BARS = "柱状"
    LINES = "折线"
    NONE = "无"


class Chart(msgspec.Struct, frozen=True):
    """A table of the document's files that its page shows, and how it is drawn."""

    file: Annotated[str, Key("文件", "CSV 文件，放在与文档同名的文件夹里", pattern=r".+\.csv")]
    kind: Annotated[ChartKind, Key("图形", "柱状、折线，或者无：只列表")] = ChartKind.BARS
    label: Annotated[str, Key("名称列", "各项名称所在的列；不写则为第一列")] = ""
    values: Annotated[tuple[str, ...], Key("数值列", "画进图里的列；不写则为第一个数值列")] = ()
    unit: Annotated[str, Key("单位", "数值的单位")] = ""
    title: Annotated[str, Key("图题", "图和表的名称；不写则为文档标题")] = ""


class Term(msgspec.Struct, frozen=True):
    """公开时限: for good (`until` is None) or up to a day."""

    text: str
    until: date | None = None


class FrontMatter(msgspec.Struct, frozen=True):
    """What a document says of itself. Dates of signing, creation and publication are three things."""

    title: Annotated[str, Key("标题", "文档标题，不能留空", pattern=r"(?s).*\S.*")]
    published: Annotated[datetime, Key("发布日期", "发布日期，可带时间；晚于今天的到时才发布")]
    subtitle: Annotated[str, Key("副标题", "副标题")] = ""
    summary: Annotated[str, Key("摘要", "列表中显示的摘要；不写则取正文开头")] = ""
    author: Annotated[str, Key("作者", "作者")] = ""
    source: Annotated[str, Key("来源", "来源；不写则为主办单位")] = ""
    source_url: Annotated[str, Key("来源网址", "原文的网址", pattern=r"(https?://\S+)?")] = ""
    keywords: Annotated[tuple[str, ...], Words, Key("关键词", "关键词")] = ()
    tags: Annotated[tuple[str, ...], Words, Key("标签", "标签，每个标签有一页")] = ()
    updated: Annotated[datetime | None, Key("更新日期", "最后修改的日期")] = None
    signed: Annotated[date | None, Key("成文日期", "文件落款的日期")] = None
    created: Annotated[date | None, Key("生成日期", "信息生成的日期")] = None
    expires: Annotated[datetime | None, Key("失效日期", "从此时起离开列表，页面注明已过期")] = None
    draft: Annotated[bool, Key("草稿", "草稿不发布")] = False
    withdrawn: Annotated[bool, Key("撤回", "撤回后不留痕迹，索取号仍被占用")] = False
    pinned: Annotated[bool, Key("置顶", "在栏目首页置顶")] = False
    aliases: Annotated[tuple[str, ...], Key("旧地址", "站内旧地址，自动转到本页")] = ()
    share: Annotated[tuple[str, ...], Key("推送", "推送到哪些栏目：<站点>/<栏目>，可用 *")] = ()
    picture: Annotated[str, Key("题图", "列表中显示的图片，放在与文档同名的文件夹里")] = ""
    picture_alt: Annotated[str, Key("题图说明", "给看不到图片的人读的说明")] = ""
    attachments: Annotated[tuple[str, ...], Key("附件", "附件，放在与文档同名的文件夹里")] = ()
    index_number: Annotated[
        str,
        Key(
            "信息索取号",
            "机构代码-类目号-年份-流水号",
            pattern=rf"([A-Z][0-9]{{5}}(?:{_DASH}[0-9]{{4}}){{3}})?",
        ),
    ] = ""
    document_number: Annotated[str, Key("文件编号", "发文字号，如 九府发〔2026〕1号")] = ""
    disclosure: Annotated[Disclosure, Key("公开方式", "只有主动公开的文档会出现在网站上")] = Disclosure.ACTIVE
    term: Annotated[str, Key("公开时限", "常年公开，或一个日期")] = ""
    scope: Annotated[str, Key("公开范围", "公开范围")] = ""
    responsible: Annotated[str, Key("责任部门", "责任部门")] = ""
    effect: Annotated[Effect | None, Key("有效性", "规范性文件的有效性")] = None
    interprets: Annotated[str, Key("解读", "所解读的文件（.md 的路径）", pattern=r"(.*\.md)?")] = ""
    answers: Annotated[
        str, Key("对应文档", "本文是哪一次征集或调查的结果（.md 的路径）", pattern=r"(.*\.md)?")
    ] = ""
    translates: Annotated[
        str, Key("译自", "本文是哪份文档的另一语言版本（.md 的路径）", pattern=r"(.*\.md)?")
    ] = ""
    service: Annotated[Service | None, Key("办事指南", "办事指南八要素")] = None
    interview: Annotated[Interview | None, Key("访谈", "在线访谈")] = None
    consultation: Annotated[Consultation | None, Key("征集", "意见征集")] = None
    survey: Annotated[Survey | None, Key("调查", "网上调查")] = None
    letter: Annotated[Letter | None, Key("来信", "来信与答复")] = None
    chart: Annotated[Chart | None, Key("图表", "由 CSV 文件画成的图和表")] = None
    order: Annotated[int, Key("次序", "在领导、机构等栏目中的次序，小的在前；不写排在最后")] = LAST


class IntroMatter(msgspec.Struct, frozen=True):
    """The front matter of `_site.md` and `_column.md`."""

    title: Annotated[str, Key("标题", "标题")] = ""
    summary: Annotated[str, Key("摘要", "摘要")] = ""


class Split(msgspec.Struct, frozen=True):
    """A file cut in two; lines are those of the file, counted from 1."""

    yaml: str
    yaml_line: int
    text: str
    text_line: int


def split(source: str) -> Split | Issue:
    """Cuts a file at its front matter."""
    opening = _OPENING.match(source)
    if opening is None:
        return Issue("", 1, "front_matter.missing")
    closing = _CLOSING.search(source, opening.end())
    if closing is None:
        return Issue("", 1, "front_matter.unclosed")
    yaml = source[opening.end() : closing.start()]
    if len(yaml) > MAX_BYTES:
        return Issue("", 1, "front_matter.size", {"limit": str(MAX_BYTES // 1000)})
    return Split(yaml, 2, source[closing.end() :], source.count("\n", 0, closing.end()) + 1)


def read_document(parts: Split) -> tuple[FrontMatter | None, list[Issue]]:
    """The front matter of a document, normalised."""
    matter, issues = parse(parts.yaml, FrontMatter, parts.yaml_line)
    if matter is None:
        return None, issues
    term = read_term(matter.term)
    if term is None:
        issues.append(
            Issue("", _line_of(parts, ("term", "公开时限")), "front_matter.term", {"found": matter.term})
        )
    if matter.expires and matter.expires <= matter.published:
        issues.append(Issue("", _line_of(parts, ("expires", "失效日期")), "front_matter.expires"))
    issues += _check_lists(matter, parts)
    normalised = msgspec.structs.replace(
        matter,
        index_number=_DASHES.sub("-", matter.index_number),
        document_number=normalise_number(matter.document_number),
    )
    return (None if issues else normalised), issues


def _check_lists(matter: FrontMatter, parts: Split) -> Iterator[Issue]:
    """Lists that would cost the whole group too much, and what can't stand in one."""
    for name, limit in MAX_ITEMS.items():
        if len(getattr(matter, name)) > limit:
            key = field_names(FrontMatter, name)
            yield Issue("", _line_of(parts, key), "front_matter.many", {"key": key[0], "limit": str(limit)})
    for tag in matter.tags:
        if len(tag) > MAX_TAG_LENGTH:
            params = {"tag": f"{tag[:20]}…", "limit": str(MAX_TAG_LENGTH)}
            yield Issue("", _line_of(parts, field_names(FrontMatter, "tags")), "front_matter.tag", params)
    for path in matter.attachments:
        if path.endswith(".md"):
            line = _line_of(parts, field_names(FrontMatter, "attachments"))
            yield Issue("", line, "front_matter.attachment", {"found": path})


def read_intro(parts: Split) -> tuple[IntroMatter | None, list[Issue]]:
    return parse(parts.yaml, IntroMatter, parts.yaml_line)


def normalise_number(number: str) -> str:
    """A document number with the year in the brackets that GB/T 9704 asks for: 〔2013〕."""
    return _NUMBER_BRACKETS.sub(r"〔\1〕", number).strip()


def read_term(text: str) -> Term | None:
    """公开时限 as text; None if it is neither for good nor a day."""
    if text in ("", "常年公开", "长期公开"):
        return Term(text)
    match = re.fullmatch(r"(?:公开至)?(\d{4})[-年](\d{1,2})[-月](\d{1,2})日?", text)
    try:
        return Term(text, date(*map(int, match.groups()))) if match else None
    except ValueError:
        return None


def lines_of(parts: Split, fields: Iterable[str]) -> dict[str, int]:
    """The line of the file on which each of these fields begins, as far as they are given."""
    found = {name: _line_of(parts, field_names(FrontMatter, name), 0) for name in fields}
    return {name: line for name, line in found.items() if line}


def _line_of(parts: Split, keys: tuple[str, ...], otherwise: int = 2) -> int:
    found = _written(keys).search(parts.yaml)
    return parts.yaml_line + parts.yaml.count("\n", 0, found.start()) if found else otherwise


@cache
def _written(keys: tuple[str, ...]) -> re.Pattern[str]:
    """The beginning of a line with one of these keys."""
    return re.compile(rf"""^["']?({"|".join(keys)})["']?[ \t]*:""", re.MULTILINE)
