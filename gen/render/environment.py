"""Jinja2 as themes get it: escaping always, undefined names are errors, a site's own theme in the sandbox."""

from datetime import date, datetime
from pathlib import Path

import jinja2
from jinja2.sandbox import ImmutableSandboxedEnvironment

from gen.render.body import file_size
from gen.theme import Theme


def make_environment(theme: Theme, cache: Path | None = None) -> jinja2.Environment:
    """The environment of a theme's templates. `cache`: a folder where compiled templates may be kept."""
    kind = ImmutableSandboxedEnvironment if theme.is_sandboxed else jinja2.Environment
    environment = kind(
        loader=jinja2.DictLoader(theme.templates),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        cache_size=-1,
        bytecode_cache=jinja2.FileSystemBytecodeCache(str(cache)) if cache else None,
    )
    environment.filters.update(date=iso_date, moment=iso_moment, zh_date=chinese_date, filesize=file_size)
    return environment


def iso_date(value: date | datetime) -> str:
    return value.isoformat()[:10]


def iso_moment(value: datetime) -> str:
    """`YYYY-MM-DD HH:MM`, the form that PubDate asks for (政府网站发展指引, 国办发〔2017〕47号, annex on page labels)."""
    return value.isoformat(" ", "minutes")


def chinese_date(value: date | datetime) -> str:
    return f"{value.year}年{value.month}月{value.day}日"
