"""A server with the part of OpenSearch's API that we use, as its documentation and source state it.

It is strict: what it doesn't know it refuses, as OpenSearch does, and documents are found only after a refresh. It scores
in 32 bits. Tests make it fail: `failures` are what becomes of the next bulk requests.
"""

import fnmatch
import gzip
import json
import math
import operator
import re
import threading
import uuid
from collections import deque
from collections.abc import Iterable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import numpy as np

Body = dict[str, Any]


class RefusedError(Exception):
    def __init__(self, status: int, kind: str, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.body = {"error": {"type": kind, "reason": reason, "root_cause": []}, "status": status}


class Index:
    def __init__(self, body: Body) -> None:
        assert set(body) <= {"settings", "mappings", "aliases"}, body
        self.uuid = uuid.uuid4().hex
        self.mappings = body.get("mappings", {})
        self.settings = {"refresh_interval": "1s", **body.get("settings", {}).get("index", {})}
        self.aliases: dict[str, Body] = {}
        self.written: dict[str, Body] = {}
        self.visible: dict[str, Body] = {}

    def check(self, id_: str, document: Body) -> None:
        if len(id_.encode()) > 512:
            raise RefusedError(400, "action_request_validation_exception", "id is too long")
        known = self.mappings.get("properties", {})
        assert self.mappings.get("dynamic") == "strict"
        for field, value in document.items():
            if field not in known:
                raise RefusedError(
                    400, "strict_dynamic_mapping_exception", f"dynamic introduction of [{field}]"
                )
            kind = known[field]["type"]
            values = value if isinstance(value, list) else [value]
            if kind == "keyword" and any(len(one.encode()) > 32_766 for one in values):
                raise RefusedError(400, "illegal_argument_exception", f"immense term in field [{field}]")
            if kind in {"integer", "boolean"} and not all(isinstance(one, int) for one in values):
                raise RefusedError(400, "mapper_parsing_exception", f"failed to parse field [{field}]")


class FakeServer:
    """The server and its data. `requests`: (method, path) of all so far."""

    def __init__(self) -> None:
        self.indexes: dict[str, Index] = {}
        self.requests: list[tuple[str, str]] = []
        self.bulks: list[list[str]] = []
        self.failures: deque[Any] = deque()
        """For each bulk request to come: a status; `drop`, `drop after`; ids → status; None."""
        self._http = ThreadingHTTPServer(
            ("127.0.0.1", 0), type("Handler", (_Handler,), {"server_data": self})
        )
        self.url = f"http://127.0.0.1:{self._http.server_port}"
        self._thread = threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.01})
        self._thread.start()

    def close(self) -> None:
        self._http.shutdown()
        self._thread.join()
        self._http.server_close()

    def named(self, name: str) -> list[tuple[str, Index]]:
        """The indexes that a name, alias or pattern stands for."""
        if "*" in name:
            return [(own, index) for own, index in self.indexes.items() if fnmatch.fnmatchcase(own, name)]
        return [(own, index) for own, index in self.indexes.items() if own == name or name in index.aliases]

    def one(self, name: str) -> Index:
        found = self.named(name)
        if not found:
            raise RefusedError(404, "index_not_found_exception", f"no such index [{name}]")
        return found[0][1]

    # ---- the API ----

    def answer(self, method: str, path: str, query: dict[str, list[str]], data: bytes) -> Body:
        if (method, path) == ("POST", "/_aliases"):
            return self._aliases(json.loads(data))
        match = re.fullmatch(r"/([^/_][^/]*)(?:/(_[a-z]+))?", path)
        assert match, path
        name, action = match[1], match[2] or ""
        handlers = {
            ("PUT", ""): self._create, ("GET", ""): self._get, ("DELETE", ""): self._delete,
            ("PUT", "_mapping"): self._mapping, ("PUT", "_settings"): self._settings,
            ("POST", "_refresh"): self._refresh, ("GET", "_count"): self._count, ("POST", "_count"): self._count,
            ("POST", "_bulk"): self._bulk, ("POST", "_search"): self._search, ("POST", "_msearch"): self._msearch,
        }  # fmt: skip
        if (method, action) not in handlers:
            raise RefusedError(405, "method", f"Incorrect HTTP method for uri [{path}] and method [{method}]")
        return handlers[method, action](name, query, data)

    def _create(self, name: str, _query: object, data: bytes) -> Body:
        assert re.fullmatch(r"[a-z0-9][a-z0-9_.-]*", name), name
        if self.named(name):
            raise RefusedError(400, "resource_already_exists_exception", f"index [{name}] already exists")
        self.indexes[name] = Index(json.loads(data))
        return {"acknowledged": True, "shards_acknowledged": True, "index": name}

    def _get(self, name: str, query: dict[str, list[str]], _data: bytes) -> Body:
        found = self.named(name)
        if not found and "*" not in name and query.get("ignore_unavailable") != ["true"]:
            raise RefusedError(404, "index_not_found_exception", f"no such index [{name}]")
        return {
            own: {
                "aliases": index.aliases,
                "mappings": index.mappings,
                "settings": {"index": {**index.settings, "uuid": index.uuid, "provided_name": own}},
            }
            for own, index in found
        }

    def _delete(self, name: str, _query: object, _data: bytes) -> Body:
        assert name in self.indexes, "only whole indexes are deleted, by their own names"
        del self.indexes[name]
        return {"acknowledged": True}

    def _mapping(self, name: str, _query: object, data: bytes) -> Body:
        body = json.loads(data)
        assert set(body) == {"_meta"}, body
        self.one(name).mappings["_meta"] = body["_meta"]
        return {"acknowledged": True}

    def _settings(self, name: str, _query: object, data: bytes) -> Body:
        body = json.loads(data)["index"]
        assert set(body) <= {"refresh_interval", "number_of_replicas"}, body
        self.one(name).settings.update(body)
        return {"acknowledged": True}

    def _refresh(self, name: str, _query: object, _data: bytes) -> Body:
        index = self.one(name)
        index.visible = dict(index.written)
        return {"_shards": {"total": 1, "successful": 1, "failed": 0}}

    def _count(self, name: str, _query: object, _data: bytes) -> Body:
        return {"count": len(self.one(name).visible), "_shards": {"total": 1, "successful": 1, "failed": 0}}

    def _aliases(self, body: Body) -> Body:
        """All actions or none."""
        assert set(body) == {"actions"}
        for action in body["actions"]:
            ((what, given),) = action.items()
            assert what in {"add", "remove"}
            assert set(given) == {"index", "alias"}
            if given["alias"] in self.indexes:
                raise RefusedError(
                    400, "invalid_alias_name_exception", "an index exists with the same name as the alias"
                )
            if given["index"] not in self.indexes:
                raise RefusedError(404, "index_not_found_exception", f"no such index [{given['index']}]")
            if what == "remove" and given["alias"] not in self.indexes[given["index"]].aliases:
                raise RefusedError(404, "aliases_not_found_exception", "aliases missing")
        for action in body["actions"]:
            ((what, given),) = action.items()
            aliases = self.indexes[given["index"]].aliases
            if what == "add":
                aliases[given["alias"]] = {}
            else:
                del aliases[given["alias"]]
        return {"acknowledged": True}

    def _bulk(self, name: str, _query: object, data: bytes) -> Body:
        assert data.endswith(b"\n"), "The bulk request must be terminated by a newline [\\n]"
        failure = self.failures.popleft() if self.failures else None
        if isinstance(failure, int):
            raise RefusedError(failure, "circuit_breaking_exception", "[parent] Data too large")
        if failure == "drop":
            raise ConnectionAbortedError
        if name not in self.indexes:
            self.indexes[name] = Index(
                {"mappings": {"dynamic": "strict"}}
            )  # made by itself, as OpenSearch does
        index = self.indexes[name]
        lines = iter(data.decode().removesuffix("\n").split("\n"))
        items: list[Body] = []
        for line in lines:
            ((what, given),) = json.loads(line).items()
            assert set(given) == {"_id"}
            document = json.loads(next(lines)) if what == "index" else None
            items.append(
                {
                    what: {
                        "_index": name,
                        "_id": given["_id"],
                        **self._do(index, given["_id"], document, failure),
                    }
                }
            )
        self.bulks.append([next(iter(item.values()))["_id"] for item in items])
        if failure == "drop after":
            raise ConnectionAbortedError
        errors = any(
            next(iter(item.values()))["status"] >= 300 and "error" in next(iter(item.values()))
            for item in items
        )
        return {"took": 1, "errors": errors, "items": items}

    def _do(self, index: Index, id_: str, document: Body | None, failure: Any) -> Body:
        if isinstance(failure, dict) and id_ in failure:
            error = {
                "type": "rejected_execution_exception",
                "reason": "rejected execution of coordinating operation",
            }
            return {"status": failure[id_], "error": error}
        if document is None:
            found = index.written.pop(id_, None)
            return {"status": 200, "result": "deleted"} if found else {"status": 404, "result": "not_found"}
        try:
            index.check(id_, document)
        except RefusedError as error:
            return {"status": error.status, "error": error.body["error"]}
        is_new = id_ not in index.written
        index.written[id_] = {
            field: frozenset(value) if isinstance(value, list) else value for field, value in document.items()
        }
        return {"status": 201 if is_new else 200, "result": "created" if is_new else "updated"}

    def _msearch(self, name: str, query: dict[str, list[str]], data: bytes) -> Body:
        assert data.endswith(b"\n")
        lines = [json.loads(line) for line in data.decode().removesuffix("\n").split("\n")]
        responses = []
        for header, body in zip(lines[::2], lines[1::2], strict=True):
            assert set(header) <= {"index", "allow_partial_search_results"}
            responses.append({**self._search(name, query, json.dumps(body).encode()), "status": 200})
        return {"took": 1, "responses": responses}

    def _search(self, name: str, _query: object, data: bytes) -> Body:
        index, body = self.one(name), json.loads(data)
        known = {
            "from",
            "size",
            "track_total_hits",
            "track_scores",
            "_source",
            "query",
            "post_filter",
            "aggs",
            "sort",
        }
        assert set(body) <= known, body
        if body.get("from", 0) + body.get("size", 10) > 10_000:
            raise RefusedError(400, "illegal_argument_exception", "Result window is too large")
        found = [
            (document, score)
            for document in index.visible.values()
            if (score := evaluate(body["query"], document)) is not None
        ]
        kept = [
            hit for hit in found if evaluate(body.get("post_filter", {"match_all": {}}), hit[0]) is not None
        ]
        total: Body = {"value": len(kept), "relation": "eq"}
        limit = body.get("track_total_hits", 10_000)
        if limit is not True and len(kept) > limit:
            total = {"value": limit, "relation": "gte"}
        start = body.get("from", 0)
        excluded = index.mappings.get("_source", {}).get("excludes", [])
        hits = [
            {
                "_id": document["path"],
                "_score": score,
                "_source": _source(document, body.get("_source"), excluded),
            }
            for document, score in _sorted(kept, body.get("sort", [{"_score": "desc"}]))[
                start : start + body.get("size", 10)
            ]
        ]
        answer: Body = {
            "took": 1,
            "timed_out": False,
            "_shards": {"total": 1, "successful": 1, "skipped": 0, "failed": 0},
            "hits": {"total": total, "max_score": None, "hits": hits},
        }
        if "aggs" in body:
            answer["aggregations"] = aggregate(body["aggs"], [document for document, _ in found])
        return answer


# ---- the query language ----


def evaluate(query: Body, document: Body) -> float | None:
    """The score of a document for a query; None if it doesn't match."""
    ((kind, given),) = query.items()
    if kind == "match_all":
        return 1.0
    if kind == "term":
        ((field, wanted),) = given.items()
        assert not isinstance(wanted, dict)
        value = document.get(field, ())
        return 1.0 if (wanted in value if isinstance(value, frozenset | tuple) else wanted == value) else None
    if kind == "range":
        ((field, bounds),) = given.items()
        holds = {"gte": operator.ge, "gt": operator.gt, "lte": operator.le}
        return 1.0 if all(holds[name](document[field], bound) for name, bound in bounds.items()) else None
    if kind == "constant_score":
        assert set(given) == {"filter", "boost"}
        assert given["boost"] >= 0
        return None if evaluate(given["filter"], document) is None else _f32(given["boost"])
    if kind == "bool":
        return _bool(given, document)
    if kind == "function_score":
        return _function_score(given, document)
    raise RefusedError(400, "parsing_exception", f"unknown query [{kind}]")


def _bool(given: Body, document: Body) -> float | None:
    assert set(given) <= {"filter", "must_not", "should", "minimum_should_match"}, given
    if any(evaluate(one, document) is None for one in given.get("filter", [])):
        return None
    if any(evaluate(one, document) is not None for one in given.get("must_not", [])):
        return None
    scores = [score for one in given.get("should", []) if (score := evaluate(one, document)) is not None]
    least = given.get("minimum_should_match", 0 if given.get("filter") or not given.get("should") else 1)
    if len(scores) < least:
        return None
    if not given.get("should") and not given.get("filter"):
        return 1.0 if not given.get("must_not") else 0.0
    return _f32(sum(scores))


def _function_score(given: Body, document: Body) -> float | None:
    known = {"query", "functions", "score_mode", "boost_mode", "min_score"}
    assert set(given) <= known, given
    score = evaluate(given["query"], document)
    if score is None:
        return None
    if "functions" in given:
        factors = [factor for one in given["functions"] if (factor := _factor(one, document)) is not None]
        combine = {"first": lambda found: found[0], "sum": sum, "multiply": math.prod}[given["score_mode"]]
        factor = combine(factors) if factors else 1.0
        score = _f32(score * factor if given["boost_mode"] == "multiply" else score + factor)
        assert given["boost_mode"] in {"multiply", "sum"}
    if "min_score" in given and score < given["min_score"]:
        return None
    return score


def _factor(function: Body, document: Body) -> float | None:
    assert set(function) <= {"filter", "weight", "exp"}, function
    if "filter" in function and evaluate(function["filter"], document) is None:
        return None
    value = 1.0
    if "exp" in function:
        ((field, decay),) = function["exp"].items()
        assert set(decay) == {"origin", "scale", "decay"}
        assert decay["scale"] > 0
        value = math.exp(math.log(decay["decay"]) / decay["scale"] * abs(document[field] - decay["origin"]))
    assert function.get("weight", 1) >= 0
    return value * float(function.get("weight", 1))


def aggregate(wanted: Body, documents: list[Body]) -> Body:
    answers: Body = {}
    for name, given in wanted.items():
        if "max" in given:
            values = [document[given["max"]["field"]] for document in documents]
            answers[name] = {"value": float(max(values)) if values else None}
        elif "filter" in given:
            left = [document for document in documents if evaluate(given["filter"], document) is not None]
            answers[name] = {"doc_count": len(left), **aggregate(given["aggs"], left)}
        else:
            answers[name] = _terms(given["terms"], documents)
    return answers


def _terms(given: Body, documents: list[Body]) -> Body:
    assert set(given) == {"field", "size", "order"}
    counts: dict[Any, int] = {}
    for document in documents:
        counts[document[given["field"]]] = counts.get(document[given["field"]], 0) + 1
    buckets = [{"key": key, "doc_count": count} for key, count in counts.items()]
    for order in reversed(given["order"] if isinstance(given["order"], list) else [given["order"]]):
        ((by, direction),) = order.items()
        buckets.sort(key=lambda b: b["doc_count" if by == "_count" else "key"], reverse=direction == "desc")
    return {"sum_other_doc_count": 0, "buckets": buckets[: given["size"]]}


def _sorted(found: Iterable[tuple[Body, float]], sort: list[Body]) -> list[tuple[Body, float]]:
    ordered = list(found)
    for one in reversed(sort):
        ((field, direction),) = one.items()
        ordered.sort(
            key=lambda hit: hit[1] if field == "_score" else _sort_value(hit[0][field]),
            reverse=direction == "desc",
        )
    return ordered


def _sort_value(value: Any) -> Any:
    return value.encode() if isinstance(value, str) else value


def _source(document: Body, wanted: Any, excluded: list[str]) -> Body:
    stored = {
        field: value
        for field, value in document.items()
        if not any(fnmatch.fnmatchcase(field, pattern) for pattern in excluded)
    }
    return {field: stored[field] for field in wanted} if isinstance(wanted, list) else stored


def _f32(value: float) -> float:
    return float(np.float32(value))


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server_data: FakeServer

    def _serve(self) -> None:
        parts = urlsplit(self.path)
        data = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.headers.get("Content-Encoding") == "gzip":
            data = gzip.decompress(data)
        path = unquote(parts.path)
        self.server_data.requests.append((self.command, path))
        status = 200
        try:
            assert not data or self.headers["Content-Type"] in {"application/json", "application/x-ndjson"}
            answer = self.server_data.answer(self.command, path, parse_qs(parts.query), data)
        except RefusedError as error:
            status, answer = error.status, error.body
        except ConnectionAbortedError:
            self.close_connection = True
            return
        except Exception as error:  # noqa: BLE001 - a request that breaks the contract is shown in the test's answer
            status, answer = (
                400,
                {"error": {"type": type(error).__name__, "reason": str(error)}, "status": 400},
            )
        body = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json; charset=UTF-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = _serve  # noqa: N815 - the library's names

    def log_message(self, *_: object) -> None:
        """Says nothing."""
