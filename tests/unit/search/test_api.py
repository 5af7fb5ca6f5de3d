"""The API answers whatever is asked: with what was found, or with a sentence that says why not. Over real HTTP."""

import asyncio
import http.client
import json
import socket
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from datetime import date
from typing import Any, NamedTuple
from urllib.parse import quote, urlencode

import jsonschema
import pytest
from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets
from tornado.web import Application, RequestHandler

from gen.api import limits as api_limits
from gen.api import openapi, server
from gen.api.limits import Buckets, Limits, client_of
from gen.errors import GenError, Issue
from gen.search.results import Facet, Hit, Piece, Request, Results, Sort

GENEROUS = Limits(rate=1000, burst=1000)


class FakeEngine:
    """Finds titles that hold the query; remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[Request] = []
        self.before: Callable[[], None] = lambda: None

    def search(self, request: Request) -> Results:
        self.before()
        self.asked.append(request)
        found = tuple(hit for hit in map(self._hit, range(25)) if request.query in hit.title[0].text)
        start = (request.page - 1) * request.size
        facets = {"site": (Facet("edu", "市教育局", len(found)),), "column": (), "year": (), "kind": ()}
        return Results(len(found), found[start : start + request.size], facets, scattered=False)

    def suggest(self, query: str, limit: int = 8) -> tuple[Hit, ...]:
        return tuple(hit for hit in map(self._hit, range(25)) if query in hit.title[0].text)[:limit]

    def related(self, path: str, limit: int = 5) -> tuple[Hit, ...]:
        return tuple(map(self._hit, range(limit))) if path == "edu/news/0.md" else ()

    @staticmethod
    def _hit(number: int) -> Hit:
        return Hit(
            path=f"edu/news/{number}.md",
            title=(Piece(f"关于第{number}次会议的通知"),),
            snippet=(Piece("各单位："), Piece("会议", hit=True)),
            url=f"https://edu.example.cn/news/{number}.html",
            site="edu",
            site_name="市教育局",
            column="edu/news",
            column_name="新闻",
            kind="news",
            published=date(2026, 3, 1),
            number="",
            expired=False,
            tier=2,
            score=1.5,
        )


class Answer(NamedTuple):
    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class Client:
    def __init__(self, port: int) -> None:
        self.port = port

    def __call__(self, target: str, method: str = "GET", body: bytes | None = None, **headers: str) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            sent = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, target, body, sent)
            answer = connection.getresponse()
            return Answer(answer.status, answer.headers, answer.read())
        finally:
            connection.close()

    def raw(self, sent: bytes) -> bytes:
        """What comes back until the server closes, or says nothing more."""
        answer = b""
        with (
            socket.create_connection(("127.0.0.1", self.port), timeout=0.5) as connection,
            suppress(TimeoutError, ConnectionError),
        ):
            connection.sendall(sent)
            while data := connection.recv(65536):
                answer += data
        return answer


@contextmanager
def served(application: Callable[[], Application]) -> Iterator[Client]:
    """An application on a port of its own, until the block ends."""
    ready: list[Any] = []
    is_ready = threading.Event()

    async def run() -> None:
        http_server = HTTPServer(
            application(), max_header_size=server.MAX_HEADERS, max_body_size=server.MAX_BODY
        )
        (listening,) = bind_sockets(0, "127.0.0.1")
        http_server.add_sockets([listening])
        ended = asyncio.Event()
        ready.extend((listening.getsockname()[1], asyncio.get_running_loop(), ended))
        is_ready.set()
        await ended.wait()
        http_server.stop()
        await http_server.close_all_connections()

    thread = threading.Thread(target=lambda: asyncio.run(run()))
    thread.start()
    assert is_ready.wait(10)
    port, loop, ended = ready
    try:
        yield Client(port)
    finally:
        loop.call_soon_threadsafe(ended.set)
        thread.join(10)


@pytest.fixture
def engine() -> FakeEngine:
    return FakeEngine()


@pytest.fixture
def ask(engine: FakeEngine) -> Iterator[Client]:
    with served(lambda: server.make_application(lambda: engine, GENEROUS)) as client:
        yield client


@contextmanager
def limited(engine: FakeEngine, **given: Any) -> Iterator[Client]:
    with served(lambda: server.make_application(lambda: engine, Limits(**given))) as client:
        yield client


def test_a_search_gets_its_hits_and_facets_as_json(ask: Client) -> None:
    answer = ask(f"/search?q={quote('会议')}&size=2&page=2")
    assert answer.status == 200
    assert answer.headers["Content-Type"] == "application/json; charset=utf-8"
    assert answer.json["total"] == 25
    assert [hit["path"] for hit in answer.json["hits"]] == ["edu/news/2.md", "edu/news/3.md"]
    assert answer.json["hits"][0]["published"] == "2026-03-01"
    assert answer.json["facets"]["site"] == [{"value": "edu", "name": "市教育局", "count": 25}]


def test_every_filter_reaches_the_engine(ask: Client, engine: FakeEngine) -> None:
    given = {
        "q": "会议", "site": "edu", "column": "edu/zwgk/news", "year": "2026", "kind": "news",
        "since": "2026-01-02", "sort": "date", "page": "3", "size": "50",
    }  # fmt: skip
    assert ask(f"/search?{urlencode(given)}").status == 200
    assert engine.asked == [
        Request("会议", "edu", "edu/zwgk/news", 2026, "news", date(2026, 1, 2), Sort.DATE, 3, 50)
    ]


def test_what_is_not_given_filters_nothing(ask: Client, engine: FakeEngine) -> None:
    assert ask("/search?q=").json["total"] == 25
    assert engine.asked == [Request("")]


def test_titles_are_suggested_and_related_documents_found(ask: Client) -> None:
    assert len(ask(f"/suggest?q={quote('通知')}&limit=3").json["hits"]) == 3
    assert len(ask("/related?path=edu/news/0.md").json["hits"]) == 5
    assert ask("/related?path=nobody").json == {"hits": []}
    assert ask("/health").json == {"status": "ok"}


def test_chinese_may_stand_in_the_address_as_it_is(ask: Client, engine: FakeEngine) -> None:
    answer = ask.raw("GET /search?q=会议 HTTP/1.0\r\n\r\n".encode())
    assert answer.startswith(b"HTTP/1.1 200")
    assert engine.asked[0].query == "会议"


@pytest.mark.parametrize(
    ("target", "parameter", "reason", "reason_en"),
    [
        ("/search?q=a&size=51", "size", "“size”应为 1 到 50 的整数，现在是“51”", "“size” should be a whole number from 1 to 50, not “51”"),
        ("/search?q=a&page=0", "page", "1 到 200 的整数", "from 1 to 200"),
        ("/search?q=a&page=1_0", "page", "整数", "whole number"),
        ("/search?q=a&year=", "year", "整数", "whole number"),
        ("/search?q=a&year=1e999", "year", "整数", "whole number"),
        ("/search?q=a&year=" + "9" * 5000, "year", "整数", "whole number"),
        ("/search?q=a&since=2026-02-30", "since", "日期，如 2026-03-01", "a date such as 2026-03-01"),
        ("/search?q=a&kind=new", "kind", "news", "news"),
        ("/search?q=a&sort=best", "sort", "relevance", "relevance"),
        ("/search?q=a&site=..%2Fedu", "site", "形如 edu", "of the form edu"),
        ("/search?q=a&site=edu%0a", "site", "形如 edu", "of the form edu"),
        ("/search?q=a&column=edu", "column", "形如 edu/notices", "of the form edu/notices"),
        ("/search?q=" + "a" * 201, "q", "不超过 200 个字符", "no longer than 200 characters"),
        ("/search?q=a&query=a", "query", "是不是“q”？", "did you mean “q”?"),
        ("/search?q=a&pgae=2", "pgae", "是不是“page”？", "did you mean “page”?"),
        ("/search?q=a&zzz=2", "zzz", "可用：q、site、column", "known: q, site, column"),
        ("/search?q=a&q=b", "q", "给了两次", "given twice"),
        ("/search?q=%ff", "", "UTF-8", "UTF-8"),
        ("/search?q=%ed%a0%80", "", "UTF-8", "UTF-8"),
        ("/search?" + "a=1&" * 40, "", "超过 32 个", "more than 32"),
        ("/search", "q", "缺少“q”", "“q” is missing"),
        ("/suggest", "q", "缺少“q”", "“q” is missing"),
        ("/suggest?q=a&limit=21", "limit", "1 到 20", "from 1 to 20"),
        ("/related?path=", "path", "形如", "of the form"),
        ("/health?x=1", "x", "这里不用参数", "none are taken here"),
        ("/openapi.json?x=1", "x", "这里不用参数", "none are taken here"),
    ],
)  # fmt: skip
def test_a_wrong_parameter_is_named_with_what_it_should_be(
    target: str, parameter: str, reason: str, reason_en: str, ask: Client, engine: FakeEngine
) -> None:
    answer = ask(target)
    assert (answer.status, answer.headers["Content-Type"]) == (400, "application/problem+json")
    problem = answer.json
    assert (problem["status"], problem["title"], problem["detail"]) == (400, "Bad Request", "参数有误。")
    assert reason in problem["parameters"][0]["reason"]
    assert reason_en in problem["parameters"][0]["reason_en"]
    assert problem["parameters"][0]["parameter"] == parameter
    assert engine.asked == []


def test_all_that_is_wrong_is_told_at_once(ask: Client) -> None:
    told = ask("/search?q=a&size=x&page=y&colum=z").json["parameters"]
    assert [refusal["parameter"] for refusal in told] == ["size", "page", "colum"]


def test_a_refusal_repeats_nothing_long_or_unprintable(ask: Client) -> None:
    told = ask("/search?q=a&site=" + quote("\x1b[2J\u202e" + "x" * 9999)).json["parameters"][0]["reason"]
    assert len(told) < 100
    assert told.isprintable()


@pytest.mark.parametrize(
    "query",
    ["\x00", "'; DROP TABLE", "a" * 200, "\U0001f600" * 200, "<script>", "{{7*7}}", "%", "\\", "*:*", "/**/", " \t\n", "é" * 200],
)  # fmt: skip
def test_any_query_is_only_a_query(query: str, ask: Client, engine: FakeEngine) -> None:
    assert ask(f"/search?{urlencode({'q': query})}").status == 200
    assert engine.asked[0].query == query


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "TRACE", "PROPFIND", "get"])
def test_nothing_can_be_changed(method: str, ask: Client) -> None:
    answer = ask("/search?q=a", method)
    assert (answer.status, answer.headers["Allow"]) == (405, "GET, HEAD, OPTIONS")
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_a_body_is_neither_read_nor_kept(ask: Client, engine: FakeEngine) -> None:
    assert ask("/search", "POST", b"q=a").status == 405
    assert ask.raw(b"POST /search HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999\r\n\r\n").startswith(
        b"HTTP/1.1 400"
    )
    assert ask("/search?q=b", "GET", b"q=a", Content_Type="application/x-www-form-urlencoded").status == 200
    assert [request.query for request in engine.asked] == ["b"]


@pytest.mark.parametrize(
    "sent", [b"\r\n\r\n", b"GET\r\n\r\n", b"\x16\x03\x01\x02\x00", b"GET /" + b"a" * 70_000, b"GET / HTTP/1.1\r\nX: " + b"a" * 70_000]
)  # fmt: skip
def test_what_is_not_http_harms_nobody(sent: bytes, ask: Client) -> None:
    assert b"Traceback" not in ask.raw(sent)
    assert ask("/health").status == 200


def test_what_is_not_there_is_a_problem_too(ask: Client) -> None:
    for target in ("/", "/searches", "/search/", "/openapi-json", "/../etc/passwd", "//search"):
        answer = ask(target)
        assert (answer.status, answer.json["title"]) == (404, "Not Found")


def test_head_has_the_headers_of_get_and_no_body(ask: Client) -> None:
    got, head = ask("/search?q=a"), ask("/search?q=a", "HEAD")
    assert (head.status, head.body) == (200, b"")
    for name in ("ETag", "Content-Length", "Content-Type", "Cache-Control"):
        assert head.headers[name] == got.headers[name]


def test_what_did_not_change_is_not_sent_again(ask: Client) -> None:
    first = ask("/search?q=a")
    again = ask("/search?q=a", If_None_Match=first.headers["ETag"])
    assert (again.status, again.body, again.headers["Cache-Control"]) == (304, b"", "public, max-age=60")
    assert ask("/search?q=b", If_None_Match='"other"').status == 200


def test_pages_of_other_addresses_may_read_and_nothing_may_frame(ask: Client) -> None:
    for target in ("/search?q=a", "/search?q=a&size=0", "/nothing", "/openapi.json"):
        headers = ask(target).headers
        assert headers["Access-Control-Allow-Origin"] == "*"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"
        assert headers["Server"] == "gen"
    preflight = ask("/search", "OPTIONS", Origin="https://a.cn", Access_Control_Request_Method="GET")
    assert (preflight.status, preflight.body) == (204, b"")
    assert preflight.headers["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"


def test_a_defect_is_a_sentence_for_the_client_and_a_traceback_for_the_log(
    ask: Client, engine: FakeEngine, caplog: pytest.LogCaptureFixture
) -> None:
    def fail() -> None:
        raise RuntimeError("/srv/secret")

    engine.before = fail
    answer = ask(f"/search?q={quote('我的病')}")
    assert (answer.status, answer.json["detail"]) == (500, "程序出错，已记录。")
    assert b"secret" not in answer.body
    assert "RuntimeError: /srv/secret" in caplog.text
    assert quote("我的病") not in caplog.text


def test_without_an_index_it_says_to_come_again() -> None:
    def none() -> FakeEngine:
        raise GenError(Issue("", 0, "search.missing"))

    with served(lambda: server.make_application(none, GENEROUS)) as ask:
        for target in ("/search?q=a", "/health"):
            answer = ask(target)
            assert (answer.status, answer.headers["Retry-After"]) == (503, "30")
            assert answer.json["detail_en"] == "Searching isn't possible right now; try again later."


def test_the_engine_of_the_moment_answers() -> None:
    engines = [FakeEngine(), FakeEngine()]
    with served(lambda: server.make_application(lambda: engines[0], GENEROUS)) as ask:
        ask("/search?q=a")
        old = engines.pop(0)
        ask("/search?q=b")
    assert [len(engine.asked) for engine in (old, *engines)] == [1, 1]


def test_a_search_that_takes_too_long_is_given_up(engine: FakeEngine) -> None:
    going_on = threading.Event()
    engine.before = lambda: assert_true(going_on.wait(10))
    with limited(engine, seconds=0.2, threads=1, waiting=0) as ask:
        slow = ask("/search?q=a")
        assert (slow.status, slow.headers["Retry-After"]) == (503, "1")
        assert "0.2" in slow.json["detail"]
        busy = ask("/search?q=b")  # its thread is still at it
        assert (busy.status, busy.json["detail_en"]) == (503, "Too busy; try again later.")
        going_on.set()
        wait_until(lambda: ask("/search?q=c").status == 200)


def test_others_are_served_while_one_search_is_slow(engine: FakeEngine) -> None:
    going_on = threading.Event()
    engine.before = lambda: assert_true(going_on.wait(10))
    with limited(engine, threads=2) as ask:
        slow = threading.Thread(target=lambda: ask("/search?q=a"))
        slow.start()
        assert ask("/suggest?q=a").status == 200
        assert ask("/openapi.json").status == 200
        going_on.set()
        slow.join(10)


def test_who_asks_too_fast_is_told_when_to_come_again(engine: FakeEngine) -> None:
    with limited(engine, rate=0.5, burst=2) as ask:
        assert [ask("/search?q=a").status for _ in range(3)] == [200, 200, 429]
        answer = ask("/suggest?q=a")
        assert (answer.status, answer.headers["Retry-After"]) == (429, "2")
        assert answer.json["detail"] == "请求太快，请等 2 秒再试。"
        assert ask("/health").status == 200
        assert ask("/search?q=a", X_Forwarded_For="9.9.9.9").status == 429


def test_behind_a_trusted_proxy_each_client_has_its_own_bucket(engine: FakeEngine) -> None:
    with limited(engine, rate=0.01, burst=1, trust_proxy=True) as ask:
        assert ask("/search?q=a", X_Forwarded_For="1.1.1.1").status == 200
        assert ask("/search?q=a", X_Forwarded_For="6.6.6.6, 1.1.1.1").status == 429
        assert ask("/search?q=a", X_Forwarded_For="1.1.1.1, 2.2.2.2").status == 200


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("10.0.0.1", ["1.1.1.1", "2.2.2.2, 3.3.3.3"], "3.3.3.3"),
        ("10.0.0.1", ["x" * 9999], "10.0.0.1"),
        ("10.0.0.1", [""], "10.0.0.1"),
        ("10.0.0.1", [], "10.0.0.1"),
        ("::ffff:1.2.3.4", [], "1.2.3.4"),
        ("2001:db8:1:2:3:4:5:6", [], "2001:db8:1:2::/64"),
        ("10.0.0.1", ["2001:db8:1:2::9"], "2001:db8:1:2::/64"),
    ],
)
def test_a_client_is_a_subscriber(peer: str, forwarded: list[str], client: str) -> None:
    assert client_of(peer, forwarded, trust_proxy=True) == client
    assert client_of(peer, forwarded, trust_proxy=False) == client_of(peer, [], trust_proxy=True)


def test_a_bucket_fills_with_time_and_never_beyond_its_size() -> None:
    now = [0.0]
    buckets = Buckets(Limits(rate=2, burst=3), clock=lambda: now[0])
    assert [buckets.take("a") for _ in range(4)] == [0, 0, 0, 0.5]
    now[0] = 0.5
    assert buckets.take("a") == 0
    now[0] = 1000
    assert [buckets.take("a") for _ in range(4)] == [0, 0, 0, 0.5]


def test_the_memory_of_clients_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api_limits, "MAX_CLIENTS", 10)
    buckets = Buckets(Limits(rate=0.01, burst=1), clock=lambda: 0)
    assert buckets.take("busy") == 0
    for number in range(1000):
        buckets.take(str(number))
        assert buckets.take("busy") > 0  # who keeps asking is not forgotten
    assert len(buckets) == 10


def test_it_can_be_mounted_among_other_rules(engine: FakeEngine) -> None:
    class Other(RequestHandler):
        def get(self, address: str) -> None:
            self.finish(f"other {address}")

    def application() -> Application:
        return Application([*server.routes(lambda: engine, GENEROUS, "/api"), (r"/(.*)", Other)])

    with served(application) as ask:
        assert ask("/api/search?q=a").json["total"] == 0
        assert ask("/search?q=a").body == b"other search"
        assert ask("/api/openapi.json").json["servers"] == [{"url": "/api"}]


def test_the_description_is_openapi_and_names_every_parameter_with_its_bounds(ask: Client) -> None:
    described = ask("/openapi.json").json
    assert described["openapi"] == "3.1.0"
    assert set(described["paths"]) == {"/search", "/suggest", "/related", "/health", "/openapi.json"}
    given = {parameter["name"]: parameter for parameter in described["paths"]["/search"]["get"]["parameters"]}
    assert list(given) == ["q", "site", "column", "year", "kind", "since", "sort", "page", "size"]
    assert given["size"]["schema"] == {"type": "integer", "minimum": 1, "maximum": 50, "default": 10}
    assert given["q"]["schema"]["maxLength"] == 200
    assert "news" in given["kind"]["schema"]["enum"]
    for parameter in given.values():
        jsonschema.Draft202012Validator.check_schema(parameter["schema"])
    for schema in described["components"]["schemas"].values():
        jsonschema.Draft202012Validator.check_schema(schema)


@pytest.mark.parametrize(
    ("target", "status"),
    [
        ("/search?q=", 200), ("/search?q=%E4%BC%9A", 200), ("/suggest?q=%E4%BC%9A", 200), ("/related?path=edu/news/0.md", 200),
        ("/health", 200), ("/openapi.json", 200), ("/search?q=a&page=0", 400), ("/suggest", 400), ("/related", 400), ("/health?x", 400),
    ],
)  # fmt: skip
def test_answers_are_what_the_description_says(target: str, status: int, ask: Client) -> None:
    described = openapi.document("")
    answer = ask(target)
    path = target.partition("?")[0]
    expected = described["paths"][path]["get"]["responses"][str(status)]
    assert answer.status == status
    assert {name.lower() for name in expected.get("headers", {})} <= {name.lower() for name in answer.headers}
    kind = answer.headers["Content-Type"].partition(";")[0]
    schema = {**expected["content"][kind]["schema"], "components": described["components"]}
    validator = jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker())
    validator.validate(answer.json)


def test_a_port_that_is_taken_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        # Of its own thread, since a browser's tests may have left this one with a running loop.
        with ThreadPoolExecutor(1) as pool, pytest.raises(GenError) as failed:
            pool.submit(server.serve, FakeEngine, "127.0.0.1", port, Limits()).result()
    assert failed.value.issues[0].code == "api.port"
    assert failed.value.issues[0].params["port"] == str(port)


def assert_true(value: object) -> None:
    assert value


def wait_until(holds: Callable[[], bool]) -> None:
    for _ in range(100):
        if holds():
            return
        threading.Event().wait(0.05)
    raise AssertionError
