"""`sites.yaml` as people write it."""

from typing import Annotated

import msgspec

from gen.config.model import ColumnKind, Ranking
from gen.schema import Key, Words, Written

LANGUAGE = r"(zh|en)(-[A-Za-z0-9]{2,8})*"
SITE_ID = r"[a-z][a-z0-9-]*"
COLUMN_ID = r"[a-z0-9][a-z0-9_-]*(/[a-z0-9][a-z0-9_-]*)*"
THEME = r"[A-Za-z0-9][A-Za-z0-9_-]*"


class ContactFile(msgspec.Struct, frozen=True):
    phone: Annotated[str, Key("电话", "对外公布的联系电话")]
    email: Annotated[str, Key("邮箱", "对外公布的电子邮箱")] = ""
    address: Annotated[str, Key("地址", "办公地址")] = ""
    postcode: Annotated[str, Key("邮编", "邮政编码", pattern=r"[0-9]{6}")] = ""


class CollectFile(msgspec.Struct, frozen=True, rename={"from_": "from"}):
    from_: Annotated[tuple[str, ...], Words, Key("来自", "从哪些栏目归集:<站点>/<栏目>，可用 *")]
    tags: Annotated[tuple[str, ...], Words, Key("标签", "只要带其中任一标签的文档")] = ()
    kinds: Annotated[tuple[str, ...], Words, Key("站点类型", "只要这些类型的站点")] = ()
    limit: Annotated[int, Key("条数", "只列最新的若干条")] = 0
    line: int = 0


class ColumnFile(msgspec.Struct, frozen=True):
    name: Annotated[str, Key("名称", "栏目名称")] = ""
    kind: Annotated[ColumnKind | None, Key("类型", "栏目类型")] = None
    description: Annotated[str, Key("说明", "栏目说明，写入 ColumnDescription")] = ""
    keywords: Annotated[tuple[str, ...], Words, Key("关键词", "栏目关键词，写入 ColumnKeywords")] = ()
    owner: Annotated[str, Key("责任部门", "负责更新的处室")] = ""
    update: Annotated[str, Key("更新周期", "如 3d、2w、6m、1y", pattern=r"[0-9]{1,3}[dwmy]")] = ""
    category: Annotated[str, Key("类目号", "信息索取号第二段，四位数字", pattern=r"[0-9]{4}")] = ""
    page_size: Annotated[int, Key("每页条数", "列表每页的文档数")] = 0
    collect: Annotated[CollectFile | None, Key("归集", "按规则归集其他站点的文档")] = None
    line: int = 0


class KindFile(msgspec.Struct, frozen=True):
    name: Annotated[str, Key("名称", "站点类型名称")]
    columns: Annotated[dict[str, ColumnFile], Key("栏目", "标准栏目，按显示顺序")] = {}
    line: int = 0


class ChannelFile(msgspec.Struct, frozen=True):
    name: Annotated[str, Key("名称", "频道名称")]
    organiser: Annotated[str, Key("主办", "主办单位")]
    contact: Annotated[ContactFile, Key("联系方式", "对外公布的联系方式")]
    kind: Annotated[str, Key("类型", "kinds 中的一种")] = "channel"
    undertaker: Annotated[str, Key("承办", "承办单位")] = ""
    agency_code: Annotated[str, Key("机构代码", "信息索取号第一段", pattern=r"[A-Z][0-9]{5}")] = ""
    columns: Annotated[dict[str, ColumnFile | None], Key("栏目", "与标准栏目不同之处")] = {}
    line: int = 0


class SiteFile(msgspec.Struct, frozen=True):
    id: Annotated[str, Key("", "content/ 下的文件夹名", pattern=SITE_ID)]
    name: Annotated[str, Key("名称", "站点名称")]
    kind: Annotated[str, Key("类型", "kinds 中的一种")]
    organiser: Annotated[str, Key("主办", "主办单位")]
    contact: Annotated[ContactFile, Key("联系方式", "对外公布的联系方式")]
    site_code: Annotated[str, Key("网站标识码", "十位数字", pattern=r"[0-9]{10}")]
    short_name: Annotated[str, Key("简称", "列表中显示的短名称")] = ""
    domain: Annotated[str, Key("域名", "与 path 二选一", pattern=r"[a-z0-9][a-z0-9.-]*(:[0-9]+)?")] = ""
    path: Annotated[str, Key("路径", "主站域名下的路径，与 domain 二选一", pattern=r"/([a-z0-9-]+/)+")] = ""
    icp: Annotated[str, Key("ICP备案", "ICP 备案号")] = ""
    police: Annotated[str, Key("公安备案", "公安备案号")] = ""
    undertaker: Annotated[str, Key("承办", "承办单位")] = ""
    agency_code: Annotated[str, Key("机构代码", "信息索取号第一段", pattern=r"[A-Z][0-9]{5}")] = ""
    description: Annotated[str, Key("说明", "站点说明")] = ""
    language: Annotated[
        str, Key("语言", "页面语言，中文或英文，如 zh-CN、en；不写则同 group", pattern=f"({LANGUAGE})?")
    ] = ""
    translation_of: Annotated[str, Key("译自", "本站是哪个站点的另一语言版本:站点 id")] = ""
    theme: Annotated[str, Key("主题", "themes/ 下的文件夹名", pattern=f"({THEME})?")] = ""
    options: Annotated[dict[str, Written], Key("主题选项", "主题的选项，见 theme.yaml")] = {}
    columns: Annotated[
        dict[str, ColumnFile | None], Key("栏目", "与标准栏目不同之处;值留空即去掉该栏目")
    ] = {}
    channels: Annotated[dict[str, ChannelFile], Key("频道", "没有独立网站的部门，按文件夹名")] = {}
    line: int = 0


class SearchFile(msgspec.Struct, frozen=True):
    freshness: Annotated[float, Key("新近", "最新文档的加分，0 为不看日期")] = Ranking().freshness
    half_life: Annotated[float, Key("半衰期", "加分每多少年减半")] = Ranking().half_life
    expired: Annotated[float, Key("过期", "已过期文档的系数，0 到 1")] = Ranking().expired
    kinds: Annotated[dict[str, float], Key("类型", "各类栏目的系数，如 {policies: 1.5}")] = {}
    line: int = 0


class GroupSettings(msgspec.Struct, frozen=True):
    name: Annotated[str, Key("名称", "网站群名称")]
    hub: Annotated[str, Key("主站", "主站的站点 id")]
    timezone: Annotated[str, Key("时区", "IANA 时区")] = "Asia/Shanghai"
    language: Annotated[str, Key("语言", "页面语言，中文或英文，如 zh-CN、en", pattern=LANGUAGE)] = "zh-CN"
    theme: Annotated[str, Key("主题", "默认主题，themes/ 下的文件夹名", pattern=THEME)] = "civic"
    page_size: Annotated[int, Key("每页条数", "列表每页的文档数")] = 20
    search: Annotated[SearchFile, Key("搜索", "搜索结果的排序")] = SearchFile()
    line: int = 0


class GroupFile(msgspec.Struct, frozen=True):
    group: Annotated[GroupSettings, Key("网站群", "网站群的总设置")]
    kinds: Annotated[dict[str, KindFile], Key("站点类型", "站点类型及其标准栏目")]
    sites: Annotated[tuple[SiteFile, ...], Key("站点", "所有站点")]
