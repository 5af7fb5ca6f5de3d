"""`gen new`: a document at the right place, with the next index number."""

import re
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import msgspec
from pypinyin import Style, lazy_pinyin

from gen.catalogue.store import Store
from gen.check import open_catalogue
from gen.config.model import Channel, Column, Group, Site
from gen.content.document import RESERVED_SLUG, SUFFIX
from gen.content.front_matter import Disclosure
from gen.errors import GenError, Issue
from gen.files import read_below, replace
from gen.workspace import local_now

SLUG = re.compile(r"[a-z0-9][a-z0-9-]*")
SLUG_LENGTH = 48
"""Of those made from titles; people may choose longer ones."""
MAX_SLUG_LENGTH = 100
_NUMBER = re.compile(r"[A-Z]\d{5}(?:-\d{4}){3}")

_KIND_FIELDS = {
    "services": "办事指南:\n  设定依据:\n  服务对象:\n  办理条件:\n  申请材料:\n  办理流程:\n  办理时限:\n  收费标准:\n  办理地点:\n",
    "consultations": "征集:\n  开始时间: {day}\n  结束时间: {day}\n  反馈方式:\n",
    "letters": "来信:\n  来信日期: {day}\n  内容:\n  回复日期: {day}\n  回复单位: {organiser}\n",
    "interviews": "访谈:\n  嘉宾: []\n  开始时间: {day}\n",
    "surveys": "调查:\n  开始时间: {day}\n  结束时间: {day}\n",
}


class Place(msgspec.Struct, frozen=True):
    """A column that a document can be written into."""

    site: Site
    column: Column
    channel: Channel | None

    @property
    def agency_code(self) -> str:
        return (self.channel.agency_code if self.channel else "") or self.site.agency_code


class Drafting:
    """A group whose catalogue is up to date, so that places and numbers can be told."""

    def __init__(self, root: Path, group: Group, numbers: set[str], now: datetime) -> None:
        self._root = root
        self._group = group
        self._numbers = numbers
        self._now = now

    def column(self, place: str) -> Place:
        """The column `<site>/<column>`. Raises GenError if there is none."""
        site_id, _, column_id = place.strip("/").removeprefix("content/").partition("/")
        site = self._group.sites.get(site_id)
        if site is None:
            known = "、".join(self._group.sites)
            raise GenError(Issue("", 0, "build.no_site", {"site": site_id, "known": known}))
        column = self._group.columns[site_id].get(column_id)
        if column is None:
            known = "、".join(self._group.columns[site_id])
            raise GenError(Issue("", 0, "content.no_column", {"folder": column_id, "known": known}))
        return Place(site, column, site.channel(column.channel) if column.channel else None)

    @staticmethod
    def slug(title: str) -> str:
        """A file name from a title: its pinyin, whole syllables up to a readable length."""
        words = re.findall(r"[a-z0-9]+", " ".join(lazy_pinyin(title, style=Style.NORMAL)).lower())
        slug = ""
        for word in words:
            if len(slug) + len(word) > SLUG_LENGTH:
                break
            slug = f"{slug}-{word}" if slug else word
        return slug or "wendang"

    def next_number(self, place: Place) -> str:
        """The next free index number (agency, category, year, serial); empty if the place has no agency or category.

        Numbers of withdrawn and undisclosed documents stay taken.
        """
        if not place.agency_code or not place.column.category:
            return ""
        prefix = f"{place.agency_code}-{place.column.category}-{self._now.year}-"
        serials = [int(number[len(prefix) :]) for number in self._numbers if number.startswith(prefix)]
        return f"{prefix}{max(serials, default=0) + 1:04d}"

    def write(self, place: Place, title: str, slug: str, *, with_number: bool | None) -> Path:
        """Writes the document and returns its path. `with_number`: None where the column's kind decides.

        Raises GenError if the file is there already or the slug can't be one.
        """
        if not SLUG.fullmatch(slug) or len(slug) > MAX_SLUG_LENGTH or RESERVED_SLUG.fullmatch(slug):
            raise GenError(Issue("", 0, "new.slug", {"slug": slug}))
        folder = Path("content") / place.site.id / place.column.id / str(self._now.year)
        path = folder / f"{slug}.md"
        if (self._root / path).exists():
            raise GenError(Issue(str(path), 0, "new.exists"))
        wanted = with_number if with_number is not None else bool(place.column.category)
        number = self.next_number(place) if wanted else ""
        if with_number and not number:
            raise GenError(Issue("sites.yaml", place.site.line, "new.no_number", {"column": place.column.id}))
        (self._root / folder).mkdir(parents=True, exist_ok=True)
        replace(self._root / path, self._text(place, title, number).encode())
        return path

    def _text(self, place: Place, title: str, number: str) -> str:
        lines = f"---\n标题: {_quoted(title)}\n发布日期: {self._now:%Y-%m-%d %H:%M}\n"
        if number:
            day = f"{self._now:%Y-%m-%d}"
            lines += f"信息索取号: {number}\n生成日期: {day}\n公开方式: {Disclosure.ACTIVE.value}\n公开时限: 常年公开\n"
            lines += f"公开范围: 面向全社会\n责任部门: {_plain(place.column.owner or place.site.organiser)}\n"
        organiser = place.channel.organiser if place.channel else place.site.organiser
        fields = _KIND_FIELDS.get(place.column.kind, "")
        lines += fields.format(day=f"{self._now:%Y-%m-%d}", organiser=_plain(organiser))
        return f"{lines}草稿: true\n---\n\n"


def _quoted(value: str) -> str:
    return msgspec.json.encode(value).decode()


def _plain(value: str) -> str:
    """A value as YAML: in quotes only if it needs them."""
    return value if re.fullmatch(r"[^\W\d][\w（）·、]*", value) else _quoted(value)


def prepare(root: Path, now: datetime | None) -> Drafting:
    """Reads the group. Raises GenError if `sites.yaml` is wrong."""
    with open_catalogue(root, None) as (group, store, accepted):
        moment = now or local_now(group)
        return Drafting(root, group, _numbers(root, store, accepted.withheld), moment)


def _numbers(root: Path, store: Store, withheld: Iterable[str]) -> set[str]:
    """All numbers taken, those of files that have errors and so aren't in the catalogue included."""
    rows = store.connection.execute("SELECT index_number FROM documents WHERE index_number IS NOT NULL")
    numbers = {row[0] for row in rows}
    for path in withheld:
        if path.endswith(SUFFIX):
            with suppress(OSError):
                numbers.update(_NUMBER.findall(read_below(root / "content", path).decode(errors="replace")))
    return numbers
