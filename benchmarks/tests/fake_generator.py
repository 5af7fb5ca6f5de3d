"""Stands in for a generator: pages, one list a column, and on demand the faults that the runner must see."""

import sys
from pathlib import Path


def build(fault: str) -> int:
    edition = Path("themes/civic/templates/base.html").read_text(encoding="utf-8")
    lists: dict[Path, list[str]] = {}
    for source in sorted(Path("content").rglob("[!_]*.md")):
        page = Path("out") / source.relative_to("content").with_suffix(".html")
        page.parent.mkdir(parents=True, exist_ok=True)
        text = source.read_text(encoding="utf-8")
        lists.setdefault(page.parent.parent, []).append(text.splitlines()[1])
        if not (fault == "stale" and page.exists()):
            page.write_text(text + edition, encoding="utf-8")
    for folder, titles in lists.items():
        if not (fault == "stale-lists" and (folder / "index.html").exists()):
            (folder / "index.html").write_text("\n".join(titles), encoding="utf-8")
    return 3 if fault == "exit" else 0


if __name__ == "__main__":
    sys.exit(build(sys.argv[1]))
