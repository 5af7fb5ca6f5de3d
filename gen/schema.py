"""YAML with line marks into typed values.

A schema is a frozen `msgspec.Struct` whose fields are annotated with `Key`: its Chinese alias and what it means. One
such class is the value the code works with, the check of what people wrote, and what editors' tools complete.

Every scalar is taken as the text that was written: no `no` becomes a boolean and no `1.10` a number unless the field
says so. All problems of a file are found in one go, each with its line.
"""

import difflib
import re
import types
import typing
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin, get_type_hints

import msgspec
import yaml

from gen.errors import Issue

S = TypeVar("S", bound=msgspec.Struct)

MAX_DEPTH = 32
_TOO_DEEP = "exceeded maximum nesting depth"
"""What LibYAML from 0.2.6 on says of a thousand brackets, before it tells of the first."""
MAX_NODES = 100_000
MAX_ALIASES = 100

LINE = "line"
"""A field of this name isn't written by people: it takes the line on which its mapping begins."""

MAX_ISSUES = 100
"""Told of one file; whoever has more mends those first."""
MAX_SUGGESTIONS = 20
MIN_YEAR = 1000

_NESTS = re.compile(r"(?:[-?:]\s+){16}")
_MAY_REFER = re.compile(r"""(?<![\w"'/*])\*""")
"""An asterisk where an alias could begin."""
_MAX_DIGITS = 15
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_TRUE = frozenset({"true", "True", "TRUE", "yes", "Yes", "是", "真"})
_FALSE = frozenset({"false", "False", "FALSE", "no", "No", "否", "假"})
_SEPARATORS = re.compile(r"[,\uff0c、;\uff1b]")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ufffe\uffff]")


@dataclass(frozen=True)
class Key:
    """What a field is called in Chinese (empty: no alias) and what it means."""

    zh: str
    meaning: str = ""
    pattern: str = ""


@dataclass(frozen=True)
class Scalar:
    """How one kind of scalar is read: `parse` raises ValueError; `expects` names it in `gen.text.WORDS`."""

    expects: str
    parse: Callable[[str], object]
    json: Mapping[str, object]


def _boolean(text: str) -> bool:
    if text in _TRUE:
        return True
    if text in _FALSE:
        return False
    raise ValueError(text)


def _moment(text: str) -> datetime:
    match = re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]+(\d{1,2}):(\d{2})(?::\d{2})?)?", text.strip())
    if not match or int(match[1]) < MIN_YEAR:
        raise ValueError(text)
    return datetime(*(int(part or 0) for part in match.groups()))  # type: ignore[arg-type]


def _day(text: str) -> date:
    moment = _moment(text)
    if (moment.hour, moment.minute) != (0, 0):
        raise ValueError(text)
    return moment.date()


def _whole_number(text: str) -> int:
    if len(text) > _MAX_DIGITS or not re.fullmatch(r"[-+]?\d+", text):
        raise ValueError(text)
    return int(text)


_DAY_PATTERN = r"^\d{4}-\d{1,2}-\d{1,2}$"
_MOMENT_PATTERN = r"^\d{4}-\d{1,2}-\d{1,2}([T ]+\d{1,2}:\d{2}(:\d{2})?)?$"
SCALARS: Mapping[object, Scalar] = {
    str: Scalar("text", str, {"type": ["string", "number", "null"]}),
    bool: Scalar("flag", _boolean, {"enum": [True, False, "是", "否"]}),
    int: Scalar("whole_number", _whole_number, {"type": "integer"}),
    float: Scalar("number", float, {"type": "number"}),
    date: Scalar("day", _day, {"type": "string", "pattern": _DAY_PATTERN}),
    datetime: Scalar("moment", _moment, {"type": "string", "pattern": _MOMENT_PATTERN}),
}


class Written(msgspec.Struct, frozen=True):
    """A value whose type is decided later, with the line it stands on."""

    value: Any
    line: int


class EndOfDay:
    """Marks a moment that, given as a day alone, means the end of that day."""


class Words:
    """Marks a tuple of words that may also be written as one text, separated by commas of either width."""


@dataclass(frozen=True)
class SchemaField:
    name: str
    written: str
    type: Any
    key: Key
    words: bool
    end_of_day: bool
    required: bool


@cache
def fields(struct: type[msgspec.Struct]) -> dict[str, SchemaField]:
    """The fields of a schema by every name they may be written with."""
    hints = get_type_hints(struct, include_extras=True)
    table: dict[str, SchemaField] = {}
    for info in msgspec.structs.fields(struct):
        if info.name == LINE:
            continue
        hint, key, words = hints[info.name], Key(""), False
        end_of_day = False
        if get_origin(hint) is Annotated:
            hint, *marks = get_args(hint)
            key = next((mark for mark in marks if isinstance(mark, Key)), key)
            words, end_of_day = Words in marks, EndOfDay in marks
        entry = SchemaField(info.name, info.encode_name, hint, key, words, end_of_day, info.required)
        table[info.encode_name] = entry
        if key.zh:
            table[key.zh] = entry
    return table


def field_names(struct: type[msgspec.Struct], name: str) -> tuple[str, ...]:
    """Every name that a field may be written with."""
    return tuple(written for written, entry in fields(struct).items() if entry.name == name)


@dataclass
class _Reading:
    """One file on its way from nodes to values."""

    first_line: int
    issues: list[Issue] = field(default_factory=list)
    nodes: int = 0

    def add(self, code: str, node: yaml.Node, **params: str) -> None:
        if len(self.issues) < MAX_ISSUES:
            self.issues.append(Issue("", node.start_mark.line + self.first_line, code, params))


def parse(text: str, struct: type[S], first_line: int = 1) -> tuple[S | None, list[Issue]]:
    """Reads YAML `text` as a `struct`; None if there is any issue. Issues have no path yet.

    `first_line` is the line of the file on which `text` begins.
    """
    try:
        _refuse_hostile(text)
        root = yaml.compose(text, Loader=yaml.CSafeLoader)
    except _HostileError as error:
        return None, [Issue("", first_line, str(error))]
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = (mark.line if mark else 0) + first_line
        problem = error.problem or error.context or ""
        if problem.startswith(_TOO_DEEP):
            return None, [Issue("", line, "yaml.depth")]
        return None, [Issue("", line, "yaml.syntax", {"problem": problem})]
    except yaml.reader.ReaderError as error:
        line = first_line + text.encode()[: error.position].count(b"\n")
        return None, [Issue("", line, "yaml.syntax", {"problem": error.reason})]
    reading = _Reading(first_line)
    if root is None:
        root = yaml.MappingNode("tag:yaml.org,2002:map", [], yaml.Mark("", 0, 0, 0, "", 0))
    value = _convert(struct, root, reading, 0)
    return (None if reading.issues else typing.cast("S", value)), reading.issues


class _HostileError(Exception):
    """YAML that would cost more than any honest file; the argument is the code of the issue."""


def _refuse_hostile(text: str) -> None:
    """Counts depth and aliases before composing: the C composer recurses, and a deep file would end the process."""
    aliases = 0
    if text.count("[") + text.count("{") > MAX_DEPTH or _NESTS.search(text):
        depth = 0
        for event in yaml.parse(text, Loader=yaml.CSafeLoader):
            if isinstance(event, yaml.CollectionStartEvent):
                depth += 1
                if depth > MAX_DEPTH:
                    raise _HostileError("yaml.depth")
            elif isinstance(event, yaml.CollectionEndEvent):
                depth -= 1
    if _MAY_REFER.search(text):
        aliases = sum(
            isinstance(token, yaml.AliasToken) for token in yaml.scan(text, Loader=yaml.CSafeLoader)
        )
    if aliases > MAX_ALIASES:
        raise _HostileError("yaml.aliases")


def _convert(kind: Any, node: yaml.Node, reading: _Reading, depth: int) -> object:
    """The value of `node` as a `kind`; on a problem it is noted and the result means nothing."""
    reading.nodes += 1
    if reading.nodes > MAX_NODES or depth > MAX_DEPTH:
        if not any(issue.code == "yaml.size" for issue in reading.issues):
            reading.add("yaml.size", node)
        return None
    origin = get_origin(kind)
    if origin is Annotated:
        return _convert(get_args(kind)[0], node, reading, depth)
    if origin in (Union, types.UnionType):
        if _is_null(node):
            return None
        inner = [arg for arg in get_args(kind) if arg is not type(None)]
        return _convert(_fitting(inner, node), node, reading, depth)
    if kind is Written:
        return Written(_plain(node, reading, depth), node.start_mark.line + reading.first_line)
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        return _convert_struct(kind, node, reading, depth)
    if origin is tuple:
        return _convert_sequence(get_args(kind)[0], node, reading, depth)
    if origin is dict:
        return _convert_mapping(get_args(kind)[1], node, reading, depth)
    if kind is Any:
        return _plain(node, reading, depth)
    return _convert_scalar(kind, node, reading)


def _fitting(kinds: list[Any], node: yaml.Node) -> Any:
    """Of a union's members, the one that has the node's shape."""
    for kind in kinds:
        is_mapping = get_origin(kind) is dict or (isinstance(kind, type) and issubclass(kind, msgspec.Struct))
        if is_mapping == isinstance(node, yaml.MappingNode):
            return kind
    return kinds[0]


def _convert_struct(kind: type[msgspec.Struct], node: yaml.Node, reading: _Reading, depth: int) -> object:
    if not isinstance(node, yaml.MappingNode):
        reading.add("schema.type", node, key="", expected="@mapping", found=_shown(node))
        return None
    table = fields(kind)
    values: dict[str, object] = {}
    before = len(reading.issues)
    for key_node, value_node in node.value:
        key = key_node.value if isinstance(key_node, yaml.ScalarNode) else ""
        entry = table.get(key)
        if entry is None:
            has_room = len(reading.issues) < MAX_SUGGESTIONS
            near = difflib.get_close_matches(key[:60], table, n=1, cutoff=0.5) if has_room else []
            code = "schema.unknown_key_near" if near else "schema.unknown_key"
            known = "、".join(name for name in table if name == table[name].written)
            reading.add(code, key_node, key=_shown(key_node), near=near[0] if near else "", known=known)
            continue
        if entry.name in values:
            reading.add("schema.doubled_key", key_node, key=key)
            continue
        values[entry.name] = _convert_field(entry, key, value_node, reading, depth)
    for written, entry in table.items():
        if entry.required and entry.name not in values and written == entry.written:
            reading.add("schema.missing_key", node, key=written, zh=entry.key.zh or written)
    if LINE in kind.__struct_fields__:
        values[LINE] = node.start_mark.line + reading.first_line
    return kind(**values) if len(reading.issues) == before else None


def _convert_field(entry: SchemaField, key: str, node: yaml.Node, reading: _Reading, depth: int) -> object:
    before = len(reading.issues)
    value = _convert(entry.type, node, reading, depth + 1)
    if entry.words and isinstance(value, tuple):
        parts = _SEPARATORS.split(node.value) if isinstance(node, yaml.ScalarNode) else map(str, value)
        value = tuple(word for part in parts if (word := " ".join(part.split())))
    for position in range(before, len(reading.issues)):
        issue = reading.issues[position]
        if issue.params.get("key") == "":
            reading.issues[position] = msgspec.structs.replace(issue, params={**issue.params, "key": key})
    if entry.end_of_day and isinstance(value, datetime) and ":" not in str(node.value):
        value = value.replace(hour=23, minute=59)
    is_sound = len(reading.issues) == before and isinstance(value, str)
    if is_sound and entry.key.pattern and not re.fullmatch(entry.key.pattern, str(value)):
        reading.add("schema.pattern", node, key=key, found=str(value), meaning=entry.key.meaning)
    return value


def _convert_sequence(kind: Any, node: yaml.Node, reading: _Reading, depth: int) -> object:
    if isinstance(node, yaml.ScalarNode):
        if _is_null(node):
            return ()
        return (_convert(kind, node, reading, depth + 1),)
    if isinstance(node, yaml.SequenceNode):
        return tuple(_convert(kind, item, reading, depth + 1) for item in node.value)
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        return (_convert(kind, node, reading, depth + 1),)
    reading.add("schema.type", node, key="", expected="@list", found=_shown(node))
    return ()


def _convert_mapping(kind: Any, node: yaml.Node, reading: _Reading, depth: int) -> object:
    if not isinstance(node, yaml.MappingNode):
        reading.add("schema.type", node, key="", expected="@mapping", found=_shown(node))
        return {}
    values: dict[str, object] = {}
    for key_node, value_node in node.value:
        if not isinstance(key_node, yaml.ScalarNode):
            reading.add("schema.type", key_node, key="", expected="@text", found=_shown(key_node))
            continue
        key = str(key_node.value)
        if key in values:
            reading.add("schema.doubled_key", key_node, key=key)
        values[key] = _convert(kind, value_node, reading, depth + 1)
    return values


def _plain(node: yaml.Node, reading: _Reading, depth: int) -> object:
    """A value whose type is decided later (theme options)."""
    if isinstance(node, yaml.MappingNode):
        return _convert_mapping(Any, node, reading, depth)
    if isinstance(node, yaml.SequenceNode):
        return _convert_sequence(Any, node, reading, depth)
    return None if _is_null(node) else node.value


def _convert_scalar(kind: Any, node: yaml.Node, reading: _Reading) -> object:
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        choices = [member.value for member in kind]
        if isinstance(node, yaml.ScalarNode) and node.value in choices:
            return kind(node.value)
        near = difflib.get_close_matches(_shown(node), choices, n=1)
        params = {"key": "", "found": _shown(node), "near": near[0] if near else ""}
        reading.add("schema.choice", node, choices="、".join(choices), **params)
        return None
    scalar = SCALARS[kind]
    if kind is str and _is_null(node):
        return ""
    if isinstance(node, yaml.ScalarNode) and _CONTROL.search(node.value):
        reading.add("schema.control", node, key="")
        return None
    if isinstance(node, yaml.ScalarNode):
        try:
            return scalar.parse(node.value.strip())
        except ValueError:
            pass
    reading.add("schema.type", node, key="", expected=f"@{scalar.expects}", found=_shown(node))
    return None


def _is_null(node: yaml.Node) -> bool:
    """Whether nothing was written: a plain scalar (no quotes) that is empty or says null."""
    return isinstance(node, yaml.ScalarNode) and not node.style and node.value in _NULLS


def _shown(node: yaml.Node) -> str:
    if isinstance(node, yaml.ScalarNode):
        return str(node.value)[:60]
    return "[…]" if isinstance(node, yaml.SequenceNode) else "{…}"
