"""What only the whole can tell is told at every build, whichever file changed and whoever was there first."""

from datetime import datetime

import pytest

from gen.outcome import Result
from tests.groups import Folder, clean_build, difference, document


def codes(result: Result) -> set[tuple[str, str]]:
    return {(issue.path.removeprefix("content/"), issue.code) for issue in result.issues if issue.is_error}


def assert_same_as_clean(folder: Folder, result: Result, now: datetime | None = None) -> None:
    clean, _ = clean_build(folder.files, now) if now else clean_build(folder.files)
    assert (codes(result), result.failed) == (codes(clean), clean.failed)


def numbered(created: str) -> bytes:
    return document("有号", "2026-03-03", created=created, index_number="G00180-0203-2026-0001")


def test_a_number_given_twice_is_the_later_documents_error(built: Folder) -> None:
    built.put({"content/edu/news/one.md": numbered("2026-03-01")})
    assert not built.build().failed
    built.put({"content/jtj/news/two.md": numbered("2026-03-02")})
    result = built.build()
    assert codes(result) == {("jtj/news/two.md", "number.doubled")}
    assert result.failed == {"jtj"}


def test_a_number_taken_by_an_earlier_document_stays_an_error_until_mended(built: Folder) -> None:
    """Though the document at fault did not change at all."""
    built.put({"content/jtj/news/two.md": numbered("2026-03-02")})
    assert not built.build().failed
    built.put({"content/edu/news/one.md": numbered("2026-03-01")})
    for _ in range(3):
        result = built.build()
        assert codes(result) == {("jtj/news/two.md", "number.doubled")}
    built.put({"content/jtj/news/two.md": None})
    assert not built.build().failed
    assert built.tree() == clean_build(built.files)[1]


def test_a_withdrawn_document_keeps_its_number(built: Folder) -> None:
    withdrawn = document("撤", "2026-03-01", withdrawn=True, index_number="G00180-0203-2026-0001")
    built.put({"content/edu/news/one.md": withdrawn})
    built.build()
    built.put({"content/edu/news/two.md": numbered("2026-03-02")})
    assert codes(built.build()) == {("edu/news/two.md", "number.doubled")}


@pytest.mark.parametrize("first", ["a0", "z9"])
def test_an_old_address_claimed_twice_is_told_whichever_came_first(built: Folder, first: str) -> None:
    second = "z9" if first == "a0" else "a0"
    for name in (first, second):
        built.put({f"content/edu/news/{name}.md": document(name, "2026-03-01", aliases=["old/x.html"])})
        result = built.build()
    assert codes(result) == {("edu/news/z9.md", "alias.taken")}
    assert_same_as_clean(built, result)


def test_a_document_written_where_an_old_address_leads_away_is_told(built: Folder) -> None:
    built.put({"content/edu/policies/old.md": document("新来", "2026-03-01")})
    result = built.build()
    assert codes(result) == {("edu/policies/p.md", "alias.taken")}
    assert_same_as_clean(built, result)


@pytest.mark.parametrize("alias", ["news/page-1.html", "news/index.html", "tags/x.html", "news/a.html"])
def test_an_old_address_that_the_site_needs_itself_is_refused(built: Folder, alias: str) -> None:
    built.put({"content/edu/policies/p.md": document("办法", "2026-01-09", aliases=[alias])})
    assert codes(built.build()) == {("edu/policies/p.md", "alias.taken")}


def test_two_documents_of_one_address_are_told(built: Folder) -> None:
    """What is the group's and what is the hub's own meet below `shared/`."""
    built.put({"content/hub/shared/s.md": document("同址", "2026-03-01")})
    result = built.build()
    assert result.failed == {"hub"}
    assert "content.address_taken" in {code for _, code in codes(result)}


@pytest.mark.parametrize("first", ["a.md", "A.md"])
def test_names_that_differ_in_case_alone_are_told_whichever_came_first(folder: Folder, first: str) -> None:
    folder.put({"content/edu/news/a.md": None, f"content/edu/news/{first}": document("甲", "2026-01-01")})
    folder.put({"content/jtj/news/a.md": document("修路", "2026-01-03")})
    folder.build()
    second = "A.md" if first == "a.md" else "a.md"
    folder.put({f"content/edu/news/{second}": document("乙", "2026-01-01")})
    result = folder.build()
    assert codes(result) == {("edu/news/a.md", "content.case")}
    assert result.failed == {"edu"}
    assert_same_as_clean(folder, result)


def test_a_link_to_what_appears_later_than_its_page_is_told_when_it_is_written(built: Folder) -> None:
    built.put({"content/edu/news/later.md": document("更晚", "2026-08-01")})
    built.put({"content/edu/news/sooner.md": document("较早", "2026-07-01", "[链](later.md)\n")})
    assert codes(built.build()) == {("edu/news/sooner.md", "link.scheduled")}


def test_no_link_becomes_dead_by_the_mere_passing_of_time(built: Folder) -> None:
    built.put({"content/edu/news/later.md": document("更晚", "2026-08-01", "[链](sooner.md)\n")})
    built.put({"content/edu/news/sooner.md": document("较早", "2026-07-01")})
    for now in (datetime(2026, 6, 1), datetime(2026, 7, 2), datetime(2026, 8, 2)):
        assert not built.build(now).issues
        expected = clean_build(built.files, now)[1]
        assert built.tree() == expected, difference(built.tree(), expected)


def test_a_link_is_checked_again_when_the_date_goes_back(built: Folder) -> None:
    earlier = datetime(2026, 2, 1)
    result = built.build(earlier)
    assert codes(result) == {("edu/news/a.md", "link.scheduled")}
    assert_same_as_clean(built, result, earlier)
    assert codes(built.build(earlier)) == codes(result)
    assert not built.build().failed


def test_a_file_of_a_document_that_becomes_a_draft_is_missed_by_who_links_to_it(built: Folder) -> None:
    built.put({"content/edu/news/x.md": document("引", "2026-03-03", "[表](../notices/n/form.txt)\n")})
    built.put({"content/edu/news/a.md": document("开学", "2026-01-02")})
    result = built.build()
    assert not result.failed
    built.put({"content/edu/notices/n.md": document("通知", "2026-03-01", draft=True)})
    result = built.build()
    assert codes(result) == {("edu/news/x.md", "link.unpublished_file")}
    assert_same_as_clean(built, result)
