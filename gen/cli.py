"""The command line: names, options, exit codes. What a command does is elsewhere and loaded when it runs.

Exit codes: 0 all is well; 1 a site has errors, all others are done; 2 nothing could be done; 70 a defect of gen itself.
"""

import sys
import time
import traceback
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from pathlib import Path
from typing import Any

import click

from gen.errors import GenError
from gen.text import language
from gen.version import NUMBER

OK, SITE_FAILED, GROUP_FAILED, DEFECT, INTERRUPTED = 0, 1, 2, 70, 130

_root = click.option(
    "--root",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path(),
    help="网站群的文件夹（有 sites.yaml） / the group's folder",
)


class _Moment(click.ParamType[datetime]):
    """A build date: a day, or a day with a time."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        if isinstance(value, datetime):
            return value
        for form in ("%Y-%m-%d", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M"):
            try:
                return datetime.strptime(value, form)
            except ValueError:
                continue
        message = f"{value}: 2026-03-01 / '2026-03-01 09:30'"
        raise click.BadParameter(message, ctx, param)


def _told(command: Callable[..., int]) -> Callable[..., None]:
    """Ends with the command's exit code; what is wrong with the group is told, not traced."""

    @wraps(command)
    def run(*args: Any, **kwargs: Any) -> None:
        from gen import report

        try:
            code = command(*args, **kwargs)
        except GenError as error:
            if kwargs.get("as_json"):
                click.echo(report.as_json(error.issues, language(), failed=[]))
            else:
                report.print_issues(error.issues, language())
            code = GROUP_FAILED
        except KeyboardInterrupt:
            code = INTERRUPTED
        except Exception:  # noqa: BLE001 - our defect: its traceback is for us, its exit code for build servers
            traceback.print_exc()
            code = DEFECT
        sys.stdout.flush()
        sys.exit(code)

    return run


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(NUMBER, prog_name="gen")
def main() -> None:
    """一个内容仓库，生成整个网站群。

    One repository of content in, every site of a city government out.

    \b
    编辑 / editors:     gen serve   预览    gen new   新建文档   gen check  检查
    管理员 / operators: gen build   构建    gen init  新建网站群  gen add-site
    """


@main.command()
@click.argument("sites", nargs=-1)
@_root
@click.option(
    "--out", type=click.Path(file_okay=False, path_type=Path), help="输出文件夹，默认 out/ / output folder"
)
@click.option("--date", "now", type=_Moment(), help="构建日期，默认现在 / build date, default now")
@click.option(
    "--jobs", "-j", type=click.IntRange(min=1), help="进程数，默认 CPU 数 / processes, default all cores"
)
@click.option(
    "--committed",
    is_flag=True,
    help="只看 Git 已提交的改动（构建服务器） / committed changes only, in a clean checkout",
)
@click.option("--local", is_flag=True, help="站点之间用相对链接，可从磁盘浏览 / relative links between sites")
@click.option("--explain", is_flag=True, help="说明每一页为何重新生成 / say why each page was made")
@click.option("--quiet", "-q", is_flag=True, help="只显示错误 / errors only")
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出结果 / the result as JSON")
@click.option("--open", "open_hub", is_flag=True, help="完成后在浏览器中打开主站 / open the hub when done")
@_told
def build(
    sites: tuple[str, ...],
    root: Path,
    out: Path | None,
    now: datetime | None,
    jobs: int | None,
    committed: bool,
    local: bool,
    explain: bool,
    quiet: bool,
    as_json: bool,
    open_hub: bool,
) -> int:
    """构建所有站点，或只构建指定的站点（SITES 为站点 id）。

    Builds all sites, or those named. A site with errors keeps its earlier pages; the others are built.

    \b
    gen build                      全部
    gen build edu mzj              两个站点
    gen build --date 2027-01-01    按指定日期（定时与到期的文档）
    gen build --local --open       供本机浏览
    """
    from gen import report, workers
    from gen.build import Options
    from gen.build import build as run

    lang, started = language(), time.perf_counter()
    options = Options(root, out or root / "out", now, jobs or workers.default_jobs(), sites, local, committed)
    with report.progress(lang, shown=not (quiet or as_json)) as progress:
        result = run(options, progress)
    seconds = time.perf_counter() - started
    if as_json:
        click.echo(report.result_json(result, seconds, lang))
    else:
        report.print_result(result, seconds, lang, quiet=quiet, explained=explain)
    if open_hub:
        click.launch(str(options.out / result.hub / "index.html"))
    return SITE_FAILED if result.failed or any(issue.is_error for issue in result.issues) else OK


@main.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@_root
@click.option("--date", "now", type=_Moment(), help="按此日期检查 / as of this date")
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出结果 / the result as JSON")
@_told
def check(paths: tuple[Path, ...], root: Path, now: datetime | None, as_json: bool) -> int:
    """检查全部内容，或只看指定的文件和文件夹；不生成页面。

    Checks all content without building. PATHS limit what is told.

    \b
    gen check
    gen check content/edu/news
    """
    from gen import report
    from gen.check import check_group

    issues = check_group(root, now, paths)
    if as_json:
        click.echo(report.as_json(issues, language()))
    else:
        report.print_check(issues, language())
    return SITE_FAILED if any(issue.is_error for issue in issues) else OK


@main.command()
@_root
@click.option("--port", default=8000, help="端口 / port")
@click.option(
    "--host", default="127.0.0.1", help="地址；0.0.0.0 供同事访问 / address; 0.0.0.0 lets colleagues see"
)
@click.option("--date", "now", type=_Moment(), help="按此日期预览 / preview as of this date")
@click.option("--open", "open_hub", is_flag=True, help="在浏览器中打开 / open in the browser")
@_told
def serve(root: Path, port: int, host: str, now: datetime | None, open_hub: bool) -> int:
    """预览：保存后一秒内页面自动刷新，错误显示在页面上。

    Live preview: a saved change shows within a second; errors show on the page until mended.
    """
    from gen.serve import serve as run

    run(root, host, port, now, open_hub=open_hub)
    return OK


@main.command()
@click.argument("place", required=False)
@_root
@click.option("--title", help="标题 / title")
@click.option("--slug", help="文件名（拼音或英文） / file name")
@click.option("--date", "now", type=_Moment(), help="发布日期，默认现在 / date of publication")
@click.option("--number/--no-number", default=None, help="是否编信息索取号 / assign an index number")
@_told
def new(
    place: str | None,
    root: Path,
    title: str | None,
    slug: str | None,
    now: datetime | None,
    number: bool | None,
) -> int:
    """新建文档：PLACE 为 <站点>/<栏目>，没给的内容会逐项询问。

    Makes a document and assigns its index number; asks for what isn't given.

    \b
    gen new edu/notices
    gen new edu/disclosure --title 关于…的公告 --slug gonggao
    """
    from gen.authoring import new as authoring

    draft = authoring.prepare(root, now)
    place = place or click.prompt("栏目（<站点>/<栏目>） / column", type=str)
    column = draft.column(place)
    title = title or click.prompt("标题 / title", type=str)
    slug = slug or click.prompt(
        "文件名（字母、数字和短横线） / file name", type=str, default=draft.slug(title)
    )
    path = draft.write(column, title, slug, with_number=number)
    click.echo(path)
    return OK


@main.command()
@click.argument("source", type=click.Path(path_type=Path))
@click.argument("target", type=click.Path(path_type=Path))
@_root
@_told
def move(source: Path, target: Path, root: Path) -> int:
    """移动或改名一篇文档：旧地址自动跳转（站内），指向它的链接一并改正。

    Moves a document with its files; inside a site its old address redirects; links to it are corrected.
    """
    from gen.authoring.move import move as run

    for path in run(root, source, target):
        click.echo(path)
    return OK


@main.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--name", default="示例市政府网站群", help="网站群名称 / the group's name")
@_told
def init(folder: Path, name: str) -> int:
    """新建一个马上可以构建的网站群。

    Makes a new group that builds at once.
    """
    from gen.authoring.init import init as run

    for path in run(folder, name):
        click.echo(path)
    return OK


@main.command("add-site")
@click.argument("site_id")
@_root
@click.option("--name", prompt="站点名称 / name", help="站点名称 / name")
@click.option("--kind", default="department", help="站点类型 / kind")
@click.option("--domain", prompt="域名 / domain", help="域名 / domain")
@click.option("--site-code", prompt="网站标识码（十位） / site code", help="网站标识码 / site code")
@click.option("--phone", prompt="联系电话 / phone", help="联系电话 / phone")
@_told
def add_site(site_id: str, root: Path, name: str, kind: str, domain: str, site_code: str, phone: str) -> int:
    """在 sites.yaml 末尾添加一个站点。

    Adds a site to the end of sites.yaml; nothing is written if the whole would then be wrong.
    """
    from gen.authoring.init import add_site as run

    click.echo(run(root, site_id, name=name, kind=kind, domain=domain, site_code=site_code, phone=phone))
    return OK


@main.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path), default=Path("schemas"))
@_told
def schema(folder: Path) -> int:
    """写出 sites.yaml、theme.yaml 和文档信息的 JSON Schema，供编辑器补全。

    Writes JSON Schemas for completion in editors' tools.
    """
    from gen.authoring.schemas import write_schemas

    for path in write_schemas(folder):
        click.echo(path)
    return OK
