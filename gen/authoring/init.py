"""`gen init` and `gen add-site`: a group that builds at once, and one more site in it."""

import shutil
from pathlib import Path
from textwrap import indent

import msgspec

from gen.config.resolve import FILE, load_group
from gen.errors import GenError, Issue
from gen.files import replace

_PACKAGE = Path(__file__).parents[1]
STARTER = Path(__file__).parent / "starter"


def themes_folder() -> Path:
    """The themes that come with gen: inside an installed package, beside it in a checkout."""
    inside = _PACKAGE / "themes"
    return inside if inside.is_dir() else _PACKAGE.parent / "themes"


def init(folder: Path, name: str) -> list[Path]:
    """Makes a group in an empty or new folder; returns what lies at its top.

    Raises GenError if the folder holds anything.
    """
    if folder.exists() and any(folder.iterdir()):
        raise GenError(Issue(str(folder), 0, "init.not_empty"))
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copytree(STARTER / "content", folder / "content")
    shutil.copytree(themes_folder(), folder / "themes", ignore=shutil.ignore_patterns("__pycache__"))
    settings = (
        (STARTER / FILE).read_text(encoding="utf-8").replace("{name}", msgspec.json.encode(name).decode())
    )
    (folder / FILE).write_text(settings, encoding="utf-8")
    (folder / ".gitignore").write_text(".gen/\nout/\n", encoding="utf-8")
    return sorted(folder.iterdir())


def add_site(
    root: Path, site_id: str, *, name: str, kind: str, domain: str, site_code: str, phone: str
) -> Path:
    """Appends a site to `sites.yaml` and returns the file.

    Raises GenError, and leaves the file as it was, if the group would then be wrong.
    """
    known = load_group(root)
    path = root / FILE
    before = path.read_bytes()

    def quoted(value: str) -> str:
        return msgspec.json.encode(value).decode()

    entry = f"""\
- id: {quoted(site_id)}
  name: {quoted(name)}
  kind: {quoted(kind)}
  domain: {quoted(domain)}
  site_code: {quoted(site_code)}
  organiser: {quoted(name)}
  contact: {{phone: {quoted(phone)}}}
"""
    last = max(site.line for site in known.sites.values())
    dash = before.decode("utf-8-sig").split("\n")[last - 1].find("-")
    replace(path, before.rstrip() + b"\n" + indent(entry, " " * max(0, dash)).encode())
    try:
        group = load_group(root)
        if site_id not in group.sites:
            raise GenError(Issue(FILE, 0, "init.not_at_end"))
    except GenError as error:
        replace(path, before)
        if any(issue.code == "yaml.syntax" for issue in error.issues):
            raise GenError(Issue(FILE, 0, "init.not_at_end")) from None
        raise
    return path
