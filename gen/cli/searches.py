"""Commands of the search: search, index, api."""

import time
from datetime import datetime
from pathlib import Path

import click

from gen.cli.base import OK, Moment, jobs_option, main, root_option, told
from gen.text import language, text

ALIAS = "gen"
_opensearch = click.option("--opensearch", "url", help="OpenSearch 的网址 / address of an OpenSearch server")
_alias = click.option("--alias", default=ALIAS, help="OpenSearch 里的别名 / alias in OpenSearch")
_ca = click.option(
    "--ca", "ca_file", default="", help="OpenSearch 的自签证书 / certificate authority of the server"
)


@main.command()
@click.argument("words", nargs=-1)
@root_option
@click.option("--site", default="", help="只搜一个站点 / one site only")
@click.option("--kind", default="", help="栏目类型，如 policies / kind of column")
@click.option("--year", default=0, help="发布年份 / year of publication")
@click.option("--since", type=Moment(), help="此日期以来发布的 / published since")
@click.option("--by-date", is_flag=True, help="按日期排列，不按相关度 / newest first")
@click.option("--page", default=1, type=click.IntRange(min=1), help="第几页 / page")
@click.option("--related", help="与这篇文档相关的：content/ 下的路径 / documents about the same as this one")
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出结果 / the result as JSON")
@told
def search(
    words: tuple[str, ...],
    root: Path,
    site: str,
    kind: str,
    year: int,
    since: datetime | None,
    by_date: bool,
    page: int,
    related: str | None,
    as_json: bool,
) -> int:
    """在最近一次构建的全部站点中搜索。

    Searches all sites as they were last built.

    \b
    gen search 义务教育 招生
    gen search 九电政监字〔2013〕1号
    gen search 补贴 --site nyj --since 2026-01-01
    gen search --related edu/notices/2026/zhaosheng.md
    """
    from gen import report
    from gen.search.results import Request, Sort
    from gen.searching import look_up

    day = since.date() if since else None
    order = Sort.DATE if by_date else Sort.RELEVANCE
    request = Request(" ".join(words), site, "", year, kind, day, order, page)
    found = look_up(root, request, related)
    if as_json:
        click.echo(report.found_json(found))
    else:
        report.print_found(found, request, language())
    return OK


@main.command("index")
@root_option
@click.option(
    "--out", type=click.Path(file_okay=False, path_type=Path), help="输出文件夹，默认 out/ / output folder"
)
@click.option(
    "--merge", is_flag=True, help="每个索引合并为一段；宜每晚一次 / one segment for each index, best at night"
)
@jobs_option
@click.option("--local", is_flag=True, help="同 gen build --local / as in gen build")
@_opensearch
@_alias
@_ca
@click.option("--changes", is_flag=True, help="只送改动 / send changes only")
@click.option("--use", "name", help="切换到已有的一个索引 / let an index that is there be searched")
@click.option("--drop-old", is_flag=True, help="删除不在用的索引 / delete indexes that nobody searches")
@told
def index(
    root: Path,
    out: Path | None,
    merge: bool,
    jobs: int | None,
    local: bool,
    url: str | None,
    alias: str,
    ca_file: str,
    changes: bool,
    name: str | None,
    drop_old: bool,
) -> int:
    """整理搜索索引，或送进 OpenSearch；不重新生成页面。

    Brings the search indexes of the last build up to date, without making pages; or hands them to OpenSearch.

    \b
    gen index --merge                                  每个索引合并为一段
    gen index --opensearch https://主机:9200           灌入全部，完成后切换
    gen index --opensearch https://主机:9200 --changes 只送改动
    """
    if url:
        return _to_opensearch(root, url, alias, ca_file, changes=changes, name=name, drop_old=drop_old)
    if changes or name or drop_old:
        raise click.UsageError("--changes, --use, --drop-old: --opensearch …")
    from gen import report, workers
    from gen.build import Options, index_all

    lang, started = language(), time.perf_counter()
    options = Options(
        root, out or root / "out", None, jobs or workers.default_jobs(), local=local, merge=merge
    )
    with report.progress(lang, shown=True) as progress:
        stats = index_all(options, progress)
    report.print_indexed(stats, time.perf_counter() - started, lang)
    return OK


def _to_opensearch(
    root: Path, url: str, alias: str, ca_file: str, *, changes: bool, name: str | None, drop_old: bool
) -> int:
    from gen.search import opensearch_feed
    from gen.searching import connect, feed_changes, feed_opensearch

    client, lang = connect(url, ca_file), language()
    if name:
        opensearch_feed.switch(client, alias, name)
        click.echo(text("opensearch.used", lang, name=name))
    elif drop_old:
        dropped = opensearch_feed.drop_old(client, alias)
        click.echo(text("opensearch.dropped", lang, count=len(dropped), names="、".join(dropped)))
    elif changes:
        click.echo(text("opensearch.changed", lang, sent=feed_changes(root, client, alias)))
    else:
        fed = feed_opensearch(root, client, alias)
        click.echo(text("opensearch.fed", lang, name=fed.name, documents=fed.documents, sent=fed.sent))
    return OK


@main.command()
@root_option
@click.option("--port", default=8001, help="端口 / port")
@click.option("--host", default="127.0.0.1", help="地址 / address")
@click.option("--rate", default=5.0, help="每个来源每秒的请求数 / requests a second of one client")
@click.option("--burst", default=30, help="一次可连发的请求数 / requests at once after a rest")
@click.option(
    "--trust-proxy",
    is_flag=True,
    help="相信反向代理写的 X-Forwarded-For / believe X-Forwarded-For of one's own proxy",
)
@_opensearch
@_alias
@_ca
@told
def api(
    root: Path,
    port: int,
    host: str,
    rate: float,
    burst: int,
    trust_proxy: bool,
    url: str | None,
    alias: str,
    ca_file: str,
) -> int:
    """检索接口：供自助终端和其他系统查询，只读，按来源限速。

    A read-only search API over the last build, or over OpenSearch; it describes itself at /openapi.json.
    """
    from gen.api.limits import Limits
    from gen.api.server import serve
    from gen.searching import LatestEngine, opensearch_source

    threads = 8 if url else 1
    source = opensearch_source(root, url, alias, ca_file) if url else LatestEngine(root)
    serve(source, host, port, Limits(rate, burst, threads=threads, trust_proxy=trust_proxy))
    return OK
