"""`gen move`: a document to another place, with its files; its old address redirects and links to it are mended."""

import os
import posixpath
import re
from pathlib import Path

from gen.catalogue.store import Store
from gen.check import open_catalogue
from gen.content.document import SUFFIX, Document, check_path, is_intro, place, resolve
from gen.content.front_matter import Split, split
from gen.errors import GenError, Issue
from gen.files import prune_empty_folders, replace

_TARGET = re.compile(
    r"(?P<before>\]\(\s*<?|href=\"|^\[[^\]]+\]:\s*<?)(?P<target>[^\s\"<>()#]+)", re.MULTILINE
)
_FRONT_TARGET = re.compile(
    r"^(?P<before>\s*(?:-\s*)?(?:(?:interprets|解读|answers|对应文档|picture|题图)\s*:\s*)?[\"']?)(?P<target>[^\s\"'#]+\.\w+)",
    re.MULTILINE,
)
_ALIASES = re.compile(r"^(?:aliases|旧地址)[ \t]*:[ \t]*(?P<inline>.*)$", re.MULTILINE)


def move(root: Path, source: Path, target: Path) -> list[Path]:
    """Moves a document; `source` and `target` are files below `root`. Returns the paths written, the new one first.

    Nothing is written unless all of it can be. Raises GenError if there is no such document, the target is taken or
    lies in no column.
    """
    old, new = _below_content(root, source), _below_content(root, target)
    if new.endswith("/") or (root / "content" / new).is_dir():
        new = f"{new.rstrip('/')}/{posixpath.basename(old)}"
    with open_catalogue(root, None) as (_, store, _):
        document = _document(store, old)
        moved = _check_target(root, store, document, new)
        sources = [
            row[0]
            for row in store.connection.execute(
                "SELECT DISTINCT source FROM links WHERE target = ? AND source <> ? ORDER BY source",
                (old, old),
            )
        ]
    texts = {path: _retarget(_read(root, path), path, path, old, new) for path in sources}
    own = _retarget(_read(root, old), old, new, old, new)
    if document.site == moved.site:
        own = _with_alias(own, document.address)
    texts = {path: text for path, text in texts.items() if text != _read(root, path)}
    _carry_out(root, old, new, own, texts)
    return [Path("content") / path for path in (new, *texts)]


def _below_content(root: Path, path: Path) -> str:
    trailing = "/" if str(path).endswith("/") else ""
    inside = os.path.relpath(path.absolute(), (root / "content").absolute()).replace(os.sep, "/")
    if inside.startswith("../"):
        raise GenError(Issue(str(path), 0, "move.outside"))
    return inside + trailing


def _document(store: Store, path: str) -> Document:
    found = store.document(path)
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
    """The text of a document at `was`, soon at `now`, with each relative target kept right when `old` becomes `new`."""
    old_files, new_files = old.removesuffix(SUFFIX) + "/", new.removesuffix(SUFFIX) + "/"

    def mend(match: re.Match[str]) -> str:
        target = match["target"]
        path = (
            None if "://" in target or target.startswith(("/", "mailto:", "tel:")) else resolve(was, target)
        )
        if path is None or not ("/" in target or "." in target):
            return match[0]
        if path == old:
            path = new
        elif path.startswith(old_files):
            path = new_files + path.removeprefix(old_files)
        elif was == now:
            return match[0]
        return match["before"] + posixpath.relpath(path, posixpath.dirname(now) or ".")

    parts = split(source)
    if not isinstance(parts, Split):
        return source
    head_length = len(source) - len(parts.text)
    return _FRONT_TARGET.sub(mend, source[:head_length]) + _TARGET.sub(mend, parts.text)


def _with_alias(source: str, address: str) -> str:
    """The text with one more alias in its front matter, in the form that is there."""
    parts = split(source)
    assert isinstance(parts, Split), "only documents that could be read are moved"
    head, rest = source[: len(source) - len(parts.text)], parts.text
    match = _ALIASES.search(head)
    if match is None:
        closing = head.rindex("---")
        return f"{head[:closing]}旧地址: [{address}]\n{head[closing:]}{rest}"
    inline = match["inline"].strip()
    if inline.startswith("["):
        kept = inline.rstrip("]").rstrip()
        written = f"{kept}{', ' if kept != '[' else ''}{address}]"
    elif inline:
        written = f"[{inline}, {address}]"
    else:
        return f"{head[: match.end()]}\n  - {address}{head[match.end() :]}{rest}"
    return f"{head[: match.start('inline')]}{written}{head[match.end('inline') :]}{rest}"


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
