"""`gen move`: a document to another place, with its files; its old address redirects and links to it are mended."""

import os
import posixpath
import re
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import quote, unquote

import msgspec
import yaml

from gen.catalogue.store import Store
from gen.check import open_catalogue
from gen.content.document import SUFFIX, Document, check_path, is_intro, place, resolve
from gen.content.front_matter import FrontMatter, Split, split
from gen.errors import GenError, Issue
from gen.files import prune_empty_folders, replace
from gen.schema import field_names

_TARGET = re.compile(
    r"""(?P<before>\]\([ \t]*<|^[ ]{0,3}\[[^\]\n]+\]:[ \t]*<)(?P<angled>[^<>\n]+)>"""
    r"""|(?P<open>\]\([ \t]*|^[ ]{0,3}\[[^\]\n]+\]:[ \t]*|\b(?:href|src)=["']?)(?P<target>(?:[^\s"'<>()#]|\([^\s"'<>()#]*\))+)""",
    re.MULTILINE,
)
_FILE_FIELDS = ("picture", "attachments", "interprets", "answers", "translates")


def move(root: Path, source: Path, target: Path) -> list[Path]:
    """Moves a document; `source` and `target` are files below `root`. Returns the paths written, the new one first.

    Nothing is written unless all of it can be. Raises GenError if there is no such document, the target is taken or
    lies in no column.
    """
    old, new = _below_content(root, source), _below_content(root, target)
    if new.endswith("/") or (root / "content" / new).is_dir():
        new = f"{new.rstrip('/')}/{posixpath.basename(old)}"
    with open_catalogue(root, None) as (_, store, accepted):
        document = _document(root, store, old, accepted.issues)
        moved = _check_target(root, store, document, new)
        sources = [
            row[0]
            for row in store.connection.execute(
                """SELECT DISTINCT source FROM links WHERE source <> ? AND (target = ? OR (target > ? AND target < ?))
                ORDER BY source""",
                (old, old, document.files_folder, document.files_folder[:-1] + "0"),
            )
        ]
    texts = {path: _retarget(_read(root, path), path, path, old, new) for path in sources}
    own = _retarget(_read(root, old), old, new, old, new)
    if document.site == moved.site:
        own = _with_aliases(own, document, moved)
    texts = {path: text for path, text in texts.items() if text != _read(root, path)}
    _carry_out(root, old, new, own, texts)
    return [Path("content") / path for path in (new, *texts)]


def _below_content(root: Path, path: Path) -> str:
    trailing = "/" if str(path).endswith("/") else ""
    inside = os.path.relpath(path.absolute(), (root / "content").absolute()).replace(os.sep, "/")
    if inside == ".." or inside.startswith("../"):
        raise GenError(Issue(str(path), 0, "move.outside"))
    return inside + trailing


def _document(root: Path, store: Store, path: str, issues: Iterable[Issue]) -> Document:
    found = store.document(path)
    if found is None and (root / "content" / path).is_file():
        site = store.group.owner(path.partition("/")[0])
        if errors := [issue for issue in issues if issue.is_error and site and issue.site == site.id]:
            raise GenError(*errors)  # a site with errors isn't in the catalogue
    if found is None or is_intro(path):
        raise GenError(Issue(f"content/{path}", 0, "move.no_document"))
    return found[0]


def _check_target(root: Path, store: Store, document: Document, new: str) -> Document:
    """What the document becomes at its new path."""
    issues = check_path(new, document.site)
    if not new.endswith(SUFFIX):
        issues.append(Issue(f"content/{new}", 0, "move.suffix"))
    if (root / "content" / new).exists() or (root / "content" / new.removesuffix(SUFFIX)).exists():
        issues.append(Issue(f"content/{new}", 0, "move.taken"))
    parsed = store.parsed(document.parsed)
    assert parsed is not None, document.path
    moved, found = place(store.group, new, document.parsed, parsed)
    issues += [issue for issue in found if issue.is_error]
    if moved is None and not issues:
        folder = new.partition("/")[0]
        issues.append(
            Issue(
                f"content/{new}",
                0,
                "content.unknown_site",
                {"folder": folder, "known": "、".join(store.group.sites)},
            )
        )
    if issues or moved is None:
        raise GenError(*issues)
    return moved


def _read(root: Path, path: str) -> str:
    return (root / "content" / path).read_text(encoding="utf-8-sig")


def _retarget(source: str, was: str, now: str, old: str, new: str) -> str:
    """The text of a document at `was`, soon at `now`, with each relative target kept right as `old` becomes `new`."""
    old_files, new_files = old.removesuffix(SUFFIX) + "/", new.removesuffix(SUFFIX) + "/"

    def mended(target: str) -> str | None:
        """What to write instead of a target; None to leave it."""
        if "://" in target or target.startswith(("/", "#", "mailto:", "tel:")):
            return None
        name, mark, anchor = target.partition("#")
        path = resolve(was, unquote(name))
        if path is None or not name:
            return None
        if path == old:
            path = new
        elif path.startswith(old_files):
            path = new_files + path.removeprefix(old_files)
        elif was == now or not ("/" in name or "." in name):
            return None
        written = posixpath.relpath(path, posixpath.dirname(now) or ".")
        return (quote(written) if unquote(name) != name else written) + mark + anchor

    def in_text(match: re.Match[str]) -> str:
        before, target = match["before"] or match["open"], match["angled"] or match["target"]
        closing = ">" if match["angled"] else ""
        return f"{before}{mended(target) or target}{closing}"

    parts = split(source)
    if not isinstance(parts, Split):
        return source
    head = parts.yaml
    for node in reversed(_scalars(head, _FILE_FIELDS)):
        written = mended(node.value)
        if written is not None:
            head = head[: node.start_mark.index] + _quoted(written) + head[node.end_mark.index :]
    return _assembled(source, parts, head) + _TARGET.sub(in_text, parts.text)


def _assembled(source: str, parts: Split, head: str) -> str:
    """All of a file up to its text, with another front matter."""
    before_text = source[: len(source) - len(parts.text)]
    opening = before_text.index("\n") + 1
    return before_text[:opening] + head + before_text[opening + len(parts.yaml) :]


def _quoted(value: str) -> str:
    """A path as YAML, in quotes if it needs them."""
    return value if _PLAIN.fullmatch(value) else msgspec.json.encode(value).decode()


_PLAIN = re.compile(r"(?!-|true$|false$|null$|~)[\w./-]*[\w/-]")


def _values(yaml_text: str, fields: Iterable[str]) -> list[yaml.Node]:
    """The values of these fields, in the order of the file."""
    root = yaml.compose(yaml_text, Loader=yaml.CSafeLoader)
    names = {written for name in fields for written in field_names(FrontMatter, name)}
    pairs = root.value if isinstance(root, yaml.MappingNode) else []
    return [value for key, value in pairs if key.value in names]


def _scalars(yaml_text: str, fields: Iterable[str]) -> list[yaml.ScalarNode]:
    """The texts in these fields, single or in lists."""
    found: list[yaml.ScalarNode] = []
    for node in _values(yaml_text, fields):
        items = node.value if isinstance(node, yaml.SequenceNode) else [node]
        found += [item for item in items if isinstance(item, yaml.ScalarNode) and item.value]
    return found


def _with_aliases(source: str, document: Document, moved: Document) -> str:
    """The text with its old address among its aliases, and without the one that is now its own again."""
    parts = split(source)
    assert isinstance(parts, Split), "only documents that could be read are moved"
    assert document.matter is not None, document.path
    kept = [alias for alias in document.matter.aliases if alias.strip("/") != moved.address]
    written = f"[{', '.join(map(_quoted, [*kept, document.address]))}]"
    head = parts.yaml
    nodes = _values(head, ("aliases",))
    if not nodes:
        head = f"{head}旧地址: {written}\n"
    else:
        (node,) = nodes
        if isinstance(node, yaml.SequenceNode) and not node.flow_style:
            indent = " " * node.start_mark.column
            lines = [f"- {_quoted(alias)}" for alias in (*kept, document.address)]
            written = f"\n{indent}".join(lines) + "\n"
        start, end = node.start_mark.index, node.end_mark.index
        if not node.value:
            written = f" {written}" if not head[:start].endswith((" ", "\t")) else written
        tail = head[end:]
        head = head[:start] + written + (tail.lstrip(" ") if written.endswith("\n") else tail)
    return _assembled(source, parts, head) + parts.text


def _carry_out(root: Path, old: str, new: str, own: str, texts: dict[str, str]) -> None:
    content = root / "content"
    (content / new).parent.mkdir(parents=True, exist_ok=True)
    replace(content / new, own.encode())
    files = content / old.removesuffix(SUFFIX)
    if files.is_dir():
        files.rename(content / new.removesuffix(SUFFIX))
    for path, text in texts.items():
        replace(content / path, text.encode())
    (content / old).unlink()
    prune_empty_folders((content / old).parent, content)
