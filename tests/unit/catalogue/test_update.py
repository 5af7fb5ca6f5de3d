"""What comes and goes with a document: its files, its redirects, its place in other documents' boxes."""

from tests.groups import Folder, clean_build, difference, document, picture


def assert_clean(folder: Folder) -> None:
    expected = clean_build(folder.files)[1]
    assert folder.tree() == expected, difference(folder.tree(), expected)


def test_a_documents_files_come_and_go_with_it(built: Folder) -> None:
    for hidden in (True, False):
        built.put(
            {"content/jtj/news/a.md": document("修路", "2026-01-03", picture="a/road.png", draft=hidden)}
        )
        built.build()
        assert ("jtj/news/a/road.png" in built.tree()) is not hidden
        assert_clean(built)


def test_a_file_belongs_to_the_nearest_document_and_is_published_if_that_one_is(built: Folder) -> None:
    """The folder of `a.md` may hold another document with a folder of its own."""
    built.put({"content/jtj/news/a/b/x.png": picture(9)})
    for inner in (None, False, True, None, True, False):
        data = None if inner is None else document("内", "2026-02-02", draft=not inner)
        built.put({"content/jtj/news/a/b.md": data})
        result = built.build()
        assert not result.failed
        assert not result.fresh
        assert ("jtj/news/a/b/x.png" in built.tree()) is (inner is not False)
        assert_clean(built)


def test_a_page_moved_away_leaves_a_redirect_in_its_place(built: Folder) -> None:
    built.put({"content/edu/policies/p.md": None, "content/edu/policies/interpretation/i.md": None})
    built.put({"content/edu/notices/p.md": document("办法", "2026-01-09", aliases=["policies/p.html"])})
    assert not built.build().issues
    assert b"../notices/p.html" in built.tree()["edu/policies/p.html"]
    assert_clean(built)


def test_a_document_that_interprets_another_is_named_there_as_long_as_it_does(built: Folder) -> None:
    def box() -> str:
        page = built.tree()["edu/policies/p.html"].decode()
        return next(line for line in page.splitlines() if 'class="read"' in line)

    assert "读懂办法" in box()
    built.put({"content/edu/policies/interpretation/i.md": document("读懂办法", "2026-01-10")})
    built.build()
    assert "读懂办法" not in box()
    assert_clean(built)
