"""A document shown elsewhere is stored once, has one address, and names where it comes from (law 8)."""

from tests.groups import Folder, config, document, dump


def lists_with(folder: Folder, title: str) -> set[str]:
    return {
        path for path, data in folder.tree().items() if title.encode() in data and path.endswith("index.html")
    }


def test_a_shared_document_has_one_page_and_every_list_links_to_it_and_names_its_site(built: Folder) -> None:
    built.put(
        {"content/edu/notices/n.md": document("共享通知", "2026-03-01", share=["hub/notices", "jtj/notices"])}
    )
    built.build()
    assert [path for path in built.tree() if path.endswith("/notices/n.html")] == [
        "edu/notices/n.html",
        "jtj/notices/n.html",
    ]
    for site in ("hub", "jtj"):
        page = built.tree()[f"{site}/notices/index.html"].decode()
        row = next(line for line in page.splitlines() if "共享通知" in line)
        assert 'href="https://edu.test/notices/n.html"' in row
        assert "教育局" in row


def test_a_document_that_is_no_longer_shared_leaves_the_other_site(built: Folder) -> None:
    assert "hub/notices/index.html" in lists_with(built, "通知</a>")
    built.put({"content/edu/notices/n.md": document("通知", "2026-03-01", attachments=["n/form.txt"])})
    built.build()
    assert "hub/notices/index.html" not in lists_with(built, "edu.test/notices/n.html")


def test_a_column_collects_by_place_tag_and_number(built: Folder) -> None:
    towns = built.tree()["hub/towns/index.html"].decode()
    assert "县校" in towns
    assert "教育局" not in towns
    water = built.tree()["hub/water/index.html"].decode()
    assert "放假" in water
    assert "开学" not in water


def test_a_changed_rule_changes_what_is_collected(built: Folder) -> None:
    settings = config()
    settings["kinds"]["hub"]["columns"]["news"]["collect"] = {"from": ["*/news"], "kinds": ["county"]}
    built.put({"sites.yaml": dump(settings)})
    built.build()
    page = built.tree()["hub/news/index.html"].decode()
    assert "县里" in page
    assert "放假" not in page
