"""A theme's options: declared in `theme.yaml`, typed for each site, colours held to the contrast they need."""

import difflib
from collections.abc import Callable, Iterator, Mapping
from enum import StrEnum
from typing import Annotated, Any

import msgspec

from gen import colour, policy
from gen.config.model import FILES_FOLDER, Site
from gen.config.resolve import FILE as SITES_FILE
from gen.errors import Issue
from gen.schema import Key, Words


class OptionType(StrEnum):
    COLOUR = "colour"
    TEXT = "text"
    NUMBER = "number"
    FLAG = "flag"
    CHOICE = "choice"
    FILE = "file"
    LIST = "list"


class Directive(StrEnum):
    """Parts of the Content-Security-Policy that an option may widen."""

    CONNECT = "connect-src"
    IMAGES = "img-src"
    MEDIA = "media-src"


class Contrast(msgspec.Struct, frozen=True):
    """What a colour must be readable against: colours, or other colour options by name."""

    against: Annotated[tuple[str, ...], Words, Key("", "colours, or names of colour options")]
    ratio: Annotated[float, Key("", "the contrast it needs, as WCAG counts it")] = 4.5
    line: int = 0


class Option(msgspec.Struct, frozen=True):
    type: Annotated[OptionType, Key("", "the option's type")]
    default: Annotated[Any, Key("", "its value where a site sets none")] = None
    description: Annotated[str, Key("", "what it does")] = ""
    choices: Annotated[tuple[str, ...], Key("", "the values of a choice")] = ()
    contrast: Annotated[Contrast | None, Key("", "what a colour must be readable against")] = None
    allows: Annotated[Directive | None, Key("", "what pages may load from the address that it gives")] = None
    line: int = 0


class Declared(msgspec.Struct, frozen=True):
    """An option, and the `theme.yaml` that declares it."""

    option: Option
    file: str


def check_options(options: Mapping[str, Declared]) -> Iterator[Issue]:
    """What is wrong with how options are declared."""
    colours = {key for key, one in options.items() if one.option.type is OptionType.COLOUR}
    for key, one in options.items():
        wanted = one.option.contrast
        if wanted is None:
            continue
        params = {"option": key}
        if key not in colours:
            yield Issue(one.file, wanted.line, "theme.contrast_type", params)
        if not colour.LEAST <= wanted.ratio <= colour.MOST:
            yield Issue(
                one.file, wanted.line, "theme.contrast_ratio", {**params, "found": f"{wanted.ratio:g}"}
            )
        for ground in wanted.against:
            if not colour.is_colour(ground) and ground not in colours:
                yield Issue(one.file, wanted.line, "theme.contrast_ground", {**params, "found": ground})


def site_options(options: Mapping[str, Declared], site: Site) -> tuple[dict[str, object], list[Issue]]:
    """The options with a site's values, typed; and what is wrong with them, each with its line."""
    issues = []
    for key in site.options:
        if key not in options:
            near = difflib.get_close_matches(key, options, n=1)
            params = {
                "option": key,
                "theme": site.theme,
                "known": "、".join(options),
                "near": near[0] if near else "",
            }
            issues.append(_issue(site, key, "theme.unknown_option", params))
    values: dict[str, object] = {}
    for key, one in options.items():
        given = site.options.get(key, one.option.default)
        try:
            values[key] = option_value(one.option, given)
        except ValueError:
            params = {"option": key, "found": str(given), "expected": f"@option_{one.option.type}"}
            issues.append(_issue(site, key, "theme.bad_option", params))
    if not issues:
        issues += _unreadable(options, values, site)
    return values, issues


def _unreadable(options: Mapping[str, Declared], values: Mapping[str, object], site: Site) -> Iterator[Issue]:
    """Colours that can't be read where the theme puts them."""
    for key, one in options.items():
        wanted, found = one.option.contrast, str(values[key])
        if wanted is None or not found:
            continue
        named = {ground: str(values.get(ground, ground)) for ground in wanted.against}
        grounds = {name: ground for name, ground in named.items() if ground}
        if colour.least_contrast(found, tuple(grounds.values())) >= wanted.ratio:
            continue
        worst = min(grounds, key=lambda name: colour.contrast(found, grounds[name]))
        better = colour.readable(found, tuple(grounds.values()), wanted.ratio)
        params = {
            "option": key,
            "found": found,
            "ground": worst if worst == grounds[worst] else f"{worst} {grounds[worst]}",
            "has": f"{int(100 * colour.contrast(found, grounds[worst])) / 100:g}",
            "needs": f"{wanted.ratio:g}",
            "better": better,
        }
        code = "theme.contrast" if better else "theme.contrast_never"
        if {key, *wanted.against} & site.options.keys():
            where = key if key in site.options else next(g for g in wanted.against if g in site.options)
            yield _issue(site, where, code, params)
        else:
            yield Issue(one.file, one.option.line, code, params, site=site.id)


def _issue(site: Site, key: str, code: str, params: dict[str, str]) -> Issue:
    return Issue(SITES_FILE, site.option_lines.get(key, site.line), code, params, site=site.id)


def option_value(option: Option, given: object) -> object:
    """The typed value of an option. Raises ValueError."""
    if option.type is OptionType.LIST:
        items = given if isinstance(given, tuple) else (given,) if given is not None else ()
        texts = tuple(str(item) for item in items)
        return texts if not option.choices or set(texts) <= set(option.choices) else _refuse(str(given))
    if isinstance(given, tuple | dict):
        _refuse(str(given))
    if given is None:
        return {OptionType.FLAG: False, OptionType.NUMBER: 0}.get(option.type, "")
    text = str(given)
    match option.type:
        case OptionType.COLOUR if not colour.is_colour(text):
            raise ValueError(text)
        case OptionType.CHOICE if text not in option.choices:
            raise ValueError(text)
        case OptionType.FILE if not text.startswith(f"{FILES_FOLDER}/") or ".." in text:
            raise ValueError(text)
        case OptionType.FLAG:
            return (
                {"true": True, "是": True, "false": False, "否": False}[text]
                if text in _FLAGS
                else _refuse(text)
            )
        case OptionType.NUMBER:
            return float(text) if "." in text else int(text)
    return text


_FLAGS = frozenset({"true", "是", "false", "否"})


def _refuse(text: str) -> object:
    raise ValueError(text)


def policy_of(options: Mapping[str, Declared], values: Mapping[str, object]) -> str:
    """The Content-Security-Policy of a site with these values."""
    allowed: dict[str, list[str]] = {}
    for key, one in options.items():
        if one.option.allows and (origin := policy.origin(str(values[key]))):
            allowed.setdefault(one.option.allows.value, []).append(origin)
    return policy.content_policy(allowed)


def colour_functions() -> dict[str, Callable[..., object]]:
    """What templates and asset templates may ask of colours."""
    return {
        "contrast": colour.contrast,
        "readable": _readable,
        "shade": colour.shade,
        "mix": colour.mix,
    }


def _readable(shown: str, *grounds: str, ratio: float = 4.5) -> str:
    """The colour, or the nearest of its hue that can be read on all `grounds`. Raises ValueError if none can."""
    found = colour.readable(shown, grounds, ratio)
    if not found:
        raise ValueError(f"readable({shown}, {', '.join(grounds)}, ratio={ratio:g}): ∅")
    return found
