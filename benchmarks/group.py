"""The invented city's sites and columns, and its sites.yaml.

The first site is the hub, which collects its departments' news and notices; all others are departments.
Both trees (gen's and Hugo's) are written from these values, so that they cannot drift apart.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from benchmarks.prose import vocabulary

CITY = "浔江市"
PAGE_SIZE = 20


@dataclass(frozen=True)
class Column:
    """One column of every site of a kind; `share` is its part of a site's documents, of 100."""

    path: str
    name: str
    kind: str
    category: str
    share: int
    collect: str = ""  # the column of every department that this one gathers
    limit: int = 0

    @property
    def description(self) -> str:
        return f"{self.name}栏目"


COLUMNS = (
    Column("news", "工作动态", "news", "0101", 40),
    Column("notices", "通知公告", "notices", "0102", 22),
    Column("policies", "政策文件", "policies", "0201", 14),
    Column("policies/interpretation", "政策解读", "policies", "0202", 6),
    Column("disclosure", "政府信息公开", "disclosure", "0301", 12),
    Column("data", "数据发布", "data", "0401", 6),
)
COLLECTING = (
    Column("departments-news", "部门动态", "news", "0103", 0, collect="news", limit=200),
    Column("departments-notices", "部门公告", "notices", "0104", 0, collect="notices", limit=200),
)


@dataclass(frozen=True)
class Site:
    """One site; `number` is its place in sites.yaml."""

    number: int
    id: str
    name: str
    short: str  # as in document numbers, 浔教字〔2024〕3号

    @property
    def kind(self) -> str:
        return "department" if self.number else "hub"

    @property
    def columns(self) -> tuple[Column, ...]:
        return COLUMNS if self.number else COLUMNS + COLLECTING

    @property
    def domain(self) -> str:
        return f"{self.id}.xunjiang.example"

    @property
    def agency_code(self) -> str:
        return f"G{self.number:05d}"

    @property
    def facts(self) -> dict[str, str]:
        """What both trees say of a site under the same keys."""
        return {
            "name": self.name,
            "domain": self.domain,
            "site_code": f"36990{self.number:05d}",
            "icp": f"赣ICP备{self.number:08d}号",
            "police": f"赣公网安备3699{self.number:010d}号",
            "organiser": self.name,
            "undertaker": f"{self.name}办公室",
        }

    @property
    def phone(self) -> str:
        return f"0799-{self.number:07d}"


def sites(count: int) -> tuple[Site, ...]:
    """The hub and `count - 1` departments; beyond the vocabulary's departments, numbered service centres."""
    made = [Site(0, "portal", f"{CITY}人民政府", "府")]
    named = vocabulary().departments
    for number in range(1, count):
        if number <= len(named):
            ident, name, short = named[number - 1]
        else:
            ident, name, short = f"zx{number}", f"第{number}公共服务中心", f"公{number}"
        made.append(Site(number, ident, CITY + name, short))
    return tuple(made)


def sites_yaml(group: tuple[Site, ...]) -> str:
    return "\n".join(_yaml_lines(group)) + "\n"


def _yaml_lines(group: tuple[Site, ...]) -> Iterator[str]:
    yield "group:"
    yield f"  name: {CITY}政府网站群（示例）"
    yield f"  hub: {group[0].id}"
    yield "  timezone: Asia/Shanghai"
    yield "  language: zh-CN"
    yield "  theme: civic"
    yield f"  page_size: {PAGE_SIZE}"
    yield "kinds:"
    yield from _kind_lines("hub", "主站", COLUMNS + COLLECTING)
    yield from _kind_lines("department", "市直部门", COLUMNS)
    yield "sites:"
    for site in group:
        yield f"  - id: {site.id}"
        yield f"    kind: {site.kind}"
        for key, value in site.facts.items():
            yield f'    {key}: "{value}"'
        yield f"    agency_code: {site.agency_code}"
        yield f'    contact: {{phone: "{site.phone}"}}'


def _kind_lines(kind: str, name: str, columns: tuple[Column, ...]) -> Iterator[str]:
    yield f"  {kind}:"
    yield f"    name: {name}"
    yield "    columns:"
    for column in columns:
        yield f"      {column.path}:"
        yield f"        name: {column.name}"
        yield f"        kind: {column.kind}"
        yield f"        description: {column.description}"
        yield f"        keywords: [{CITY}, {column.name}]"
        yield "        update: 3m"
        yield "        owner: 办公室"
        yield f'        category: "{column.category}"'
        if column.collect:
            source = f'"*/{column.collect}"'
            yield f"        collect: {{from: {source}, kinds: [department], limit: {column.limit}}}"
