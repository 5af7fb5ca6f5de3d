"""What may be asked: the parameters of each operation are declared once, and both checked and documented from there.

A query string is taken whole or refused whole: a parameter that is misspelt, doubled or out of its bounds is named, with
what it should be, in Chinese and English. Nothing is guessed and nothing is left out in silence.
"""

import difflib
import types
from collections.abc import Iterable
from datetime import date
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin, get_type_hints
from urllib.parse import parse_qsl

import msgspec
from msgspec import Meta

from gen.config.file import COLUMN_ID, SITE_ID
from gen.config.model import ColumnKind
from gen.search.results import PAGE_SIZE, Request, Sort

MAX_QUERY = 200
"""Characters of a query; more is a mistake or an attack, and only the first 80 count anyway."""
MAX_PAGE, MAX_SIZE, MAX_LIMIT = 200, 50, 20
_MAX_FIELDS, _MAX_ECHO = 32, 40

_Query = Annotated[
    str, Meta(max_length=MAX_QUERY, description="要查找的词句、文号或索取号 / words, a phrase or a number")
]


class SearchParameters(msgspec.Struct, frozen=True):
    """Of `/search`; all filters together must hold."""

    q: _Query
    site: (
        Annotated[
            str, Meta(pattern=f"^{SITE_ID}$", max_length=60, examples=["edu"], description="站点 id / a site")
        ]
        | None
    ) = None
    column: (
        Annotated[
            str,
            Meta(
                pattern=f"^{SITE_ID}/{COLUMN_ID}$",
                max_length=200,
                examples=["edu/notices"],
                description="栏目：<站点>/<栏目> / a column: <site>/<column>",
            ),
        ]
        | None
    ) = None
    year: (
        Annotated[int, Meta(ge=1900, le=9999, examples=[2026], description="发布年份 / year of publication")]
        | None
    ) = None
    kind: Annotated[ColumnKind, Meta(description="栏目类型 / kind of column")] | None = None
    since: (
        Annotated[
            date,
            Meta(examples=["2026-03-01"], description="这一天及以后发布的 / published on this day or later"),
        ]
        | None
    ) = None
    sort: Annotated[Sort, Meta(description="按相关度或发布日期排序 / order by relevance or date")] = (
        Sort.RELEVANCE
    )
    page: Annotated[int, Meta(ge=1, le=MAX_PAGE, description="第几页，从 1 起 / page, counted from 1")] = 1
    size: Annotated[int, Meta(ge=1, le=MAX_SIZE, description="每页条数 / hits a page")] = PAGE_SIZE

    def request(self) -> Request:
        return Request(
            query=self.q,
            site=self.site or "",
            column=self.column or "",
            year=self.year or 0,
            kind=self.kind or "",
            since=self.since,
            sort=self.sort,
            page=self.page,
            size=self.size,
        )


class SuggestParameters(msgspec.Struct, frozen=True):
    """Of `/suggest`."""

    q: _Query
    limit: Annotated[int, Meta(ge=1, le=MAX_LIMIT, description="最多几条 / at most so many")] = 8


class RelatedParameters(msgspec.Struct, frozen=True):
    """Of `/related`."""

    path: Annotated[
        str,
        Meta(
            min_length=1,
            max_length=500,
            examples=["edu/notices/2026/zhaosheng.md"],
            description="文档路径，即搜索结果里的 path / a document's path, as in results",
        ),
    ]
    limit: Annotated[int, Meta(ge=1, le=MAX_LIMIT, description="最多几条 / at most so many")] = 5


class NoParameters(msgspec.Struct, frozen=True):
    """Of operations that take none."""


class Refusal(msgspec.Struct, frozen=True):
    """A parameter that can't be taken, and why; `parameter` is empty where the query string as a whole is meant."""

    parameter: str
    reason: str
    reason_en: str


class RefusedError(Exception):
    """A query string that can't be taken; tells of everything that is wrong with it."""

    def __init__(self, refusals: list[Refusal]) -> None:
        super().__init__("; ".join(refusal.reason_en for refusal in refusals))
        self.refusals = refusals


class Parameter(msgspec.Struct, frozen=True):
    """One parameter as declared: its type and its JSON Schema, from which messages and the API's description are made."""

    name: str
    type: Any
    schema: dict[str, Any]
    required: bool
    default: object


Parameters = TypeVar("Parameters", bound=msgspec.Struct)


def declared(kind: type[msgspec.Struct]) -> dict[str, Parameter]:
    """The parameters of an operation, by name, in their order."""
    hints = get_type_hints(kind, include_extras=True)
    return {
        field.name: Parameter(
            field.name,
            given := _without_none(hints[field.name]),
            _inline(msgspec.json.schema(given)),
            field.required,
            None if field.required else field.default,
        )
        for field in msgspec.structs.fields(kind)
    }


def parse(kind: type[Parameters], query: str) -> Parameters:
    """The parameters in a query string, as HTTP brought it. Raises RefusedError."""
    try:
        # Bytes arrive as Latin-1; many write Chinese into addresses as it is, without escaping it.
        pairs = parse_qsl(
            query.encode("latin-1").decode(),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=_MAX_FIELDS,
        )
    except UnicodeError:
        raise RefusedError(
            [Refusal("", "参数不是 UTF-8 编码", "the parameters aren't encoded in UTF-8")]
        ) from None
    except ValueError:
        raise RefusedError(
            [Refusal("", f"参数超过 {_MAX_FIELDS} 个", f"more than {_MAX_FIELDS} parameters")]
        ) from None
    known = declared(kind)
    found: dict[str, object] = {}
    refusals: list[Refusal] = []
    names: set[str] = set()
    for name, value in pairs:
        if name not in known:
            refusals.append(_unknown(name, known))
        elif name in names:
            refusals.append(
                Refusal(name, f"“{name}”给了两次，只能给一次", f"“{name}” is given twice; give it once")
            )
        else:
            try:
                found[name] = _convert(known[name], value)
            except ValueError:
                refusals.append(_wrong(known[name], value))
        names.add(name)
    refusals += [
        Refusal(name, f"缺少“{name}”", f"“{name}” is missing")
        for name, parameter in known.items()
        if parameter.required and name not in names
    ]
    if refusals:
        raise RefusedError(refusals)
    return kind(**found)


def _convert(parameter: Parameter, value: str) -> object:
    """Raises ValueError (msgspec's is one)."""
    if "pattern" in parameter.schema and "\n" in value:  # `$` would let one pass at the end
        raise ValueError(value)
    return msgspec.convert(value, parameter.type, strict=False)


def _without_none(hint: Any) -> Any:
    """The type of a parameter that is given; None only stands for one that isn't."""
    if get_origin(hint) in (Union, types.UnionType):
        return next(arg for arg in get_args(hint) if arg is not types.NoneType)
    return hint


def _inline(schema: dict[str, Any]) -> dict[str, Any]:
    """A schema without references: those of parameters only name one enumeration."""
    named = schema.pop("$defs", {})
    reference = schema.pop("$ref", "")
    for part in schema.pop("allOf", []):
        reference = part["$ref"]
    inner = {
        key: value
        for key, value in named.get(reference.rpartition("/")[2], {}).items()
        if key in {"type", "enum"}
    }
    if "enum" in inner:
        inner["type"] = "string"
    return {**inner, **schema}


def _unknown(name: str, known: dict[str, Parameter]) -> Refusal:
    shown = _shown(name)
    near = _nearest(name.lower()[:_MAX_ECHO], known)
    if near:
        return Refusal(
            shown,
            f"没有参数“{shown}”，是不是“{near}”？",
            f"there is no parameter “{shown}”; did you mean “{near}”?",
        )
    if not known:
        return Refusal(
            shown, f"没有参数“{shown}”，这里不用参数", f"there is no parameter “{shown}”; none are taken here"
        )
    return Refusal(
        shown,
        f"没有参数“{shown}”，可用：{'、'.join(known)}",
        f"there is no parameter “{shown}”; known: {', '.join(known)}",
    )


def _nearest(name: str, known: Iterable[str]) -> str:
    """The parameter that was meant, if one can tell: `query` is `q`, `col` is `column`, `pgae` is `page`."""
    begun = [other for other in known if name and (name.startswith(other) or other.startswith(name))]
    return next(iter(begun or difflib.get_close_matches(name, known, 1, 0.5)), "")


def _wrong(parameter: Parameter, value: str) -> Refusal:
    zh, en = _expected(parameter.schema, value)
    name, shown = parameter.name, _shown(value)
    return Refusal(name, f"“{name}”应为{zh}，现在是“{shown}”", f"“{name}” should be {en}, not “{shown}”")


def _expected(schema: dict[str, Any], value: str) -> tuple[str, str]:
    """What a parameter should be, in words."""
    if "enum" in schema:
        return f"下列之一：{'、'.join(schema['enum'])}", f"one of: {', '.join(schema['enum'])}"
    if schema["type"] == "integer":
        low, high = schema["minimum"], schema["maximum"]
        return f" {low} 到 {high} 的整数", f"a whole number from {low} to {high}"
    if schema.get("format") == "date":
        return "日期，如 2026-03-01", "a date such as 2026-03-01"
    longest = schema["maxLength"]
    if len(value) > longest:
        return f"不超过 {longest} 个字符的文字", f"no longer than {longest} characters"
    example = schema["examples"][0]
    return f"形如 {example} 的文字", f"of the form {example}"


def _shown(value: str) -> str:
    """A value as messages repeat it: short, and nothing in it that could disturb a screen."""
    short = value if len(value) <= _MAX_ECHO else value[:_MAX_ECHO] + "…"
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in short)
