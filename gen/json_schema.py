"""The JSON Schema of the types that `gen.schema` reads, for completion in editors' tools."""

import types
from enum import StrEnum
from typing import Annotated, Any, Union, get_args, get_origin

import msgspec

from gen.schema import SCALARS, Written, fields


def json_schema(struct: type[msgspec.Struct], title: str) -> dict[str, object]:
    """The JSON Schema (draft 2020-12) of a schema, Chinese aliases included."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": title, **_json_struct(struct)}


def _json_struct(struct: type[msgspec.Struct]) -> dict[str, object]:
    table = fields(struct)
    properties: dict[str, object] = {}
    required = []
    for name, entry in table.items():
        properties[name] = {**_json(entry.type), "description": entry.key.meaning or entry.key.zh}
        if entry.words:
            properties[name] = {"anyOf": [{"type": "string"}, properties[name]]}
    for name, entry in table.items():
        if entry.required and name == entry.written:
            names = [name, *([entry.key.zh] if entry.key.zh else [])]
            required.append({"anyOf": [{"required": [choice]} for choice in names]})
    return {
        "type": "object",
        "properties": properties,
        "additionalProperties": False,
        **({"allOf": required} if required else {}),
    }


def _json(kind: Any) -> dict[str, object]:
    origin = get_origin(kind)
    if origin is Annotated:
        return _json(get_args(kind)[0])
    if origin in (Union, types.UnionType):
        return {"anyOf": [{"type": "null"} if arg is type(None) else _json(arg) for arg in get_args(kind)]}
    if origin is tuple:
        item = _json(get_args(kind)[0])
        return {"anyOf": [{"type": "array", "items": item}, item, {"type": "null"}]}
    if origin is dict:
        return {"type": "object", "additionalProperties": _json(get_args(kind)[1])}
    if kind is Written:
        return {}
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        return _json_struct(kind)
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return {"enum": [member.value for member in kind]}
    return {} if kind is Any else dict(SCALARS[kind].json)
