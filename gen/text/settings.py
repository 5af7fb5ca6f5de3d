"""What can be wrong with `sites.yaml`, and with YAML anywhere."""

from collections.abc import Mapping

from gen.text.message import Message

MESSAGES: Mapping[str, Message] = {
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
}
