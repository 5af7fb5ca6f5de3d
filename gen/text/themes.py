"""What can be wrong with themes and what they make."""

from collections.abc import Mapping

from gen.text.message import Message

MESSAGES: Mapping[str, Message] = {
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
}
