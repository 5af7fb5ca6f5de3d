"""The command line's exit codes and words."""

from pathlib import Path

import msgspec
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


def test_search_finds_what_was_built_and_says_so_before(folder: Folder) -> None:
    options = ("--root", str(folder.root))
    code, told = run("search", "甲", *options)
    assert (code, "还没有搜索索引；先运行 gen build" in told) == (2, True)
    text = "---\ntitle: 义务教育入学通知\npublished: 2026-03-01\n---\n中心城区的孩子报名入学。\n"
    folder.put({"content/edu/news/x.md": text.encode()})
    assert run("build", *options, "--out", str(folder.out), "--quiet")[0] == 0
    code, told = run("search", "義務教育", *options)
    assert (code, "找到 1 篇" in told, "news/x.html" in told) == (0, True, True)
    found = msgspec.json.decode(run("search", "城区的孩子", "--json", *options)[1])
    assert [hit["path"] for hit in found["results"]["hits"]] == ["edu/news/x.md"]
    assert "没有找到含“珠穆朗玛”的文档" in run("search", "珠穆朗玛", *options)[1]
    assert run("search", "通知", "--site", "nobody", *options)[0] == 2
    assert run("search", "--related", "content/edu/news/x.md", *options)[0] == 0


def test_index_merges_the_indexes_of_the_last_build(folder: Folder) -> None:
    options = ("--root", str(folder.root), "--out", str(folder.out))
    assert run("index", "--merge", *options)[0] == 2
    run("build", *options, "--quiet")
    code, told = run("index", "--merge", *options)
    assert (code, "搜索索引已整理" in told) == (0, True)
    assert run("index", "--changes", *options)[0] == 2


def test_opensearch_that_can_not_be_is_told(folder: Folder) -> None:
    options = ("--root", str(folder.root))
    run("build", *options, "--out", str(folder.out), "--quiet")
    code, told = run("index", "--opensearch", "nowhere", *options)
    assert (code, "“nowhere”不是 OpenSearch 的地址" in told) == (2, True)
    code, told = run("index", "--opensearch", "http://127.0.0.1:9", "--changes", *options)
    assert (code, "OpenSearch 没有完成请求" in told) == (2, True)
