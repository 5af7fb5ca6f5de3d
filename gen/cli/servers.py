"""Commands for what serves the sites: server, compress."""

from pathlib import Path

import click

from gen.cli.base import OK, jobs_option, main, root_option, told
from gen.text import language, text


@main.command()
@click.argument("kind", type=click.Choice(["nginx", "caddy"]))
@root_option
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    help="网页所在的文件夹，默认 out/ / what is served",
)
@click.option(
    "--certificates",
    default="/etc/letsencrypt/live",
    help="证书文件夹，其下每个域名一个 / folder of certificates, one for each domain",
)
@click.option(
    "--plain", is_flag=True, help="只用 HTTP，在终结 TLS 的代理之后 / HTTP only, behind what ends TLS"
)
@click.option(
    "--brotli", is_flag=True, help="nginx 有 brotli_static 模块 / nginx has the module brotli_static"
)
@click.option("--http", default=80, help="HTTP 端口 / port of HTTP")
@click.option("--https", default=443, help="HTTPS 端口 / port of HTTPS")
@told
def server(
    kind: str,
    root: Path,
    out: Path | None,
    certificates: str,
    plain: bool,
    brotli: bool,
    http: int,
    https: int,
) -> int:
    """写出网页服务器的配置：全部站点的域名、安全和缓存的响应头、404 页、预压缩文件。

    Writes a web server's configuration of all sites.

    \b
    gen server nginx > /etc/nginx/conf.d/gen.conf
    gen server caddy > /etc/caddy/Caddyfile
    """
    from gen.config.resolve import load_group
    from gen.server_files import Wanted, server_file
    from gen.theme import policies

    group = load_group(root)
    wanted = Wanted(out or root / "out", "" if plain else certificates, brotli, http, https)
    made = server_file(
        "caddy" if kind == "caddy" else "nginx", group, policies(root / "themes", group), wanted
    )
    click.echo(made, nl=False)
    return OK


@main.command()
@root_option
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    help="要压缩的文件夹，默认 out/ / what to compress",
)
@jobs_option
@told
def compress(root: Path, out: Path | None, jobs: int | None) -> int:
    """在网页旁边放好压缩过的 .gz 和 .br，供服务器直接发送；只做变了的。

    Puts compressed companions beside the files that changed since the last time.
    """
    from gen import workers
    from gen.compress import compress as run

    done = run(out or root / "out", jobs or workers.default_jobs())
    click.echo(
        text(
            "compress.done",
            language(),
            files=done.files,
            before=done.bytes_before / 1e6,
            gzip=done.gzip_bytes / 1e6,
            brotli=done.brotli_bytes / 1e6,
            deleted=done.deleted,
        )
    )
    return OK
