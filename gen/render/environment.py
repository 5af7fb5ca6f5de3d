"""Jinja2 as themes get it: escaping always, undefined names are errors, a site's own theme in the sandbox."""

import contextlib
import marshal
import re
from collections.abc import Callable, Mapping, MutableMapping, Sized
from types import CodeType
from typing import Any

import jinja2
from jinja2.exceptions import SecurityError
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment

from gen.limits import TimeLimitError, time_limit
from gen.render.body import file_size
from gen.render.dates import (
    chinese_date,
    chinese_period,
    english_date,
    english_period,
    iso_date,
    iso_moment,
)
from gen.render.typeset import addressee, is_signed, shorten_chinese, shorten_english, turns
from gen.text import Language, text
from gen.theme import Theme, named_templates
from gen.theme_options import colour_functions
from gen.theme_texts import translator

TEMPLATE = "<template>"
"""What a template's name has in front as a file name, so that tracebacks can be told apart."""
MAX_TEXT = 1_000_000
MAX_SECONDS = 10.0
"""For compiling a theme."""


class _Sandbox(ImmutableSandboxedEnvironment):
    """The sandbox, without the operators that make any amount of memory out of a few characters."""

    intercepted_binops = frozenset({"*", "**", "%"})

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        numbers = isinstance(left, int | float) and isinstance(right, int | float)
        if not numbers and not (operator == "%" and _is_short_format(left)):
            sizes = [len(side) for side in (left, right) if isinstance(side, Sized)]
            factors = [abs(side) for side in (left, right) if isinstance(side, int | float)]
            if operator == "%" or max(sizes, default=1) * max(factors, default=1) > MAX_TEXT:
                raise SecurityError(f"{operator}: too large")
        if numbers and operator == "**" and (abs(left) > MAX_TEXT or abs(right) > MAX_POWER):
            raise SecurityError(f"{operator}: too large")
        return super().call_binop(context, operator, left, right)


MAX_POWER = 64


def _is_short_format(value: object) -> bool:
    """Whether a text may be filled in by %: it asks for no width."""
    return isinstance(value, str) and not re.search(r"%[^a-zA-Z%]*[\d*]{4}", value)


class _Loader(jinja2.FunctionLoader):
    """A theme's templates: from what they were compiled to before, or from their source."""

    def __init__(self, theme: Theme, compiled: Mapping[str, bytes]) -> None:
        super().__init__(lambda name: _source(theme, name))
        self._compiled = compiled

    def load(
        self,
        environment: jinja2.Environment,
        name: str,
        globals: MutableMapping[str, Any] | None = None,  # noqa: A002 - as Jinja2 calls it
    ) -> jinja2.Template:
        kept = self._compiled.get(name)
        if kept is None:
            return super().load(environment, name, globals)
        code: CodeType = marshal.loads(kept)  # noqa: S302 - from the state, which only we write
        return environment.template_class.from_code(environment, code, globals or {}, lambda: True)


def _source(theme: Theme, name: str) -> tuple[str, str, Callable[[], bool]] | None:
    source = theme.templates.get(name)
    return None if source is None else (source, TEMPLATE + name, lambda: True)


def compile_templates(theme: Theme) -> dict[str, bytes]:
    """Python's code for the templates of a theme, the same for all languages.

    One that is named nowhere, or can't be compiled, or not in time, is left to the page that needs it, which tells what is wrong.
    """
    environment = make_environment(theme, "zh", {})
    compiled: dict[str, bytes] = {}
    with contextlib.suppress(TimeLimitError), time_limit(MAX_SECONDS):
        for name in named_templates(theme):
            try:
                code = environment.compile(theme.templates[name], name, TEMPLATE + name)
                compiled[name] = marshal.dumps(code)
            except TimeLimitError:
                raise
            except Exception:  # noqa: BLE001, S112 - whatever it is, it comes again where it can be told
                continue
    return compiled


def make_environment(theme: Theme, lang: Language, compiled: Mapping[str, bytes]) -> jinja2.Environment:
    """The environment of a theme's templates on sites of one language; `compiled`: what `compile_templates` made of them."""
    kind = _Sandbox if theme.is_sandboxed else jinja2.Environment
    environment = kind(
        loader=_Loader(theme, compiled),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        cache_size=-1,
    )
    environment.filters.update(
        date=iso_date,
        moment=iso_moment,
        long_date=chinese_date if lang == "zh" else english_date,
        zh_date=chinese_date,
        filesize=file_size,
        turns=turns,
        addressee=addressee,
        kind_name=lambda kind: text(f"kind.{kind}", lang),
        shorten=shorten_chinese if lang == "zh" else shorten_english,
        period=chinese_period if lang == "zh" else english_period,
    )
    environment.tests["signed"] = is_signed
    environment.globals.update(colour_functions(), t=translator(theme.texts, lang))
    return environment


def template_place(error: Exception) -> tuple[str, int]:
    """The innermost template and line an error came from: Jinja2 rewrites tracebacks to name them."""
    place = ("", 0)
    trace = error.__traceback__
    while trace:
        file = trace.tb_frame.f_code.co_filename
        if file.startswith(TEMPLATE):
            place = (file.removeprefix(TEMPLATE), trace.tb_lineno)
        trace = trace.tb_next
    return place
