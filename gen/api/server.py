"""Serves the operations on tornado: by itself, or as rules among others'.

Whatever comes in, what goes out is an answer or a problem in words; a traceback is for the log. The log keeps paths
and not what people looked for.
"""

import asyncio
import math
import signal
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from http import HTTPStatus
from types import TracebackType
from typing import Any

import msgspec
from tornado.httpserver import HTTPServer
from tornado.log import access_log, app_log
from tornado.routing import URLSpec
from tornado.web import Application, HTTPError, RequestHandler

from gen.api import openapi
from gen.api.limits import Buckets, Limits, client_of
from gen.api.operations import OPERATIONS, Operation, Problem
from gen.api.parameters import NoParameters, Refusal, RefusedError, parse
from gen.errors import GenError, Issue
from gen.search.results import Engine
from gen.text import language, text

EngineSource = Callable[[], Engine]
"""Gives the engine of the moment; raises GenError while there is none."""

MAX_HEADERS, MAX_BODY, IDLE_SECONDS, BODY_SECONDS = 16_384, 16_384, 30, 5
_JSON = "application/json; charset=utf-8"

_SAID = {
    400: ("参数有误。", "The parameters are wrong."),
    404: ("没有这个地址，接口说明见 openapi.json。", "There is nothing here; see openapi.json."),
    405: ("只能读取：请用 GET、HEAD 或 OPTIONS。", "Reading only: use GET, HEAD or OPTIONS."),
    429: ("请求太快，请等 {seconds} 秒再试。", "Too many requests; try again in {seconds} s."),
    500: ("程序出错，已记录。", "A defect of ours; it is in the log."),
}
_UNAVAILABLE = ("检索暂时不可用，请稍后再试。", "Searching isn't possible right now; try again later.")
_BUSY = ("正忙，请稍后再试。", "Too busy; try again later.")
_SLOW = (
    "检索超过 {seconds:g} 秒，请换更具体的词。",
    "The search took more than {seconds:g} s; be more specific.",
)
_HEADERS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag, Retry-After",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Referrer-Policy": "no-referrer",
    "Server": "gen",
    "X-Content-Type-Options": "nosniff",
}


class _FailedError(HTTPError):
    """An answer that isn't one: its status, what is said, and when to try again."""

    def __init__(
        self,
        status: int,
        said: tuple[str, str] | None = None,
        parameters: tuple[Refusal, ...] = (),
        retry_after: int = 0,
    ) -> None:
        super().__init__(status)
        self.said = said
        self.parameters = parameters
        self.retry_after = retry_after


class _Service:
    """What the handlers of one API share: the engine, the clients' buckets, the threads that search."""

    def __init__(self, engine_source: EngineSource, limits: Limits) -> None:
        self.engine_source = engine_source
        self.limits = limits
        self.buckets = Buckets(limits)
        self._places = threading.BoundedSemaphore(limits.threads + limits.waiting)
        self._pool = ThreadPoolExecutor(limits.threads, thread_name_prefix="gen-api")

    async def ask(self, operation: Operation, given: msgspec.Struct) -> bytes:
        """The answer, encoded. A search that takes too long is left to end by itself; its place stays taken till then."""
        if not self._places.acquire(blocking=False):
            raise _FailedError(503, _BUSY, retry_after=1)
        work = self._pool.submit(self._answer, operation, given)
        work.add_done_callback(lambda _: self._places.release())
        try:
            return await asyncio.wait_for(asyncio.wrap_future(work), self.limits.seconds)
        except TimeoutError:
            zh, en = (said.format(seconds=self.limits.seconds) for said in _SLOW)
            raise _FailedError(503, (zh, en), retry_after=math.ceil(self.limits.seconds)) from None
        except GenError as error:
            app_log.warning("search failed: %s", error)
            raise _FailedError(503, _UNAVAILABLE, retry_after=30) from None

    def _answer(self, operation: Operation, given: msgspec.Struct) -> bytes:
        return msgspec.json.encode(operation.ask(self.engine_source(), given))


class _Handler(RequestHandler):
    """What all addresses have in common."""

    SUPPORTED_METHODS = openapi.METHODS

    def initialize(self, service: _Service) -> None:
        self._service = service

    def set_default_headers(self) -> None:
        for name, value in _HEADERS.items():
            self.set_header(name, value)

    def options(self) -> None:
        self.set_status(204)
        self.set_header("Allow", ", ".join(openapi.METHODS))
        self.set_header("Access-Control-Allow-Methods", ", ".join(openapi.METHODS))
        self.set_header("Access-Control-Allow-Headers", "*")
        self.set_header("Access-Control-Max-Age", "86400")

    def give(self, body: bytes, max_age: int) -> None:
        self.set_header("Content-Type", _JSON)
        self.set_header("Cache-Control", f"public, max-age={max_age}" if max_age else "no-store")
        self.finish(body)

    def spend(self) -> None:
        """Takes one of the client's tokens."""
        forwarded = self.request.headers.get_list("X-Forwarded-For")
        trust_proxy = self._service.limits.trust_proxy
        client = client_of(self.request.remote_ip or "", forwarded, trust_proxy=trust_proxy)
        if wait := self._service.buckets.take(client):
            raise _FailedError(429, retry_after=math.ceil(wait))

    def given(self, operation: Operation | None) -> msgspec.Struct:
        try:
            return parse(operation.parameters if operation else NoParameters, self.request.query)
        except RefusedError as error:
            raise _FailedError(400, parameters=tuple(error.refusals)) from None

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        error = kwargs["exc_info"][1] if "exc_info" in kwargs else None
        status = status_code if status_code in _SAID or isinstance(error, _FailedError) else 500
        failed = error if isinstance(error, _FailedError) else _FailedError(status)
        phrase = HTTPStatus(status).phrase
        zh, en = (said.format(seconds=failed.retry_after) for said in failed.said or _SAID[status])
        problem = Problem("about:blank", phrase, status, zh, en, failed.parameters)
        self.set_status(status)
        self.set_header("Content-Type", openapi.PROBLEM_TYPE)
        self.set_header("Cache-Control", "no-store")
        if failed.retry_after:
            self.set_header("Retry-After", str(failed.retry_after))
        if status == HTTPStatus.METHOD_NOT_ALLOWED:
            self.set_header("Allow", ", ".join(openapi.METHODS))
        self.finish(msgspec.json.encode(problem))

    def log_exception(
        self,
        typ: type[BaseException] | None,
        value: BaseException | None,
        tb: TracebackType | None,
    ) -> None:
        """Tracebacks of defects; without what was asked."""
        if not isinstance(value, HTTPError):
            app_log.error("%s %s", self.request.method, self.request.path, exc_info=(typ, value, tb))  # type: ignore[arg-type]


class _OperationHandler(_Handler):
    def initialize(self, service: _Service, operation: Operation) -> None:  # type: ignore[override]
        super().initialize(service)
        self._operation = operation

    async def get(self) -> None:
        if self._operation.is_limited:
            self.spend()
        given = self.given(self._operation)
        self.give(await self._service.ask(self._operation, given), self._operation.max_age)

    head = get


class _DocumentHandler(_Handler):
    def initialize(self, service: _Service, body: bytes) -> None:  # type: ignore[override]
        super().initialize(service)
        self._body = body

    def get(self) -> None:
        self.given(None)
        self.give(self._body, openapi.MAX_AGE)

    head = get


class _NothingHandler(_Handler):
    """An address that isn't there, whatever the method."""

    def initialize(self) -> None:  # type: ignore[override]
        """Has nothing to serve."""

    def prepare(self) -> None:
        raise _FailedError(404)


def routes(engine_source: EngineSource, limits: Limits, prefix: str = "") -> list[URLSpec]:
    """The rules of an API whose paths begin with `prefix`, to stand before others' in an application."""
    service = _Service(engine_source, limits)
    body = msgspec.json.encode(openapi.document(prefix))
    return [
        *(
            URLSpec(prefix + operation.path, _OperationHandler, {"service": service, "operation": operation})
            for operation in OPERATIONS
        ),
        URLSpec(
            prefix + openapi.PATH.replace(".", r"\."), _DocumentHandler, {"service": service, "body": body}
        ),
    ]


def make_application(engine_source: EngineSource, limits: Limits) -> Application:
    """An application that is nothing but the API."""
    return Application(
        routes(engine_source, limits), default_handler_class=_NothingHandler, log_function=_log
    )


def _log(handler: RequestHandler) -> None:
    milliseconds = 1000 * handler.request.request_time()
    request = handler.request
    access_log.info("%d %s %s %.0f ms", handler.get_status(), request.method, request.path, milliseconds)


def serve(engine_source: EngineSource, host: str, port: int, limits: Limits) -> None:
    """Serves until interrupted or told to end. Raises GenError if the port is taken."""
    asyncio.run(_serve(engine_source, host, port, limits))


async def _serve(engine_source: EngineSource, host: str, port: int, limits: Limits) -> None:
    server = HTTPServer(
        make_application(engine_source, limits),
        max_header_size=MAX_HEADERS,
        max_body_size=MAX_BODY,
        idle_connection_timeout=IDLE_SECONDS,
        body_timeout=BODY_SECONDS,
    )
    try:
        server.listen(port, host)
    except OSError as error:
        raise GenError(Issue("", 0, "api.port", {"port": str(port), "why": str(error.strerror)})) from None
    print(text("api.ready", language(), address=f"http://{host}:{port}/"), file=sys.stderr)
    ended = asyncio.Event()
    with suppress(NotImplementedError):  # where there are no signals, nothing ends it gently
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, ended.set)
    try:
        await ended.wait()
    finally:
        server.stop()
        await server.close_all_connections()
