"""What can be wrong with documents, files and where they lie."""

from collections.abc import Mapping

from gen.text.message import Message

MESSAGES: Mapping[str, Message] = {
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
}
