"""What all commands share: the group they belong to, their exit codes, how a failure is told.

Exit codes: 0 all is well; 1 a site has errors, all others are done; 2 nothing could be done; 70 a defect of gen itself.
"""

import sys
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

root_option = click.option(
    "--root",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path(),
    help="网站群的文件夹（有 sites.yaml） / the group's folder",
)

jobs_option = click.option(
    "--jobs", "-j", type=click.IntRange(min=1), help="进程数，默认 CPU 数 / processes, default all cores"
)


class Moment(click.ParamType[datetime]):
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


def told(command: Callable[..., int]) -> Callable[..., None]:
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
        except click.ClickException:
            raise
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
    编辑 / editors:     gen serve   预览    gen new   新建文档   gen check  检查   gen search 搜索
    管理员 / operators: gen build   构建    gen init  新建网站群  gen add-site      gen index  索引
    """
