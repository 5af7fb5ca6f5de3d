"""The command line's exit codes and words."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from gen.cli import main
from tests.groups import Folder
from tests.invalid.cases import doc, sound_files


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path / "root", sound_files())


def run(*arguments: str) -> tuple[int, str]:
    done = CliRunner(env={"LC_ALL": "zh_CN.UTF-8"}).invoke(main, arguments)
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, done.output


def test_a_site_that_is_not_there_ends_with_2_and_the_known_ones(folder: Folder) -> None:
    code, told = run("build", "nobody", "--root", str(folder.root))
    assert (code, "没有站点“nobody”；可用：hub、edu、jtj、xiu" in told) == (2, True)


def test_only_the_sites_that_are_named_are_built(folder: Folder) -> None:
    assert run("build", "edu", "--root", str(folder.root), "--out", str(folder.out))[0] == 0
    assert [path.name for path in folder.out.iterdir()] == ["edu"]


def test_check_tells_only_of_the_paths_that_are_named(folder: Folder) -> None:
    folder.put({"content/edu/news/x.md": b"x", "content/jtj/news/x.md": b"x"})
    code, told = run("check", "--root", str(folder.root), str(folder.root / "content/edu"))
    assert code == 1
    assert "content/edu/news/x.md:1:" in told
    assert "jtj" not in told
    assert run("check", "--root", str(folder.root), str(folder.root / "content/hub"))[0] == 0


def test_new_move_and_schema_print_what_they_wrote(folder: Folder) -> None:
    root = str(folder.root)
    assert run("new", "edu/news", "--title", "标题", "--slug", "s", "--date", "2026-03-01", "--root", root) == (
        0, "content/edu/news/2026/s.md\n",
    )  # fmt: skip
    moved = run("move", f"{root}/content/edu/news/a.md", f"{root}/content/edu/news/z.md", "--root", root)
    assert moved == (0, "content/edu/news/z.md\n")
    assert run("schema", f"{root}/schemas")[0] == 0


@pytest.mark.parametrize("when", ["2026-13-01", "yesterday", "2026"])
def test_a_date_that_is_none_is_refused(when: str, folder: Folder) -> None:
    assert run("build", "--date", when, "--root", str(folder.root))[0] == 2


def test_quiet_says_nothing_of_a_sound_group_and_names_errors(folder: Folder) -> None:
    options = ("--root", str(folder.root), "--out", str(folder.out), "--quiet")
    assert run("build", *options) == (0, "")
    folder.put({"content/edu/news/x.md": doc("zzz: 1\n")})
    code, told = run("build", *options)
    assert (code, told.count("\n")) == (1, 2)
