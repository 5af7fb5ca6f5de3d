"""Commands that write what people would have to write by hand: new, move, init, add-site, schema."""

from datetime import datetime
from pathlib import Path

import click

from gen.cli.base import OK, Moment, main, root_option, told


@main.command()
@click.argument("place", required=False)
@root_option
@click.option("--title", help="标题 / title")
@click.option("--slug", help="文件名（拼音或英文） / file name")
@click.option("--date", "now", type=Moment(), help="发布日期，默认现在 / date of publication")
@click.option("--number/--no-number", default=None, help="是否编信息索取号 / assign an index number")
@told
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
@root_option
@told
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
@told
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
@root_option
@click.option("--name", prompt="站点名称 / name", help="站点名称 / name")
@click.option("--kind", default="department", help="站点类型 / kind")
@click.option("--domain", prompt="域名 / domain", help="域名 / domain")
@click.option("--site-code", prompt="网站标识码（十位） / site code", help="网站标识码 / site code")
@click.option("--phone", prompt="联系电话 / phone", help="联系电话 / phone")
@told
def add_site(site_id: str, root: Path, name: str, kind: str, domain: str, site_code: str, phone: str) -> int:
    """在 sites.yaml 末尾添加一个站点。

    Adds a site to the end of sites.yaml; nothing is written if the whole would then be wrong.
    """
    from gen.authoring.init import add_site as run

    click.echo(run(root, site_id, name=name, kind=kind, domain=domain, site_code=site_code, phone=phone))
    return OK


@main.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path), default=Path("schemas"))
@told
def schema(folder: Path) -> int:
    """写出 sites.yaml、theme.yaml 和文档信息的 JSON Schema，供编辑器补全。

    Writes JSON Schemas for completion in editors' tools.
    """
    from gen.authoring.schemas import write_schemas

    for path in write_schemas(folder):
        click.echo(path)
    return OK
