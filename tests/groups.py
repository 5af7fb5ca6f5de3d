"""Small groups on the disk (a hub that collects, two departments, a county with a channel), trees as values.

Lists roll over at two documents and sitemaps at three, so that a dozen documents meet every case that a
million would.
"""

import io
import os
import shutil
import tempfile
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from PIL import Image

from gen.build import Options, build, index_all
from gen.outcome import Result

NOW = datetime(2026, 6, 1, 12, 0)
THEMES = Path(__file__).parent / "themes"
LONG_AGO = 1_577_836_800
"""A time stamp old enough that no file looks as if it were still being written."""

Files = dict[str, bytes]
Config = dict[str, Any]


def config() -> Config:
    """`sites.yaml` as a mapping that tests change."""
    return {
        "group": {"name": "小城网站群", "hub": "hub", "theme": "small", "page_size": 2},
        "kinds": {
            "hub": {
                "name": "主站",
                "columns": {
                    "news": {"name": "要闻", "kind": "news", "collect": {"from": ["*/news"]}},
                    "notices": {"name": "公告", "kind": "notices", "page_size": 3},
                    "towns": {"name": "乡镇", "kind": "news", "collect": {"from": "*/*/news", "limit": 2}},
                    "water": {"name": "水", "kind": "data", "collect": {"from": ["*/*"], "tags": ["水"]}},
                },
            },
            "department": {
                "name": "部门",
                "columns": {
                    "news": {"name": "动态", "kind": "news"},
                    "notices": {"name": "通知", "kind": "notices", "page_size": 3},
                    "policies": {"name": "政策", "kind": "policies"},
                    "policies/interpretation": {"name": "解读", "kind": "policies"},
                },
            },
            "county": {"name": "县", "columns": {"news": {"name": "县内新闻", "kind": "news"}}},
            "channel": {"name": "频道", "columns": {"news": {"name": "频道新闻", "kind": "news"}}},
        },
        "sites": [
            site("hub", "小城", "hub"),
            site("edu", "教育局", "department"),
            site("jtj", "交通局", "department", theme="other"),
            {
                **site("xiu", "修水县", "county"),
                "channels": {
                    "school": {"name": "县教体局", "organiser": "县教体局", "contact": {"phone": "1"}}
                },
            },
        ],
    }


def site(site_id: str, name: str, kind: str, **more: object) -> Config:
    code = f"{sum(site_id.encode()) * 7919:010d}"
    made = {"id": site_id, "name": name, "kind": kind, "domain": f"{site_id}.test", "organiser": name}
    return {**made, "contact": {"phone": "0792-1"}, "site_code": code, **more}


def dump(value: object) -> bytes:
    return yaml.safe_dump(value, allow_unicode=True, sort_keys=False).encode()


def document(title: str, published: str, body: str = "正文。\n", **matter: object) -> bytes:
    """A document's file."""
    return b"---\n" + dump({"title": title, "published": published, **matter}) + b"---\n" + body.encode()


@cache
def picture(colour: int = 0, width: int = 490) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, 2), (colour, 80, 80)).save(out, "PNG")
    return out.getvalue()


def themes() -> Files:
    found = (path for path in THEMES.rglob("*") if path.is_file())
    return {f"themes/{path.relative_to(THEMES).as_posix()}": path.read_bytes() for path in found}


def contents() -> Files:
    """A few documents in every site, with one of each relation between documents."""
    made = {
        "hub/news/first.md": document("市里要闻", "2026-01-05", tags=["水"]),
        "hub/_site.md": b"---\ntitle: \xe6\xac\xa2\xe8\xbf\x8e\n---\n[x](news/first.md)\n",
        "edu/news/a.md": document(
            "开学", "2026-01-02", "开学了。\n\n[通知](../notices/n.md)\n", tags=["学校"]
        ),
        "edu/news/b.md": document("放假", "2026-02-02", tags=["学校", "水"], pinned=True),
        "edu/news/2025/c.md": document("旧闻", "2025-03-03 09:30", tags=["学校"]),
        "edu/notices/n.md": document("通知", "2026-03-01", share=["hub/notices"], attachments=["n/form.txt"]),
        "edu/notices/n/form.txt": b"form\n",
        "edu/policies/p.md": document("办法", "2026-01-09", aliases=["policies/old.html"]),
        "edu/policies/interpretation/i.md": document("读懂办法", "2026-01-10", interprets="../p.md"),
        "jtj/news/a.md": document("修路", "2026-01-03", "[外](../../edu/news/a.md)\n", picture="a/road.png"),
        "jtj/news/a/road.png": picture(),
        "jtj/notices/n.md": document("封路", "2026-04-01", expires="2026-05-01", tags=["水"]),
        "xiu/news/a.md": document("县里", "2026-01-04"),
        "xiu/school/news/a.md": document("县校", "2026-01-06"),
        "_shared/s.md": document("全市须知", "2026-01-07", share=["*/notices"]),
    }
    return {f"content/{path}": data for path, data in made.items()}


def group_files(settings: Config | None = None) -> Files:
    return {"sites.yaml": dump(settings or config()), **themes(), **contents()}


class Folder:
    """A group's folder. `clock` gives every written file a time stamp of its own, long ago."""

    def __init__(self, root: Path, files: Mapping[str, bytes] | None = None) -> None:
        self.root = root
        self.out = root.parent / f"{root.name}-out"
        self.files: Files = {}
        self.clock = LONG_AGO
        self.put(group_files() if files is None else files)

    def put(self, files: Mapping[str, bytes | None]) -> None:
        """Writes files, or removes those given as None."""
        for path, data in files.items():
            place = self.root / path
            if data is None:
                place.unlink(missing_ok=True)
                self.files.pop(path, None)
                self._prune(place.parent)
                continue
            if self.files.get(path) != data:
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_bytes(data)
                self.clock += 60
                os.utime(place, (self.clock, self.clock))
                self.files[path] = data

    def become(self, files: Mapping[str, bytes]) -> None:
        """Makes the folder hold exactly these files."""
        self.put({path: None for path in self.files if path not in files})
        self.put(files)

    def build(self, now: datetime = NOW, jobs: int = 1, sites: tuple[str, ...] = ()) -> Result:
        return build(Options(self.root, self.out, now, jobs, sites))

    def build_watched(self, paths: Iterable[str], now: datetime = NOW) -> Result:
        """As the live preview builds: it was told which files changed, and searches follow the pages."""
        watched = frozenset(path.removeprefix("content/") for path in paths if path.startswith("content/"))
        options = Options(self.root, self.out, now, watched=watched, searchable=False)
        result = build(options)
        index_all(options)
        return result

    def tree(self) -> Files:
        return tree(self.out)

    def _prune(self, folder: Path) -> None:
        while folder != self.root and folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()
            folder = folder.parent


def tree(folder: Path) -> Files:
    """Every file below a folder, hidden ones included, in the order of their paths: a disk has its own."""
    found = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


def clean_build(files: Mapping[str, bytes], now: datetime = NOW, jobs: int = 1) -> tuple[Result, Files]:
    """What a build makes of these files on a machine that has never seen them."""
    with tempfile.TemporaryDirectory(prefix="gen-clean-") as place:
        folder = Folder(Path(place) / "root", files)
        result = folder.build(now, jobs)
        made = folder.tree()
        shutil.rmtree(folder.root)
        return result, made


def of_sites(files: Files, sites: set[str]) -> Files:
    """The part of an output tree that belongs to these sites."""
    return {path: data for path, data in files.items() if path.partition("/")[0] in sites}


def difference(left: Files, right: Files) -> str:
    """What differs between two trees, for people; empty if nothing does."""
    lines = [f"only left: {path}" for path in sorted(left.keys() - right.keys())]
    lines += [f"only right: {path}" for path in sorted(right.keys() - left.keys())]
    for path in sorted(left.keys() & right.keys()):
        if left[path] != right[path]:
            rows = zip(_rows(left[path]), _rows(right[path]), strict=False)
            mine, other = next(((a, b) for a, b in rows if a != b), ("its end", "its end"))
            lines.append(f"differs: {path}: {mine} / {other}")
    return "\n".join(lines[:20])


def _rows(data: bytes) -> list[str]:
    return data.decode("utf-8", "replace").splitlines()


def spoil_state(root: Path, kind: str) -> None:
    """Loses the state, or damages it: `missing`, `empty`, `garbage` or `half`."""
    state = root / ".gen" / "state.sqlite"
    data = state.read_bytes()
    for path in state.parent.glob("state.sqlite*"):
        path.unlink()
    if kind != "missing":
        state.write_bytes({"empty": b"", "garbage": b"garbage" * 999, "half": data[: len(data) // 2]}[kind])
