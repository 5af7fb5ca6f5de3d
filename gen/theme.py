"""Themes: found, inherited, their options typed, their assets fingerprinted.

A theme is a folder with `theme.yaml`, `templates/` and `assets/`. One that `extends` another holds what differs; it
is a site's own and its templates run in Jinja2's sandbox.
"""

import posixpath
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import jinja2
import msgspec
import rjsmin
from jinja2.sandbox import SandboxedEnvironment

from gen.config.file import THEME
from gen.config.model import Group, Site
from gen.errors import GenError, Issue
from gen.files import digest, read_below, walk
from gen.limits import TimeLimitError, time_limit
from gen.plan.artifact import SiteAssets
from gen.schema import Key, parse
from gen.theme_options import Declared, Option, check_options, colour_functions, policy_of, site_options
from gen.theme_texts import FILE as TEXTS_FILE
from gen.theme_texts import Said, TextsFile, unequal

HASH_LENGTH = 10
MAX_SECONDS = 5.0
"""For one asset made from a template."""
_REFERENCE = re.compile(r"\{%[-+]?\s*(?:extends|include|import|from)\b|\bpart\(")
_CONSTANT_REFERENCE = re.compile(
    r"""\{%[-+]?\s*(?:extends|include|import|from)\s+["']([^"']+)["']\s*(?=[-+]?%\}|import\b|as\b|ignore\b|with)"""
    r"""|\bpart\(["']([^"']+)["'](?=[,)])"""
)


class ThemeFile(msgspec.Struct, frozen=True):
    """`theme.yaml`."""

    name: Annotated[str, Key("", "the theme's name: that of its folder")]
    extends: Annotated[str | None, Key("", "the theme that this one changes", pattern=THEME)] = None
    description: Annotated[str, Key("", "what the theme is for")] = ""
    options: Annotated[dict[str, Option], Key("", "what a site may set")] = {}


class Theme(msgspec.Struct, frozen=True):
    """A theme with all that it inherits. `templates` and `assets`: name → source, nearest theme first.

    `templates` also holds every template of the chain under `<theme>/<name>`, for overriding by blocks.
    """

    name: str
    chain: tuple[str, ...]
    options: dict[str, Declared]
    templates: dict[str, str]
    assets: dict[str, bytes]
    texts: dict[str, Said] = {}

    @property
    def is_sandboxed(self) -> bool:
        return len(self.chain) > 1

    def file_of(self, template: str) -> str:
        """Where a template's source lies: in the nearest theme that has it, or in the one it names."""
        for theme in self.chain:
            if f"{theme}/{template}" in self.templates:
                return f"themes/{theme}/templates/{template}"
        theme, _, name = template.partition("/")
        return f"themes/{theme}/templates/{name}"

    def resolve(self, *candidates: str) -> str:
        """The first candidate that exists, else the last."""
        return next((name for name in candidates if name in self.templates), candidates[-1])


def load_themes(folder: Path, names: set[str]) -> tuple[dict[str, Theme], list[Issue]]:
    """The named themes of `folder` that are whole, and what is wrong with the others."""
    themes: dict[str, Theme] = {}
    issues: list[Issue] = []
    for name in sorted(names):
        try:
            themes[name] = _load(folder, name, ())
        except GenError as error:
            issues += error.issues
    return themes, issues


def _load(folder: Path, name: str, chain: tuple[str, ...]) -> Theme:
    where = f"themes/{name}/theme.yaml"
    try:
        text = (folder / name / "theme.yaml").read_text(encoding="utf-8")
    except (FileNotFoundError, NotADirectoryError):
        known = "、".join(sorted(path.parent.name for path in folder.glob("*/theme.yaml")))
        raise GenError(Issue(where, 0, "theme.missing", {"theme": name, "known": known})) from None
    except UnicodeDecodeError:
        raise GenError(Issue(where, 0, "file.encoding")) from None
    file, issues = parse(text, ThemeFile)
    if file is None:
        raise GenError(*(issue.at(where, "") for issue in issues))
    if file.name != name:
        raise GenError(Issue(where, 0, "theme.name", {"found": file.name, "folder": name}))
    if name in chain:
        raise GenError(Issue(where, 0, "theme.cycle", {"chain": " → ".join((*chain, name))}))
    base = _load(folder, file.extends, (*chain, name)) if file.extends else None
    options = {
        **(base.options if base else {}),
        **{key: Declared(option, where) for key, option in file.options.items()},
    }
    if issues := list(check_options(options)):
        raise GenError(*issues)
    own = _read_folder(folder / name / "templates", f"themes/{name}/templates")
    templates = {path: data.decode("utf-8", "replace") for path, data in own.items()}
    prefixed = {f"{name}/{path}": source for path, source in templates.items()}
    inherited = base.templates if base else {}
    own_assets = _read_folder(folder / name / "assets", f"themes/{name}/assets")
    return Theme(
        name=name,
        chain=(name, *(base.chain if base else ())),
        options=options,
        templates={**inherited, **templates, **prefixed},
        assets={**(base.assets if base else {}), **own_assets},
        texts={**(base.texts if base else {}), **_read_texts(folder / name, f"themes/{name}/{TEXTS_FILE}")},
    )


def _read_texts(folder: Path, where: str) -> dict[str, Said]:
    """A theme's own texts; none if it has no file of them."""
    try:
        source = (folder / TEXTS_FILE).read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return {}
    except UnicodeDecodeError:
        raise GenError(Issue(where, 0, "file.encoding")) from None
    file, issues = parse(source, TextsFile)
    if file is None:
        raise GenError(*(issue.at(where, "") for issue in issues))
    if wrong := unequal(file.texts):
        raise GenError(*(Issue(where, said.line, "theme.text", {"key": key}) for key, said in wrong))
    return {key: msgspec.structs.replace(said, line=0) for key, said in file.texts.items()}


def _read_folder(folder: Path, where: str) -> dict[str, bytes]:
    """Every file of a theme's folder by its path there. Raises GenError if any isn't a regular file."""
    found = sorted(walk(folder), key=lambda found: found[0])
    issues = [
        Issue(f"{where}/{path}", 0, "content.not_a_file")
        for path, entry in found
        if not entry.is_file(follow_symlinks=False)
    ]
    if issues:
        raise GenError(*issues)
    return {path: read_below(folder, path) for path, _ in found}


class AssetMaker:
    """Makes each site's own copy of a theme's assets; what all sites share is worked out once."""

    def __init__(self, theme: Theme) -> None:
        self._theme = theme
        self.plain = SiteAssets({}, {})
        """Those that are the same for all sites."""
        for name, data in sorted(theme.assets.items()):
            if not name.endswith(".j2"):
                _add(self.plain, name, data)
        environment = SandboxedEnvironment(undefined=jinja2.StrictUndefined, autoescape=False)
        environment.globals.update(colour_functions())
        self._templates: dict[str, jinja2.Template] = {}
        for name in sorted(theme.assets.keys()):
            if name.endswith(".j2"):
                try:
                    self._templates[name] = environment.from_string(theme.assets[name].decode())
                except (jinja2.TemplateSyntaxError, UnicodeDecodeError) as error:
                    raise GenError(self._issue(name, error)) from None

    def make(self, site: Site, options: Mapping[str, object]) -> SiteAssets:
        """Every asset under an address that changes with its bytes; those named `*.j2` rendered with the options.

        Raises GenError if an asset's template is wrong.
        """
        made = SiteAssets(dict(self.plain.addresses), dict(self.plain.contents))
        for name, template in self._templates.items():
            folder = posixpath.dirname(f"assets/{name}")
            try:
                with time_limit(MAX_SECONDS):
                    text = template.render(
                        options=options,
                        site=site,
                        asset=lambda other, folder=folder: posixpath.relpath(made.addresses[other], folder),
                    )
            except TimeLimitError:
                problem = jinja2.TemplateError(f"> {MAX_SECONDS:g} s")
                raise GenError(self._issue(name, problem, site.id)) from None
            except Exception as error:  # noqa: BLE001 - whatever a template does wrong is its maker's to mend
                raise GenError(self._issue(name, error, site.id)) from None
            _add(made, name.removesuffix(".j2"), text.encode(errors="replace"))
        return made

    def _issue(self, name: str, error: Exception, site: str = "") -> Issue:
        where = f"themes/{self._theme.name}/assets/{name}"
        return Issue(
            where, getattr(error, "lineno", 0) or 0, "template.asset", {"problem": str(error)}, site=site
        )


def _add(assets: SiteAssets, name: str, data: bytes) -> None:
    stem, suffix = posixpath.splitext(name)
    if suffix == ".js":  # comments and indentation are for those who read the theme
        data = rjsmin.jsmin(data)
    address = f"assets/{stem}.{digest(data)[:HASH_LENGTH]}{suffix}"
    assets.addresses[name] = address
    assets.contents[address] = data


def closure_digest(theme: Theme, name: str) -> str:
    """A fingerprint of a template and of every template that it can reach."""
    seen: dict[str, str] = {}
    pending = [name]
    while pending:
        current = pending.pop()
        if current in seen:
            continue
        seen[current] = theme.templates.get(current, "")
        constant = [one or other for one, other in _CONSTANT_REFERENCE.findall(seen[current])]
        if len(constant) != len(_REFERENCE.findall(seen[current])):
            seen = theme.templates  # a name worked out while rendering could be any
            break
        pending += constant
    return digest("\0".join(f"{path}\0{seen[path]}" for path in sorted(seen)).encode() + name.encode())


def named_templates(theme: Theme) -> list[str]:
    """The templates that pages are made of: all but those under a theme's name that no other extends or includes."""
    sources = set(theme.templates.values())
    named = {one or other for source in sources for one, other in _CONSTANT_REFERENCE.findall(source)}
    return [name for name in theme.templates if name in named or name.partition("/")[0] not in theme.chain]


def assets_digest(theme: Theme) -> str:
    """A fingerprint of all assets of a theme."""
    return digest(b"\0".join(name.encode() + b"\0" + theme.assets[name] for name in sorted(theme.assets)))


def templates_digest(theme: Theme) -> str:
    """A fingerprint of all templates of a theme."""
    return digest("\0".join(f"{path}\0{theme.templates[path]}" for path in sorted(theme.templates)).encode())


def policies(folder: Path, group: Group) -> dict[str, str]:
    """Each site's Content-Security-Policy. Raises GenError if a theme or an option is wrong."""
    loaded, issues = load_themes(folder, themes_of(group))
    made = {}
    for site in group.sites.values():
        if theme := loaded.get(site.theme):
            values, found = site_options(theme.options, site)
            issues += found
            made[site.id] = "" if found else policy_of(theme.options, values)
    if issues:
        raise GenError(*issues)
    return made


def themes_of(group: Group) -> set[str]:
    return {site.theme for site in group.sites.values()}
