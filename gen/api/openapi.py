"""The API's own description (OpenAPI 3.1), made from the declarations that check requests and encode answers."""

from typing import Any

import msgspec

from gen.api.operations import OPERATIONS, Operation, Problem
from gen.api.parameters import Parameter, declared
from gen.version import NUMBER

PATH = "/openapi.json"
MAX_AGE = 300
PROBLEM_TYPE = "application/problem+json"
METHODS = ("GET", "HEAD", "OPTIONS")
_REFERENCE = "#/components/schemas/{name}"

_INTRODUCTION = (
    "网站群的检索接口：只读、公开、不需要密钥。未知或写错的参数一律拒绝（400），并说明原因。"
    "请求太快时返回 429，按 Retry-After 等待后重试。\n\n"
    "Searches the city's sites: read-only, public, without keys. Unknown or wrong parameters are refused (400) with the "
    "reason. Who asks too fast gets 429 and waits as Retry-After says."
)
_FAILURES = {
    "400": "参数不对；parameters 说明是哪个、为什么 / a parameter is wrong; `parameters` says which and why",
    "429": "请求太快 / too many requests",
    "500": "程序出错 / a defect",
    "503": "索引还没有、太忙或超时 / no index yet, too busy, or too slow",
}
_RETRIED = frozenset({"429", "503"})
_TEXT_HEADER = {"schema": {"type": "string"}}


def document(prefix: str) -> dict[str, Any]:
    """The description of an API whose paths begin with `prefix`."""
    answers = list(dict.fromkeys([*(operation.answer for operation in OPERATIONS), Problem]))
    _, schemas = msgspec.json.schema_components(answers, ref_template=_REFERENCE)
    paths: dict[str, Any] = {operation.path: _path(operation) for operation in OPERATIONS}
    paths[PATH] = _described("openapi", "本说明 / this document", [], {"type": "object"}, {})
    return {
        "openapi": "3.1.0",
        "info": {"title": "站群检索 / Site search", "version": NUMBER, "description": _INTRODUCTION},
        "servers": [{"url": prefix or "/"}],
        "paths": paths,
        "components": {"schemas": schemas},
    }


def _path(operation: Operation) -> dict[str, Any]:
    parameters = [_parameter(parameter) for parameter in declared(operation.parameters).values()]
    failures = {
        status: meaning for status, meaning in _FAILURES.items() if operation.is_limited or status != "429"
    }
    return _described(operation.name, operation.summary, parameters, _reference(operation.answer), failures)


def _described(
    name: str,
    summary: str,
    parameters: list[dict[str, Any]],
    answer: dict[str, Any],
    failures: dict[str, str],
) -> dict[str, Any]:
    """GET and HEAD of one address. HEAD answers as GET does, without a body."""
    headers = {"ETag": _TEXT_HEADER, "Cache-Control": _TEXT_HEADER}
    shown = {"application/json": {"schema": answer}}
    wrong = {PROBLEM_TYPE: {"schema": _reference(Problem)}}

    def responses(*, body: bool) -> dict[str, Any]:
        found: dict[str, Any] = {
            "200": {
                "description": "找到的 / the answer",
                "headers": headers,
                **({"content": shown} if body else {}),
            },
            "304": {"description": "没有变化 / not changed since", "headers": headers},
        }
        for status, meaning in {"400": _FAILURES["400"], **failures}.items():
            found[status] = {"description": meaning, **({"content": wrong} if body else {})}
            if status in _RETRIED:
                found[status]["headers"] = {"Retry-After": {"schema": {"type": "integer", "minimum": 1}}}
        return found

    def operation(suffix: str, *, body: bool) -> dict[str, Any]:
        return {
            "operationId": name + suffix,
            "summary": summary,
            "parameters": parameters,
            "responses": responses(body=body),
        }

    return {
        "get": operation("", body=True),
        "head": operation("Head", body=False),
        "options": {
            "operationId": f"{name}Options",
            "summary": "可用的方法 / methods that can be used",
            "responses": {"204": {"description": "可用的方法 / methods", "headers": {"Allow": _TEXT_HEADER}}},
        },
    }


def _parameter(parameter: Parameter) -> dict[str, Any]:
    schema = dict(parameter.schema)
    if parameter.default is not None:
        schema["default"] = parameter.default
    return {
        "name": parameter.name,
        "in": "query",
        "required": parameter.required,
        "description": schema.pop("description"),
        "schema": schema,
    }


def _reference(kind: type[msgspec.Struct]) -> dict[str, str]:
    return {"$ref": _REFERENCE.format(name=kind.__name__)}
