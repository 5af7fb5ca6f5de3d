"""What people are told, in Chinese and English: what is wrong; how to mend it.

Texts name their parameters in braces. A parameter whose value begins with `@` stands for a word of `WORDS`.
"""

import os
from collections.abc import Mapping
from typing import Literal, NamedTuple

Language = Literal["zh", "en"]


class Message(NamedTuple):
    """Cause and remedy, in both languages."""

    zh: str
    zh_mend: str
    en: str
    en_mend: str


def language() -> Language:
    """The language of whoever runs the program: English if the environment asks for it, else Chinese."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(name):
            return "en" if value.lower().startswith("en") else "zh"
    return "zh"


def language_of(tag: str) -> Language:
    """Of a language tag as pages have it, such as zh-CN."""
    return "en" if tag.lower().partition("-")[0] == "en" else "zh"


def message(code: str, params: Mapping[str, str], lang: Language) -> tuple[str, str]:
    """Cause and remedy of an issue."""
    found = MESSAGES[code]
    words = {
        name: WORDS[value[1:]][0 if lang == "zh" else 1]
        if value.startswith("@") and value[1:] in WORDS
        else value
        for name, value in params.items()
    }
    cause, mend = (found.zh, found.zh_mend) if lang == "zh" else (found.en, found.en_mend)
    near = words.get("near", "")
    if near:
        mend += f"（是不是“{near}”？）" if lang == "zh" else f" (did you mean “{near}”?)"
    return cause.format(**words), mend.format(**words)


WORDS: Mapping[str, tuple[str, str]] = {
    "text": ("一段文字", "text"),
    "flag": ("“是”或“否”（true/false）", "true or false"),
    "whole_number": ("整数", "a whole number"),
    "number": ("数字", "a number"),
    "day": ("日期，如 2026-03-01", "a date such as 2026-03-01"),
    "moment": (
        "日期或日期时间，如 2026-03-01 或 2026-03-01 09:30",
        "a date or date-time such as 2026-03-01 09:30",
    ),
    "list": ("列表（每行一个“- ”，或 [甲, 乙]）", "a list"),
    "mapping": ("若干“键: 值”", "a mapping of keys to values"),
    "option_colour": ("颜色，如 #0b5394", "a colour such as #0b5394"),
    "option_text": ("文字", "text"),
    "option_number": ("数字", "a number"),
    "option_flag": ("true 或 false", "true or false"),
    "option_choice": ("主题列出的选择之一", "one of the theme's choices"),
    "option_file": ("_files/ 里的文件，如 _files/emblem.svg", "a file in _files/, such as _files/emblem.svg"),
    "option_list": ("列表", "a list"),
}

MESSAGES: Mapping[str, Message] = {
    # sites.yaml and YAML in general
    "yaml.syntax": Message(
        "YAML 写法有误（{problem}）",
        "检查这一行和上一行的缩进、冒号后的空格和引号",
        "this isn't valid YAML ({problem})",
        "check indentation, the space after colons and quotes here and one line above",
    ),
    "yaml.depth": Message(
        "YAML 嵌套太深", "减少层次，最多 32 层", "the YAML is nested too deeply", "use at most 32 levels"
    ),
    "yaml.aliases": Message(
        "YAML 引用（*）太多", "把内容直接写出来", "too many YAML aliases (*)", "write the values out"
    ),
    "yaml.size": Message(
        "YAML 内容太多", "分成几个文件或删去不需要的内容", "the YAML is too large", "shorten it"
    ),
    "schema.unknown_key": Message(
        "没有“{key}”这个字段", "可用的字段：{known}", "there is no key “{key}”", "known keys: {known}"
    ),
    "schema.unknown_key_near": Message(
        "没有“{key}”这个字段", "改正拼写或删去", "there is no key “{key}”", "correct or remove it"
    ),
    "schema.doubled_key": Message(
        "“{key}”写了两次",
        "只留一处（中文名和英文名算同一个字段）",
        "“{key}” is given twice",
        "keep one (the Chinese and English names are the same key)",
    ),
    "schema.missing_key": Message(
        "缺少“{zh}”（{key}）", "补上一行“{zh}: …”", "“{key}” is missing", "add a line “{key}: …”"
    ),
    "schema.type": Message(
        "“{key}”应为{expected}，现在是“{found}”",
        "改成{expected}",
        "“{key}” should be {expected}, not “{found}”",
        "write {expected}",
    ),
    "schema.control": Message(
        "“{key}”里有看不见的控制字符",
        "删去后重新输入（常见于从 Word 粘贴）",
        "“{key}” holds a control character",
        "delete it and type the text anew (pasting from word processors brings such in)",
    ),
    "schema.choice": Message(
        "“{key}”不能是“{found}”", "可以是：{choices}", "“{key}” can't be “{found}”", "use one of: {choices}"
    ),
    "schema.pattern": Message(
        "“{key}”的写法“{found}”不对",
        "应为：{meaning}",
        "“{key}” has the wrong form: “{found}”",
        "it should be: {meaning}",
    ),
    "config.missing": Message(
        "{folder} 里没有 sites.yaml",
        "换到网站群的文件夹，或用 gen init 新建一个",
        "there is no sites.yaml in {folder}",
        "change to the group's folder, or make one with gen init",
    ),
    "config.hub": Message(
        "主站“{hub}”不在 sites 里",
        "hub 应为下列站点之一：{known}",
        "the hub “{hub}” isn't among the sites",
        "use one of: {known}",
    ),
    "config.timezone": Message(
        "没有“{found}”这个时区",
        "如 Asia/Shanghai",
        "there is no time zone “{found}”",
        "use one such as Asia/Shanghai",
    ),
    "config.page_size": Message(
        "{key} 至少为 1", "page_size 常用 20", "{key} must be at least 1", "20 is usual for page_size"
    ),
    "api.port": Message(
        "端口 {port} 不能用（{why}）",
        "用 --port 换一个",
        "port {port} can't be used ({why})",
        "choose another with --port",
    ),
    "opensearch.missing": Message(
        "没有安装 opensearch-py",
        "运行 pip install 'gen-sites[opensearch]'",
        "opensearch-py isn't installed",
        "run pip install 'gen-sites[opensearch]'",
    ),
    "opensearch.url": Message(
        "“{found}”不是 OpenSearch 的地址",
        "写成 https://主机:9200",
        "“{found}” is no address of an OpenSearch server",
        "write https://host:9200",
    ),
    "opensearch.failed": Message(
        "OpenSearch 没有完成请求（{problem}）",
        "检查服务和网络后再运行一次，会从中断处继续",
        "OpenSearch didn't do it ({problem})",
        "check the server and the network and run it again, it goes on where it stopped",
    ),
    "opensearch.refused": Message(
        "OpenSearch 不收文档 {path}（{problem}）",
        "检查这篇文档和服务的限制",
        "OpenSearch refuses {path} ({problem})",
        "check the document and the server's limits",
    ),
    "opensearch.unfed": Message(
        "别名 {alias} 还没有索引",
        "先不带 --changes 灌入一次",
        "the alias {alias} has no index yet",
        "feed it whole first, without --changes",
    ),
    "opensearch.outdated": Message(
        "索引 {index} 是另一个版本做的",
        "重新灌入一次",
        "the index {index} was made by another version",
        "feed it anew",
    ),
    "opensearch.no_index": Message(
        "没有索引 {index}",
        "可用：{known}",
        "there is no index {index}",
        "known: {known}",
    ),
    "opensearch.incomplete": Message(
        "索引 {index} 没有灌完",
        "再运行一次灌入",
        "the index {index} isn't complete",
        "run the feed again",
    ),
    "opensearch.count": Message(
        "索引 {index} 有 {found} 篇，应有 {expected} 篇",
        "删除它后重新灌入",
        "the index {index} has {found} documents instead of {expected}",
        "delete it and feed again",
    ),
    "opensearch.replaced": Message(
        "索引 {index} 在灌入时被人删除",
        "删除现在的 {index}，再运行一次",
        "the index {index} was deleted during its feed",
        "delete what is there now and run it again",
    ),
    "search.not_built": Message(
        "还没有搜索索引", "先运行 gen build", "there is no search index yet", "run gen build first"
    ),
    "config.factor": Message(
        "搜索设置 {key} 的值 {found} 不在 {least} 到 {most} 之间",
        "改为这个范围内的数，或删去这一行用默认值",
        "the search setting {key} has the value {found}, which is not between {least} and {most}",
        "give a number in that range, or leave the line out for the default",
    ),
    "config.column_kind": Message(
        "没有“{kind}”这种栏目类型", "可用：{known}", "there is no column kind “{kind}”", "known: {known}"
    ),
    "config.doubled": Message(
        "{key}“{value}”与第 {line} 行的“{other}”重复",
        "每个站点的 {key} 各不相同，改其中一个",
        "{key} “{value}” is that of “{other}” on line {line} too",
        "each site needs its own {key}",
    ),
    "config.domain_or_path": Message(
        "“{site}”应写 domain 或 path 其中之一",
        "有独立域名写 domain，在主站域名下写 path",
        "“{site}” needs either domain or path",
        "give domain for a domain of its own, path for a place under the hub's",
    ),
    "config.path_taken": Message(
        "站点“{site}”的路径 {path} 与主站的栏目或频道相同",
        "换一个路径",
        "the path {path} of “{site}” is that of a column or channel of the hub",
        "choose another path",
    ),
    "config.reserved": Message(
        "栏目或频道“{id}”重复，或占用了系统地址",
        "换一个文件夹名",
        "the column or channel “{id}” is doubled or reserved",
        "choose another folder name",
    ),
    "config.column_id": Message(
        "“{column}”不能作栏目或频道的文件夹名",
        "用小写字母、数字和短横线",
        "“{column}” can't be a column's or channel's folder",
        "use lower-case letters, digits and hyphens",
    ),
    "config.kind": Message(
        "没有“{kind}”这种站点类型", "可用：{known}", "there is no site kind “{kind}”", "known: {known}"
    ),
    "config.dropped_column": Message(
        "要去掉的栏目“{column}”不在标准栏目里",
        "检查栏目名，或删去这一行",
        "the dropped column “{column}” isn't a standard one",
        "check its name or remove the line",
    ),
    "config.new_column": Message(
        "新栏目“{column}”缺少 name 或 kind",
        "两项都要写",
        "the new column “{column}” lacks name or kind",
        "give both",
    ),
    "config.collects_nothing": Message(
        "“{site}/{column}”从“{pattern}”归集，但没有这样的栏目",
        "写成 <站点>/<栏目>，* 代表一段，如 */news",
        "“{site}/{column}” collects from “{pattern}”, which names no column",
        "write <site>/<column>, * standing for one segment, such as */news",
    ),
    "config.collects_cycle": Message(
        "“{one}”和“{other}”互相归集",
        "去掉其中一个方向",
        "“{one}” and “{other}” collect from each other",
        "drop one direction",
    ),
    # front matter and text
    "front_matter.missing": Message(
        "文件开头没有文档信息",
        "第一行写“---”，下面写标题、发布日期等，再用一行“---”结束",
        "there is no front matter",
        "begin with a line “---”, then title, published and so on, and close with another “---”",
    ),
    "front_matter.unclosed": Message(
        "文档信息没有结束",
        "在正文前另起一行写“---”",
        "the front matter isn't closed",
        "put a line “---” before the text",
    ),
    "front_matter.size": Message(
        "文档信息超过 {limit} KB",
        "长文字应写在正文里",
        "the front matter is larger than {limit} KB",
        "put long text into the body",
    ),
    "front_matter.many": Message(
        "“{key}”超过 {limit} 项", "删去不需要的", "“{key}” has more than {limit} items", "remove some"
    ),
    "front_matter.tag": Message(
        "标签“{tag}”太长",
        "缩短到 {limit} 个字以内；几个标签要用逗号分开",
        "the tag “{tag}” is too long",
        "keep it below {limit} characters; separate tags by commas",
    ),
    "front_matter.attachment": Message(
        "附件“{found}”是文档",
        "附件放文件，如 PDF；要指向另一篇文档，在正文里写链接",
        "the attachment “{found}” is a document",
        "attach files such as PDF; link to other documents in the text",
    ),
    "front_matter.term": Message(
        "公开时限“{found}”看不懂",
        "写“常年公开”，或一个日期，如 2027-12-31",
        "the term “{found}” isn't understood",
        "write 常年公开 or a date such as 2027-12-31",
    ),
    "front_matter.expires": Message(
        "失效日期不晚于发布日期",
        "改正其中一个日期",
        "it expires before it is published",
        "correct one of the dates",
    ),
    "markdown.time": Message(
        "正文排版超过 {seconds} 秒仍未完成",
        "找出大量重复的 [ * ` < 等符号并删去",
        "the text can't be rendered within {seconds} s",
        "look for long runs of [ * ` < and remove them",
    ),
    "markdown.depth": Message(
        "正文的列表、引用或 HTML 标签嵌套太深",
        "减少层次，检查标签是否都已结束",
        "lists, quotes or HTML tags are nested too deeply",
        "use fewer levels and close every tag",
    ),
    "markdown.h1": Message(
        "正文里用了一级标题（#）",
        "标题已在文档信息里，正文从“##”开始；现按二级标题显示",
        "the text has a first-level heading (#)",
        "begin with ##; it is shown as a second-level one",
    ),
    "markdown.doubled_id": Message(
        "锚点“{id}”出现两次", "改其中一个的名字", "the anchor “{id}” occurs twice", "rename one"
    ),
    "markdown.reserved_id": Message(
        "锚点“{id}”不能用",
        "不要以 g- 开头，不要留空或含空格",
        "the anchor “{id}” can't be used",
        "it must not begin with g-, be empty or hold spaces",
    ),
    "markdown.foreign_picture": Message(
        "图片“{target}”在别的网站上",
        "把图片存到与文档同名的文件夹里再引用",
        "the picture “{target}” lies on another website",
        "store it in the document's own folder",
    ),
    "markdown.picture": Message(
        "图片的地址不能用",
        "把图片存到与文档同名的文件夹里再引用，不要把图片数据写进正文",
        "a picture's address can't be used",
        "store the picture in the document's own folder, not its data in the text",
    ),
    "markdown.alt": Message(
        "图片“{target}”没有说明文字",
        "写成 ![说明]({target})，看不到图片的人要靠它",
        "the picture “{target}” has no description",
        "write ![description]({target})",
    ),
    # places and files
    "content.unknown_site": Message(
        "文件夹“{folder}”不属于任何站点",
        "移到站点的文件夹里，或先在 sites.yaml 里添加站点（gen add-site）",
        "the folder “{folder}” belongs to no site",
        "move it, or add the site to sites.yaml first (gen add-site)",
    ),
    "content.no_column": Message(
        "“{folder}”不是本站的栏目",
        "移到栏目的文件夹里。本站栏目：{known}",
        "“{folder}” is no column of this site",
        "move it into one of: {known}",
    ),
    "content.intro_place": Message(
        "“{folder}”没有可介绍的站点、频道或栏目",
        "_site.md 放在站点文件夹，_column.md 放在栏目或频道文件夹",
        "there is no site, channel or column “{folder}” to introduce",
        "_site.md belongs into the site's folder, _column.md into a column's or channel's",
    ),
    "content.reserved_slug": Message(
        "文件名“{slug}”已被系统占用", "换一个名字", "the file name “{slug}” is reserved", "choose another"
    ),
    "content.address_taken": Message(
        "地址 {address} 已被 {other} 占用",
        "改其中一个的文件名",
        "the address {address} is that of {other} too",
        "rename one of them",
    ),
    "content.bad_name": Message(
        "文件名或文件夹名里有不能用的字符",
        '改名：不要用空格开头结尾，不要用 \\ : * ? " < > | % #',
        "a file or folder name has a character that can't be used",
        'rename it without \\ : * ? " < > | % # and without spaces at its ends',
    ),
    "content.bad_folder": Message(
        "文件夹名不能以 .html 或 .xml 结尾", "改名", "a folder's name can't end in .html or .xml", "rename it"
    ),
    "content.long_name": Message(
        "文件名太长", "缩短到 60 个汉字以内", "a name is too long", "keep it below 200 bytes"
    ),
    "content.not_nfc": Message(
        "文件名的编码形式不统一（可能来自 Mac）",
        "重新输入文件名",
        "the file name isn't in Unicode's composed form (NFC)",
        "type the name anew",
    ),
    "content.case": Message(
        "与 content/{other} 只有大小写不同",
        "改其中一个的名字",
        "it differs from content/{other} in case alone",
        "rename one",
    ),
    "content.not_a_file": Message(
        "不是普通文件（可能是快捷方式或符号链接）",
        "换成真正的文件",
        "it isn't a regular file (perhaps a symbolic link)",
        "put the file itself there",
    ),
    "file.encoding": Message(
        "不是 UTF-8 编码",
        "在编辑器里另存为 UTF-8",
        "it isn't encoded in UTF-8",
        "save it as UTF-8",
    ),
    "file.size": Message(
        "文件超过 {limit}", "拆分或压缩", "the file is larger than {limit}", "split or shrink it"
    ),
    "file.unreadable": Message(
        "读不了这个文件（{why}）", "检查权限", "the file can't be read ({why})", "check its permissions"
    ),
    "file.kind": Message(
        "不能发布“{kind}”这类文件",
        "可以发布：{allowed}",
        "files of kind “{kind}” can't be published",
        "allowed: {allowed}",
    ),
    "file.svg": Message(
        "SVG 图里有脚本、样式或外部引用",
        "只保留图形后重新导出，或改用 PNG",
        "the SVG holds script, styles or outside references",
        "export the drawing alone, or use PNG",
    ),
    "file.picture": Message(
        "图片打不开",
        "检查文件是否完整，扩展名是否正确",
        "the picture can't be opened",
        "check that it is whole and rightly named",
    ),
    "file.pixels": Message(
        "图片太大（{size} 像素）",
        "缩小后再放进来",
        "the picture is too large ({size} pixels)",
        "make it smaller",
    ),
    # links and references
    "content.wrong_kind": Message(
        "“{zh}”（{key}）只在“{kinds}”类栏目里显示",
        "移到那样的栏目，或删去这一项",
        "“{key}” shows only in columns of kind {kinds}",
        "move the document there, or remove the key",
    ),
    "link.outside": Message(
        "链接指到 content/ 之外，或写成了绝对路径",
        "写相对路径，如 ../notices/2026/x.md；网址以 https:// 开头",
        "the link leads out of content/ or is absolute",
        "write a relative path such as ../notices/2026/x.md, or a full https:// address",
    ),
    "link.dead": Message(
        "链接的文档 content/{target} 不存在",
        "改正路径",
        "the link's document content/{target} doesn't exist",
        "correct the path",
    ),
    "link.hidden": Message(
        "链接的文档 content/{target} 不公开（草稿、已撤回或非主动公开）",
        "去掉链接，或先公开该文档",
        "the link's document content/{target} isn't public",
        "remove the link, or publish the document first",
    ),
    "link.scheduled": Message(
        "链接的文档 content/{target} 到 {when} 才发布",
        "到时再加链接，或把本文也定在那时发布",
        "the link's document content/{target} is published only at {when}",
        "add the link then, or schedule this document too",
    ),
    "link.anchor": Message(
        "content/{target} 里没有“#{anchor}”",
        "改成该文档里有的标题",
        "there is no “#{anchor}” in content/{target}",
        "use one of its headings",
    ),
    "link.no_file": Message(
        "文件 content/{target} 不存在",
        "把文件放到与文档同名的文件夹里，注意大小写",
        "there is no file content/{target}",
        "put it into the document's own folder; case matters",
    ),
    "link.no_picture": Message(
        "content/{target} 不是图片",
        "图片可用 PNG、JPG、WebP、GIF、SVG",
        "content/{target} is no picture",
        "use PNG, JPG, WebP, GIF or SVG",
    ),
    "link.foreign_file": Message(
        "content/{target} 是别的站点的文件",
        "链接到对方的文档（.md），或把文件复制到本文档的文件夹",
        "content/{target} is another site's file",
        "link to its document (.md), or copy the file into this document's folder",
    ),
    "link.unpublished_file": Message(
        "文件 content/{target} 不属于任何已公开的文档",
        "把文件放到与本文档同名的文件夹里",
        "the file content/{target} belongs to no public document",
        "put it into this document's own folder",
    ),
    "share.nowhere": Message(
        "推送的目的地“{pattern}”不存在",
        "写成 <站点>/<栏目>，如 jiujiang/notices",
        "there is nowhere “{pattern}” to share to",
        "write <site>/<column>, such as jiujiang/notices",
    ),
    "alias.form": Message(
        "旧地址“{alias}”的写法不对",
        "写站内地址，如 news/old-name.html",
        "the alias “{alias}” has the wrong form",
        "write an address in the site, such as news/old-name.html",
    ),
    "alias.taken": Message(
        "旧地址“{alias}”已被 {other} 占用",
        "去掉其中一个",
        "the alias “{alias}” is taken by {other}",
        "remove one of them",
    ),
    "number.doubled": Message(
        "信息索取号 {number} 已被 {other} 使用",
        "用 gen new 取下一个号；已公开的号不能改，所以改这一份",
        "the index number {number} is that of {other}",
        "take the next one with gen new; published numbers never change, so change this one",
    ),
    # languages
    "translation.no_site": Message(
        "“{site}”的 translation_of 写的站点“{original}”不存在",
        "写原文站点的 id",
        "“{site}” is a translation of “{original}”, which is no site",
        "give the id of the original site",
    ),
    "translation.chain": Message(
        "“{site}”不能是“{original}”的另一语言版本：后者自己就是译本，或就是本站",
        "写原文站点的 id",
        "“{site}” can't be a translation of “{original}”, which is a translation itself, or this very site",
        "give the id of the original site",
    ),
    "translation.language": Message(
        "“{site}”与“{other}”是同一站点的同一语言（{language}）版本",
        "给本站写上另一种 language",
        "“{site}” and “{other}” are the same site in the same language ({language})",
        "give this site another language",
    ),
    "translation.place": Message(
        "translates 指向 {target}，但它不在“{site}”的原文站点里",
        "在 sites.yaml 里给本站写 translation_of，并指向那个站点的文档；或删去 translates",
        "translates names {target}, which isn't of the site that “{site}” is a translation of",
        "give this site translation_of in sites.yaml and name a document of that site, or remove translates",
    ),
    "translation.doubled": Message(
        "{target} 已有译文 {other}",
        "一份文档在一种语言里只有一份译文：删去其中一处 translates",
        "{target} has a translation already: {other}",
        "a document has one translation in a language; remove one translates",
    ),
    # themes and rendering
    "theme.missing": Message(
        "没有主题“{theme}”", "可用：{known}", "there is no theme “{theme}”", "known: {known}"
    ),
    "theme.name": Message(
        "主题名“{found}”与文件夹“{folder}”不一致",
        "name 写成文件夹名",
        "the theme's name “{found}” isn't its folder's, “{folder}”",
        "give the folder's name as name",
    ),
    "theme.cycle": Message(
        "主题互相继承：{chain}",
        "去掉其中一个 extends",
        "themes extend each other: {chain}",
        "remove one extends",
    ),
    "theme.unknown_option": Message(
        "主题“{theme}”没有选项“{option}”",
        "可用：{known}",
        "the theme “{theme}” has no option “{option}”",
        "known: {known}",
    ),
    "theme.bad_option": Message(
        "主题选项“{option}”不能是“{found}”",
        "应为{expected}",
        "the theme option “{option}” can't be “{found}”",
        "it should be {expected}",
    ),
    "theme.contrast": Message(
        "主题选项“{option}”的颜色 {found} 与 {ground} 的对比度只有 {has}:1，主题要求 {needs}:1"
        "（WCAG 2.2 第 1.4.3 条：正文至少 4.5:1，大字 3:1）",
        "改用最接近的可用颜色 {better}，或另选一种",
        "the theme option “{option}” is {found}, whose contrast with {ground} is {has}:1; the theme needs {needs}:1"
        " (WCAG 2.2, 1.4.3: text 4.5:1, large text 3:1)",
        "use the nearest colour that will do, {better}, or another one",
    ),
    "theme.contrast_never": Message(
        "主题选项“{option}”的颜色 {found} 与 {ground} 的对比度只有 {has}:1，主题要求 {needs}:1，"
        "而没有一种颜色能同时满足该选项的所有背景",
        "请主题维护者修改这个选项的 contrast，或改动作为背景的颜色选项",
        "the theme option “{option}” is {found}, whose contrast with {ground} is {has}:1 and should be {needs}:1, "
        "but no colour can be read on all of its grounds",
        "the theme's maker should change the option's contrast, or change the colour options that are its grounds",
    ),
    "theme.contrast_type": Message(
        "选项“{option}”不是颜色，不能有 contrast",
        "删去 contrast，或把 type 改为 colour",
        "the option “{option}” is no colour and can't have contrast",
        "remove contrast, or make its type colour",
    ),
    "theme.contrast_ratio": Message(
        "选项“{option}”的对比度 {found} 不对",
        "应在 1 和 21 之间；正文 4.5，大字和图标 3",
        "the option “{option}” can't ask for a contrast of {found}",
        "give one between 1 and 21; 4.5 is for text, 3 for large text and icons",
    ),
    "theme.contrast_ground": Message(
        "选项“{option}”的背景“{found}”不是颜色，也不是颜色选项",
        "写成 #ffffff 这样的颜色，或另一个 colour 选项的名字",
        "the ground “{found}” of the option “{option}” is neither a colour nor a colour option",
        "write a colour such as #ffffff, or the name of another option of type colour",
    ),
    "theme.text": Message(
        "文字“{key}”的中文和英文里，花括号中的参数不一样",
        "两种语言写上同样的参数",
        "the text “{key}” has other parameters in Chinese than in English",
        "name the same parameters in both languages",
    ),
    # gen theme check
    "look.template": Message(
        "主题没有模板 {template}",
        "加上它，或用 extends 继承一个完整的主题",
        "the theme lacks the template {template}",
        "add it, or extend a whole theme",
    ),
    "look.inline": Message(
        "“{found}”是写在网页里的样式或脚本，浏览器会按内容安全策略拒绝",
        "移到 assets/ 里的文件",
        "“{found}” is style or script inside the page, which browsers refuse by its policy",
        "move it into a file in assets/",
    ),
    "look.foreign": Message(
        "“{found}”从别的网站取东西",
        "把文件放进 assets/",
        "“{found}” loads from elsewhere",
        "put the file into assets/",
    ),
    "look.text": Message(
        "texts.yaml 里没有文字“{key}”",
        "加上中文和英文",
        "texts.yaml has no text “{key}”",
        "add it in Chinese and English",
    ),
    "look.default": Message(
        "选项“{option}”的默认值“{found}”不对",
        "应为{expected}",
        "the default of the option “{option}” can't be “{found}”",
        "it should be {expected}",
    ),
    "look.description": Message(
        "选项“{option}”没有说明",
        "写上 description",
        "the option “{option}” has no description",
        "add one",
    ),
    "look.contrast": Message(
        "颜色选项“{option}”没有说明要在什么背景上看得清",
        "写上 contrast，见 docs/themes.md",
        "the colour option “{option}” doesn't say what it must be readable against",
        "add contrast, see docs/themes.md",
    ),
    "look.language": Message(
        "页面 {page} 的 <html> 没有 lang",
        '写上 lang="{{{{ site.language }}}}"',
        "<html> of {page} has no lang",
        'write lang="{{{{ site.language }}}}"',
    ),
    "look.title": Message(
        "页面 {page} 应有一个 <title> 和恰好一个 <h1>",
        "补上或合并",
        "{page} should have a <title> and exactly one <h1>",
        "add or join them",
    ),
    "look.landmark": Message(
        "页面 {page} 没有 {what}",
        "用它包住相应的部分，读屏软件靠它跳转",
        "{page} has no {what}",
        "put the part into it: screen readers go by it",
    ),
    "look.skip": Message(
        "页面 {page} 的第一个链接不是跳到正文的链接",
        '在 <body> 开头加上 <a href="#…">，指向 <main> 的 id',
        "the first link of {page} doesn't skip to the main part",
        'begin <body> with <a href="#…"> to the id of <main>',
    ),
    "look.head": Message(
        "页面 {page} 没有用 head()",
        "在 <head> 里、样式表之前写 {{{{ head() }}}}",
        "{page} doesn't use head()",
        "write {{{{ head() }}}} in <head>, before style sheets",
    ),
    "look.label": Message(
        "页面 {page} 没有标签 {what}",
        '加上 <meta name="{what}">（国办发〔2017〕47号）',
        "{page} lacks the label {what}",
        'add <meta name="{what}"> (国办发〔2017〕47号)',
    ),
    "look.weight": Message(
        "页面 {page} 连样式压缩后重 {weight} KB，应在 {most} KB 以内",
        "减少样式和标记",
        "{page} weighs {weight} KB compressed with its styles, and should keep to {most} KB",
        "shorten styles and markup",
    ),
    "template.error": Message(
        "模板出错，页面 {page} 没有生成：{problem}",
        "请主题维护者修正这一行",
        "a template failed on {page}: {problem}",
        "the theme's maker should correct this line",
    ),
    "template.asset": Message(
        "主题文件出错：{problem}",
        "请主题维护者修正",
        "a theme asset failed: {problem}",
        "the theme's maker should correct it",
    ),
    "render.time": Message(
        "页面 {page} 超过 {seconds} 秒仍未生成",
        "请主题维护者检查模板",
        "{page} isn't made within {seconds} s",
        "check its templates",
    ),
    "render.picture": Message(
        "图片不能缩小（{problem}）",
        "换一张图片",
        "the picture can't be made smaller ({problem})",
        "use another picture",
    ),
    "chart.file": Message(
        "图表文件“{file}”读不出表格",
        "另存为 UTF-8 编码的 CSV，首行是各列名称，总共不超过 {rows} 行",
        "the chart's file “{file}” holds no table",
        "save it as CSV in UTF-8, with the columns' names in its first line and no more than {rows} lines",
    ),
    "chart.column": Message(
        "图表文件里没有“{column}”这一列；有：{known}",
        "改成文件首行里的名称",
        "the chart's file has no column “{column}”; it has: {known}",
        "write a name of the file's first line",
    ),
    "chart.numbers": Message(
        "图表文件里没有可以画成图的数字",
        "在“数值列”写出数字所在的列，或者写“图形: 无”",
        "the chart's file has no numbers to draw",
        "name the columns of numbers under “values”, or write “kind: 无”",
    ),
    # the program itself
    "build.locked": Message(
        "另一个构建正在进行", "等它结束再试", "another build is at work", "wait until it has ended"
    ),
    "state.failed": Message(
        "构建记录读写失败（{problem}）",
        "检查磁盘空间和 .gen/ 的权限；.gen/ 可以随时删除",
        "the build state can't be read or written ({problem})",
        "check disk space and the permissions of .gen/, which may be deleted at any time",
    ),
    "write.failed": Message(
        "写不了这个文件（{why}）",
        "检查磁盘空间、权限，以及是不是有同名的文件或文件夹；修好后再构建一次",
        "this file can't be written ({why})",
        "check disk space, permissions and what lies there; then build again",
    ),
    "build.no_site": Message(
        "没有站点“{site}”", "可用：{known}", "there is no site “{site}”", "known: {known}"
    ),
    "new.slug": Message(
        "“{slug}”不能作文件名",
        "用小写字母、数字和短横线，如 zhaosheng-tongzhi",
        "“{slug}” can't be a file name",
        "use lower-case letters, digits and hyphens",
    ),
    "new.exists": Message(
        "这个文件已经有了", "换一个文件名", "this file is there already", "choose another name"
    ),
    "new.no_number": Message(
        "栏目“{column}”不能编信息索取号",
        "站点要有 agency_code，栏目要有 category",
        "the column “{column}” can't assign index numbers",
        "the site needs agency_code, the column category",
    ),
    "move.outside": Message(
        "不在 content/ 里", "给出 content/ 里的文件", "it isn't below content/", "name a file below content/"
    ),
    "move.no_document": Message(
        "没有这篇文档", "给出已有的 .md 文件", "there is no such document", "name a .md file that is there"
    ),
    "move.suffix": Message("新文件名要以 .md 结尾", "补上 .md", "the new name must end in .md", "add .md"),
    "move.taken": Message(
        "目标位置已经有文件", "换一个名字", "something is there already", "choose another name"
    ),
    "init.not_empty": Message(
        "文件夹不是空的", "换一个新文件夹", "the folder isn't empty", "choose a new one"
    ),
    "init.not_at_end": Message(
        "sites 不是 sites.yaml 的最后一项",
        "把 sites: 移到文件末尾，或手工添加站点",
        "sites isn't the last key of sites.yaml",
        "move it to the end, or add the site by hand",
    ),
    "serve.port": Message(
        "端口 {port} 不能用（{why}）",
        "用 --port 换一个",
        "port {port} can't be used ({why})",
        "choose another with --port",
    ),
    "cluster.extra": Message(
        "集群构建要用的库没有装",
        "pip install 'gen-sites[cluster]'；对象存储还要装它的 fsspec 库，如 s3fs",
        "the libraries for building on a cluster aren't installed",
        "pip install 'gen-sites[cluster]'; object storage needs its fsspec library as well, such as s3fs",
    ),
    "cluster.no_store": Message(
        "没有说结果放在哪里",
        "加 --store，给出所有机器都能读写的文件夹或对象存储，如 file:///srv/gen 或 s3://桶/gen",
        "it isn't said where results go",
        "add --store with a folder or object storage that all machines can read and write, such as file:///srv/gen or s3://bucket/gen",
    ),
    "cluster.no_git": Message(
        "内容不在 Git 里，集群取不到",
        "把网站群提交到 Git，或不用 --cluster",
        "the content isn't in Git, where a cluster's workers get it from",
        "commit the group to Git, or build without --cluster",
    ),
    "cluster.no_repository": Message(
        "不知道集群从哪里取内容：这个仓库没有 origin",
        "加 --repository，给出各台机器都能取的 Git 地址",
        "it isn't known where workers get the content from: this repository has no origin",
        "add --repository with a Git address that all machines can fetch from",
    ),
    "cluster.dirty": Message(
        "有 {count} 个文件还没有提交（{paths}）：集群只看得到已提交的",
        "提交并推送，或不用 --cluster",
        "{count} files aren't committed ({paths}); a cluster sees only what is",
        "commit and push, or build without --cluster",
    ),
    "cluster.commit": Message(
        "工作机 {where} 从 {repository} 取不到提交 {commit}（{problem}）",
        "先推送；检查工作机的 Git 权限",
        "the worker {where} can't get the commit {commit} from {repository} ({problem})",
        "push first; check the worker's access to Git",
    ),
    "cluster.unreachable": Message(
        "连不上调度器 {address}（{problem}）",
        "检查地址、防火墙；tls:// 要在 Dask 的配置里写证书",
        "the scheduler {address} can't be reached ({problem})",
        "check address and firewall; tls:// needs certificates in Dask's configuration",
    ),
    "cluster.no_workers": Message(
        "调度器 {address} 下 {seconds} 秒没有一台工作机",
        "启动工作机：dask worker {address}；构建记录没有损坏，再构建一次即可",
        "the scheduler {address} has had no worker for {seconds} seconds",
        "start some: dask worker {address}; the state is unharmed, build again",
    ),
    "cluster.lost": Message(
        "和调度器 {address} 的连接断了",
        "恢复调度器后再构建一次；已完成的站点不重做",
        "the connection to the scheduler {address} is lost",
        "bring the scheduler back and build again; finished sites stay so",
    ),
    "cluster.killed": Message(
        "一个任务每次都让工作进程意外结束（从 {what} 到 {last}，可能内存不足）",
        "看工作机的日志和内存；不用 --cluster 时由本机来做",
        "one task ended every worker that did it (from {what} to {last}; perhaps for lack of memory)",
        "look at the workers' logs and memory; without --cluster this machine does it",
    ),
    "cluster.other_code": Message(
        "工作机 {where} 的程序和本机不同（本机 {theirs}，工作机 {ours}）",
        "各台机器装同一版本的 gen、库和 Python，重启工作机",
        "the worker {where} has another program than this machine (here {theirs}, there {ours})",
        "install the same gen, libraries and Python everywhere, then restart the workers",
    ),
    "cluster.no_gen": Message(
        "工作机上用不了 gen（{problem}）",
        "在工作机上 pip install 'gen-sites[cluster]'，版本与本机相同，重启工作机",
        "a worker can't load gen ({problem})",
        "pip install 'gen-sites[cluster]' of the same version there, then restart the worker",
    ),
    "cluster.store": Message(
        "{where} 用不了共享存储 {store}（{problem}）",
        "检查它是不是所有机器都能读写的同一个地方",
        "{where} can't use the shared store {store} ({problem})",
        "check that it is one place, which all machines can read and write",
    ),
    "worker.died": Message(
        "一个工作进程意外结束（可能内存不足）",
        "用 --jobs 1 重试，或增加内存",
        "a worker process died (perhaps for lack of memory)",
        "try --jobs 1, or give the machine more memory",
    ),
}

TEXTS: Mapping[str, tuple[str, str]] = {
    "state.missing": ("没有以前的构建记录，从头构建。", "No earlier build found: building everything."),
    "state.other_version": ("程序已更新，从头构建。", "The program has changed: building everything."),
    "state.damaged": ("构建记录已损坏，从头构建。", "The build state is damaged: building everything."),
    "api.ready": ("检索接口：{address}（按 Ctrl+C 结束）", "Search API: {address} (Ctrl+C ends it)"),
    "opensearch.fed": (
        "索引 {name} 有 {documents} 篇，这次送了 {sent} 篇，已切换。",
        "The index {name} has {documents} documents, {sent} sent this time; it is searched now.",
    ),
    "opensearch.changed": ("送去 {sent} 处改动。", "{sent} changes sent."),
    "opensearch.used": ("已切换到 {name}。", "{name} is searched now."),
    "opensearch.dropped": ("删除了 {count} 个旧索引：{names}", "{count} old indexes deleted: {names}"),
    "index.done": (
        "搜索索引已整理：编入 {indexed_documents} 篇，写入 {index_files} 个文件，删除 {deleted_files} 个，用时 {seconds:.1f} 秒。",
        "Search indexes done: {indexed_documents} documents indexed, {index_files} files written, {deleted_files} deleted, {seconds:.1f} s.",
    ),
    "search.found": ("找到 {total} 篇。", "{total} found."),
    "search.scattered": (
        "没有文档包含完整的词句；以下 {total} 篇含有其中的部分字词。",
        "No document has all of it; these {total} have parts.",
    ),
    "search.nothing": (
        "没有找到含“{query}”的文档。可减少字词，或用空格分开后再试。",
        "Nothing has “{query}”. Try fewer words, or part them by spaces.",
    ),
    "search.more": ("下一页：--page {page}", "Next page: --page {page}"),
    "search.expired": ("已过期", "expired"),
    "step.read": ("读取", "Reading"),
    "step.render": ("生成", "Rendering"),
    "step.index": ("编制搜索索引", "Indexing"),
    "compress.done": (
        "压缩了 {files} 个文件：{before:.1f} MB，gzip 后 {gzip:.1f} MB，brotli 后 {brotli:.1f} MB；删除 {deleted} 个多余的。",
        "{files} files compressed: {before:.1f} MB, by gzip {gzip:.1f} MB, by brotli {brotli:.1f} MB; {deleted} left over deleted.",
    ),
    "page.home": ("首页", "Home"),
    "page.archive": ("归档", "Archive"),
    "page.year": ("{year}年", "{year}"),
    "page.tags": ("标签", "Tags"),
    "page.sitemap": ("网站地图", "Site map"),
    "page.search": ("搜索", "Search"),
    "page.style": ("样式", "Style guide"),
    "content.note": ("说明", "Note"),
    "content.tip": ("提示", "Tip"),
    "content.important": ("重要", "Important"),
    "content.warning": ("注意", "Warning"),
    "content.danger": ("警告", "Danger"),
    "content.table": ("表格", "Table"),
    "content.footnote": ("回到正文第 {number} 处注释", "Back to note {number} in the text"),
    "kind.news": ("工作动态", "News"),
    "kind.notices": ("通知公告", "Notices"),
    "kind.policies": ("政策文件", "Policies"),
    "kind.disclosure": ("信息公开", "Government information"),
    "kind.services": ("办事服务", "Services"),
    "kind.interviews": ("在线访谈", "Interviews"),
    "kind.surveys": ("网上调查", "Surveys"),
    "kind.consultations": ("意见征集", "Consultations"),
    "kind.letters": ("咨询答复", "Questions and answers"),
    "kind.data": ("数据发布", "Data"),
    "kind.leaders": ("领导信息", "Leaders"),
    "kind.organisation": ("机构职能", "Organisation"),
    "kind.reports": ("年度报告", "Yearly reports"),
    "kind.topics": ("专题专栏", "Topics"),
    "language.zh": ("中文", "中文"),
    "language.en": ("English", "English"),
    "page.404": ("页面不存在", "Page not found"),
    "severity.warning": ("提醒", "warning"),
    "build.cluster": (
        "集群做了 {cluster_tasks} 批工作，经过共享存储 {cluster_bytes} 字节。",
        "The cluster did {cluster_tasks} batches; {cluster_bytes} bytes went through the store.",
    ),
    "build.done": (
        "{built_sites} 个站点已完成：生成 {rendered_pages} 页，写入 {written_files} 个文件，删除 {deleted_files} 个，用时 {seconds:.1f} 秒。",
        "{built_sites} sites done: {rendered_pages} pages made, {written_files} files written, {deleted_files} deleted, {seconds:.1f} s.",
    ),
    "build.failed": (
        "{count} 个站点有错误，保留原来的页面：{sites}",
        "{count} sites have errors and keep their earlier pages: {sites}",
    ),
    "build.next": ("下一次定时变化：{moment}", "Next scheduled change: {moment}"),
    "serve.ready": ("预览：{address}（按 Ctrl+C 结束）", "Preview: {address} (Ctrl+C ends it)"),
    "check.clean": ("没有发现问题。", "Nothing is wrong."),
    "check.count": ("{errors} 个错误，{warnings} 个提醒。", "{errors} errors, {warnings} warnings."),
    "explain.new": ("新页面", "new"),
    "explain.settings": ("站点设置改变", "the site's settings changed"),
    "explain.moved": ("栏目类型或模板改变", "its column's kind or its template changed"),
    "explain.lost": ("输出文件丢失", "its output was lost"),
    "explain.template": ("模板改变：{what}", "a template changed: {what}"),
    "explain.query": ("所依据的内容改变：{what}", "an answer changed: {what}"),
}


def text(key: str, lang: Language, **params: object) -> str:
    return TEXTS[key][0 if lang == "zh" else 1].format(**params)
