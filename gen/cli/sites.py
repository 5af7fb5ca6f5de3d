"""Commands that make sites and look at them: build, check, serve."""

import time
from datetime import datetime
from pathlib import Path

import click

from gen.cli.base import OK, SITE_FAILED, Moment, jobs_option, main, root_option, told
from gen.text import language


@main.command()
@click.argument("sites", nargs=-1)
@root_option
@click.option(
    "--out", type=click.Path(file_okay=False, path_type=Path), help="输出文件夹，默认 out/ / output folder"
)
@click.option("--date", "now", type=Moment(), help="构建日期，默认现在 / build date, default now")
@jobs_option
@click.option(
    "--committed",
    is_flag=True,
    help="只看 Git 已提交的改动（构建服务器） / committed changes only, in a clean checkout",
)
@click.option("--local", is_flag=True, help="站点之间用相对链接，可从磁盘浏览 / relative links between sites")
@click.option("--cluster", default="", metavar="tcp://…", help="由 Dask 集群来做 / let a Dask cluster do it")
@click.option("--store", default="", metavar="URL", help="集群的共享存储 / the store that its machines share")
@click.option(
    "--repository", default="", metavar="URL", help="集群取内容的 Git 地址，默认 origin / for its machines"
)
@click.option("--explain", is_flag=True, help="说明每一页为何重新生成 / say why each page was made")
@click.option("--quiet", "-q", is_flag=True, help="只显示错误 / errors only")
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出结果 / the result as JSON")
@click.option("--open", "open_hub", is_flag=True, help="完成后在浏览器中打开主站 / open the hub when done")
@told
def build(
    sites: tuple[str, ...],
    root: Path,
    out: Path | None,
    now: datetime | None,
    jobs: int | None,
    committed: bool,
    local: bool,
    cluster: str,
    store: str,
    repository: str,
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
    gen build --committed --cluster tcp://10.0.0.5:8786 --store s3://bucket/gen
    """
    from gen import report, workers
    from gen.build import Options
    from gen.build import build as run

    lang, started = language(), time.perf_counter()
    options = Options(
        root,
        out or root / "out",
        now,
        jobs or workers.default_jobs(),
        sites,
        local,
        committed,
        cluster=cluster,
        store=store,
        repository=repository,
    )
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
@root_option
@click.option("--date", "now", type=Moment(), help="按此日期检查 / as of this date")
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出结果 / the result as JSON")
@told
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
@root_option
@click.option("--port", default=8000, help="端口 / port")
@click.option(
    "--host", default="127.0.0.1", help="地址；0.0.0.0 供同事访问 / address; 0.0.0.0 lets colleagues see"
)
@click.option("--date", "now", type=Moment(), help="按此日期预览 / preview as of this date")
@click.option("--open", "open_hub", is_flag=True, help="在浏览器中打开 / open in the browser")
@told
def serve(root: Path, port: int, host: str, now: datetime | None, open_hub: bool) -> int:
    """预览：保存后一秒内页面自动刷新，错误显示在页面上。

    Live preview: a saved change shows within a second; errors show on the page until mended.
    """
    from gen.serve import serve as run

    run(root, host, port, now, open_hub=open_hub)
    return OK
