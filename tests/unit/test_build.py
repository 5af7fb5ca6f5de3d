"""What a build does, counted: the pages it makes are those that show the change, and no others."""

import os
import shutil
from datetime import datetime

import pytest

from gen.build import Options, build
from gen.errors import GenError, Severity
from gen.outcome import Result
from tests.groups import (
    NOW,
    Folder,
    clean_build,
    config,
    difference,
    document,
    dump,
    of_sites,
    site,
    spoil_state,
)


def made(result: Result) -> set[str]:
    return {output for output, _ in result.made}


def assert_clean(folder: Folder, now: datetime = NOW) -> None:
    expected = clean_build(folder.files, now)[1]
    assert folder.tree() == expected, difference(folder.tree(), expected)


def test_nothing_changed_means_nothing_read_rendered_or_written(built: Folder) -> None:
    stats = built.build().stats
    assert (stats.read_files, stats.rendered_pages, stats.written_files, stats.deleted_files) == (0, 0, 0, 0)


def test_touched_files_are_read_and_nothing_is_rendered(built: Folder) -> None:
    for path in built.files:
        os.utime(built.root / path, (1_600_000_000, 1_600_000_000))
    stats = built.build().stats
    assert stats.read_files == 15
    assert (stats.rendered_pages, stats.written_files) == (0, 0)


def test_a_body_edit_that_no_list_shows_renders_one_page(built: Folder) -> None:
    built.put(
        {
            "content/edu/news/b.md": document(
                "放假", "2026-02-02", "正文。\n\n## 又\n", tags=["学校", "水"], pinned=True
            )
        }
    )
    result = built.build()
    assert made(result) == {"edu/news/b.html"}
    assert (result.stats.rendered_pages, result.stats.written_files, result.stats.changed_documents) == (
        1,
        1,
        1,
    )
    assert_clean(built)


def test_a_title_edit_renders_exactly_the_pages_that_show_the_title(built: Folder) -> None:
    built.put({"content/edu/news/b.md": document("改了题", "2026-02-02", tags=["学校", "水"], pinned=True)})
    before = built.tree()
    result = built.build()
    has_title = {path for path, data in built.tree().items() if "改了题".encode() in data}
    showing = {path for path in has_title if "/search/" not in path}
    assert made(result) == showing
    changed = {path for path, data in built.tree().items() if before.get(path) != data}
    assert {path for path in changed if "/search/" not in path} == showing
    assert {
        "edu/news/b.html",
        "edu/index.html",
        "edu/news/2025/c.html",
        "hub/news/index.html",
        "hub/water/index.html",
    } < showing


def test_a_new_document_changes_the_front_of_its_list_and_no_older_block(built: Folder) -> None:
    for number in range(5):
        built.put({f"content/xiu/news/n{number}.md": document(f"第{number}", f"2026-02-0{number + 1}")})
        built.build()
    built.put({"content/xiu/news/newest.md": document("最新", "2026-05-05")})
    result = built.build()
    news = {path for path in made(result) if path.startswith("xiu/news/")}
    assert {"xiu/news/index.html", "xiu/news/newest.html", "xiu/news/n4.html"} <= news
    older = {"xiu/news/page-1.html", "xiu/news/page-2.html"}
    assert older <= built.tree().keys()
    assert not older & news
    assert_clean(built)


def test_a_withdrawn_document_leaves_every_list_in_the_same_build(built: Folder) -> None:
    built.put({"content/edu/news/b.md": document("放假", "2026-02-02", withdrawn=True)})
    built.build()
    assert "edu/news/b.html" not in built.tree()
    assert not [path for path, data in built.tree().items() if "放假".encode() in data]
    assert_clean(built)


@pytest.mark.parametrize("disclosure", ["依申请公开", "不予公开"])
def test_what_is_not_for_active_disclosure_leaves_no_byte_of_its_title(
    built: Folder, disclosure: str
) -> None:
    built.put(
        {
            "content/edu/news/secret.md": document(
                "不可见的题", "2026-02-02", tags=["密"], disclosure=disclosure
            )
        }
    )
    built.put({"content/jtj/news/x.md": document("外链", "2026-02-03", "[看](../../edu/news/secret.md)\n")})
    built.build()
    assert not [path for path, data in built.tree().items() if "不可见的题".encode() in data or "密" in path]
    assert not [path for path in built.tree() if "secret" in path]
    assert_clean(built)


def test_a_scheduled_document_appears_and_an_expired_one_leaves_when_their_time_comes(built: Folder) -> None:
    built.put({"content/edu/news/soon.md": document("将来", "2026-06-02 08:00", expires="2026-06-03 08:00")})
    assert built.build().next_change == datetime(2026, 6, 2, 8, 0)
    assert "edu/news/soon.html" not in built.tree()
    for moment in (datetime(2026, 6, 2, 8, 0), datetime(2026, 6, 3, 8, 0), NOW):
        built.build(moment)
        assert_clean(built, moment)


def test_a_page_that_asks_whether_a_moment_has_passed_is_made_again_when_it_has(built: Folder) -> None:
    span = {"opens": "2026-05-01", "closes": "2026-06-10 12:00"}
    built.put({"content/edu/notices/c.md": document("征求意见", "2026-05-01", consultation=span)})
    built.build()
    assert "征集中".encode() in built.tree()["edu/notices/c.html"]
    assert made(built.build(datetime(2026, 6, 10, 12, 0))) == {"edu/notices/c.html"}
    assert "已结束".encode() in built.tree()["edu/notices/c.html"]


def test_a_link_to_another_sites_missing_document_is_a_warning_and_its_words_stay(built: Folder) -> None:
    built.put({"content/edu/news/a.md": None})
    result = built.build()
    (issue,) = result.issues
    assert (issue.code, issue.severity, issue.path) == (
        "link.dead",
        Severity.WARNING,
        "content/jtj/news/a.md",
    )
    assert not result.failed
    assert b"<a>\xe5\xa4\x96</a>" in built.tree()["jtj/news/a.html"]
    assert_clean(built)


def test_a_link_in_the_site_that_leads_nowhere_keeps_the_site_as_it_was(built: Folder) -> None:
    before = built.tree()
    built.put({"content/edu/notices/n.md": None})
    for _ in range(2):
        result = built.build()
        assert result.failed == {"edu"}
        assert built.tree() == before
    built.put({"content/edu/news/a.md": document("开学", "2026-01-02")})
    assert not built.build().failed
    assert_clean(built)


def test_a_broken_hub_does_not_keep_a_department_from_publishing_what_the_hub_collects(built: Folder) -> None:
    hub = of_sites(built.tree(), {"hub"})
    built.put({"content/hub/news/broken.md": b"broken"})
    for number in range(5):
        built.put({f"content/edu/news/n{number}.md": document(f"第{number}", f"2026-02-0{number + 1}")})
    result = built.build()
    assert result.failed == {"hub"}
    assert "edu/news/n4.html" in built.tree()
    assert of_sites(built.tree(), {"hub"}) == hub
    built.put({"content/hub/news/broken.md": None})
    assert not built.build().failed
    assert_clean(built)


def test_a_site_with_a_wrong_option_shows_nothing_new_on_other_sites_either(built: Folder) -> None:
    before, settings = built.tree(), config()
    settings["sites"][1]["options"] = {"no_such_option": "x"}
    built.put({"sites.yaml": dump(settings), "content/edu/news/new.md": document("新", "2026-05-01")})
    result = built.build()
    assert result.failed == {"edu"}
    assert built.tree() == before
    built.put({"sites.yaml": dump(config())})
    assert not built.build().failed
    assert_clean(built)


def test_a_site_in_another_place_of_the_file_is_not_made_again(built: Folder) -> None:
    built.put({"sites.yaml": b"# a remark\n\n" + built.files["sites.yaml"]})
    assert not built.build().made


def test_a_new_site_renders_only_the_pages_that_name_all_sites(built: Folder) -> None:
    settings = config()
    settings["sites"].append(site("swj", "商务局", "department"))
    built.put({"sites.yaml": dump(settings)})
    others = {path for path in made(built.build()) if not path.startswith("swj/")}
    assert others == {f"{name}/index.html" for name in ("hub", "edu", "jtj", "xiu")}
    assert_clean(built)


def test_building_one_site_leaves_the_others_for_later(built: Folder) -> None:
    built.put({"content/edu/news/b.md": document("改了题", "2026-02-02", tags=["学校", "水"], pinned=True)})
    assert {path.partition("/")[0] for path in made(built.build(sites=("edu",)))} == {"edu"}
    assert {path.partition("/")[0] for path in made(built.build())} == {"hub", "jtj"} & {
        path.partition("/")[0] for path, data in built.tree().items() if "改了题".encode() in data
    }
    assert_clean(built)


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        ("missing", "state.missing"),
        ("empty", "state.damaged"),
        ("garbage", "state.damaged"),
        ("half", "state.damaged"),
        ("version", "state.other_version"),
    ],
)
def test_without_its_state_a_build_is_clean_and_says_why(
    built: Folder, kind: str, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(60):
        built.put({f"content/edu/news/more{number}.md": document(f"更多{number}", "2026-02-01")})
    built.build()
    built.put({"content/edu/news/more7.md": None})
    if kind == "version":
        monkeypatch.setattr("gen.workspace.code_version", lambda: "another")
    else:
        spoil_state(built.root, kind)
    assert built.build().fresh == reason
    assert_clean(built)
    assert not built.build().fresh


def test_output_that_is_gone_or_lies_elsewhere_is_made_again(built: Folder) -> None:
    shutil.rmtree(built.out / "edu")
    built.build()
    assert_clean(built)
    elsewhere = built.out.with_name("elsewhere")
    built.put({"content/edu/news/b.md": None})
    build(Options(built.root, elsewhere, NOW))
    built.build()
    assert_clean(built)


def test_an_edit_taken_back_after_a_build_that_was_cut_short_is_taken_back_on_the_disk(
    built: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The files may be newer than the state; what they hold must not be taken for what was built last."""
    old = built.files["content/edu/news/b.md"]
    built.put({"content/edu/news/b.md": document("改了题", "2026-02-02", tags=["学校", "水"], pinned=True)})
    with monkeypatch.context() as patch:
        patch.setattr("gen.plan.state.State.made", _cut)
        with pytest.raises(KeyboardInterrupt):
            built.build()
    built.put({"content/edu/news/b.md": old})
    built.build()
    assert_clean(built)


def _cut(*_: object) -> None:
    raise KeyboardInterrupt


def test_what_is_in_the_way_of_output_is_named_and_the_next_build_goes_on(folder: Folder) -> None:
    in_the_way = folder.out / "edu"
    in_the_way.parent.mkdir(parents=True)
    in_the_way.write_text("a file")
    with pytest.raises(GenError) as told:
        folder.build()
    (issue,) = told.value.issues
    assert issue.code == "write.failed"
    assert issue.path == str(in_the_way)
    in_the_way.unlink()
    assert not folder.build().failed
    assert_clean(folder)
