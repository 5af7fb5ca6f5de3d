"""Commands for makers of themes: theme check."""

from pathlib import Path

import click

from gen.cli.base import OK, SITE_FAILED, main, root_option, told
from gen.text import language


@main.group()
def theme() -> None:
    """主题。

    Themes.
    """


@theme.command("check")
@click.argument("names", nargs=-1)
@root_option
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出结果 / the result as JSON")
@told
def check(names: tuple[str, ...], root: Path, as_json: bool) -> int:
    """说出主题缺什么：看它的文件，并用它生成一个小网站群。不写 NAMES 则检查全部主题。

    Tells what themes lack, by their files and by the pages that they make of a small group.
    """
    from gen import report
    from gen.errors import in_order
    from gen.theme_check import check_theme

    wanted = names or sorted(path.parent.name for path in (root / "themes").glob("*/theme.yaml"))
    issues = in_order(issue for name in wanted for issue in check_theme(root, name))
    if as_json:
        click.echo(report.as_json(issues, language()))
    else:
        report.print_check(issues, language())
    return SITE_FAILED if any(issue.is_error for issue in issues) else OK
