"""What every page of the real content keeps: links, labels, sources, and silence on what is hidden."""

import json
import re
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

import msgspec
import pytest

from gen.catalogue.queries import AnyQuery, ListBlock, Newest, Query, Tags, Years
from gen.plan.artifact import AnyArtifact, DocumentPage
from tests.html.built import Built, Node, Page, Source, copy_repository, fingerprint, gen

ATOM = "{http://www.w3.org/2005/Atom}"
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
KINDS = {
    "home", "channel", "column", "document", "archive", "year", "tags", "tag", "search", "sitemap", "404", "redirect",
}  # fmt: skip
Tell = Callable[[str, int], None]


@pytest.fixture
def tell(record_property: Callable[[str, object], None], capsys: pytest.CaptureFixture[str]) -> Tell:
    """Says how much a test has looked at: a check of nothing passes too."""

    def told(what: str, number: int) -> None:
        assert number, what
        record_property(what, number)
        with capsys.disabled():
            print(f" [{what}: {number:,}]", end="")

    return told


def links(built: Built) -> Iterator[tuple[Page, Node, str]]:
    return ((page, node, link) for page in built.pages.values() for node, link in page.links())


def test_real_content_has_every_kind_of_page(local: Built, tell: Tell) -> None:
    """Otherwise the tests below would pass by having nothing to look at."""
    assert {local.kind(page) for page in local.pages.values()} == KINDS
    tell("pages", len(local.pages))


# ---- links ----


def test_no_link_is_dead(built: Built, tell: Tell) -> None:
    dead, count = [], 0
    for page, node, link in links(built):
        target, anchor = built.target(page, link)
        if target is None:
            assert urlsplit(link).scheme in ("http", "https", "mailto", "tel"), (page.path, link)
            continue
        count += 1
        if target not in built.files:
            dead.append(f"{page.path}: <{node.tag}> {link}: there is no {target}")
        elif anchor and anchor not in built.pages[target].ids:
            dead.append(f"{page.path}: <{node.tag}> {link}: {target} has no id {anchor}")
    assert not dead, "\n".join(dead[:30])
    tell("links", count)


def is_for_machines(node: Node) -> bool:
    """Whether a link says which addresses a page has: these are always whole."""
    return node.tag == "link" and (node.attributes.get("rel") == "canonical" or "hreflang" in node.attributes)


def test_sites_link_relatively_inside_and_absolutely_to_each_other(public: Built) -> None:
    """404.html stands for any address, so it alone can't be relative."""
    wrong, between = [], 0
    for page, node, link in links(public):
        target, _ = public.target(page, link)
        if target is None or is_for_machines(node):
            continue
        same, absolute = target.startswith(f"{page.site}/"), bool(urlsplit(link).scheme)
        between += not same
        is_anywhere = page.address == "404.html" and not link.startswith("#")
        if absolute is not (not same or is_anywhere):
            wrong.append(f"{page.path}: {link}")
    assert not wrong, "\n".join(wrong[:30])
    assert between > 1000


def test_local_pages_never_leave_the_folder(local: Built) -> None:
    """Every link between sites works from a disk: none goes by a domain of the group."""
    wrong = [
        f"{page.path}: {link}"
        for page, node, link in links(local)
        if local.place(link) and not is_for_machines(node)
    ]
    assert not wrong, "\n".join(wrong[:30])


def test_canonical_address_is_that_of_the_page(built: Built) -> None:
    for page in built.pages.values():
        found = [
            node.attributes["href"] for node in page.root.all("link") if node.attributes["rel"] == "canonical"
        ]
        if page.address == "404.html":
            assert not found
        elif page.is_redirect:
            assert built.place(found[0]) in built.shown, page.path
        else:
            assert [built.place(url) for url in found] == [page.path]


def test_every_page_names_its_icon(built: Built) -> None:
    """A browser asks the server's root for one that is not named, where it may not be."""
    without = [
        page.path
        for page in built.pages.values()
        if sum(node.attributes.get("rel") == "icon" for node in page.root.all("link")) != 1
    ]
    assert not without


def test_old_addresses_lead_to_the_document(built: Built, tell: Tell) -> None:
    count = 0
    for output, source in built.shown.items():
        for alias in source.keys.get("aliases", ()):
            page = built.pages[f"{source.site}/{alias}"]
            assert page.is_redirect
            leads = [
                built.target(page, link)[0]
                for node, link in page.links()
                if node.attributes.get("rel") != "icon"
            ]
            assert set(leads) == {output}, page.path
            assert len(leads) == 3, "the refresh, the canonical address and a plain link"
            count += 1
    tell("redirects", count)


# ---- what machines read ----


def test_feeds_and_sitemaps_are_well_formed_and_lead_to_pages(built: Built, tell: Tell) -> None:
    count = 0
    for path, data in built.files.items():
        if path.endswith((".xml", ".atom")):
            root = ET.fromstring(data)
            urls = [node.text or "" for node in root.iter(f"{SITEMAP}loc")]
            urls += [node.attrib["href"] for node in root.iter(f"{ATOM}link")]
        elif path.endswith("feed.json"):
            feed = json.loads(data)
            assert feed["version"] == "https://jsonfeed.org/version/1.1"
            urls = [feed["home_page_url"], feed["feed_url"], *(item["url"] for item in feed["items"])]
        else:
            continue
        assert urls or not root.findall("*"), path
        for url in urls:
            assert built.place(url) in built.files, f"{path}: {url}"
        count += len(urls)
    tell("addresses in feeds and sitemaps", count)


def test_sitemaps_name_every_document_of_the_site_and_no_other(built: Built) -> None:
    for site in built.group.sites:
        index = ET.fromstring(built.files[f"{site}/sitemap.xml"])
        found: set[str | None] = set()
        for part in index.iter(f"{SITEMAP}loc"):
            child = ET.fromstring(built.files[str(built.place(part.text or ""))])
            found |= {built.place(node.text or "") for node in child.iter(f"{SITEMAP}loc")}
        listed = {path for path, one in built.shown.items() if one.site == site and not one.over}
        documents = {path for path in found if path in built.shown}
        assert documents == listed
        assert {f"{site}/index.html", f"{site}/sitemap.html"} <= found


def test_pages_name_their_feeds(built: Built) -> None:
    for page in built.pages.values():
        if page.is_redirect:
            continue
        feeds = [node.attributes for node in page.root.all("link") if node.attributes["rel"] == "alternate"]
        feeds = [one for one in feeds if "hreflang" not in one]
        kinds = [feed["type"] for feed in feeds]
        assert {"application/atom+xml", "application/feed+json"} <= set(kinds), page.path
        assert all(feed["title"] for feed in feeds)


# ---- official labels (国办发〔2017〕47号, annex) and the footer ----


def test_pages_bear_the_official_labels(built: Built, tell: Tell) -> None:
    for page in built.pages.values():
        metas, kind = page.metas(), built.kind(page)
        site, _, column = built.whose(page)
        expected = {"SiteName": site.name, "SiteDomain": site.domain, "SiteIDCode": site.site_code}
        assert {key: metas.get(key) for key in expected} == expected, page.path
        names = [node.attributes.get("name") for node in page.root.all("meta") if "name" in node.attributes]
        assert max(Counter(names).values()) == 1, page.path
        if kind in ("column", "document"):
            assert column is not None
            assert metas["ColumnName"] == column.name
            for key in ("ColumnDescription", "ColumnKeywords", "ColumnType"):
                assert metas[key], (page.path, key)
        if kind == "document":
            _check_article(built, page, built.shown[page.path])
        else:
            assert "ArticleTitle" not in metas
    tell("pages", len(built.pages))


def _check_article(built: Built, page: Page, source: Source) -> None:
    metas = page.metas()
    assert metas["ArticleTitle"] == source.title
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d", metas["PubDate"]), page.path
    assert metas["PubDate"][:10] == str(source.keys["published"])[:10]
    for key in ("ContentSource", "Author", "Description"):
        assert metas[key], (page.path, key)
    assert built.place(metas["Url"]) == page.path
    if "Image" in metas:
        assert built.place(metas["Image"]) in built.files, page.path


def test_titles_of_windows_say_page_and_site(built: Built) -> None:
    titles: Counter[str] = Counter()
    for page in built.pages.values():
        (title,) = (node.text() for node in page.root.all("title"))
        assert title.endswith(built.group.sites[page.site].name), page.path
        if not page.is_redirect:
            titles[title] += 1
            assert len(page.root.all("h1")) == 1, page.path
    assert [title for title, count in titles.items() if count > 1] == []


def test_footer_says_who_answers_for_the_site(built: Built) -> None:
    for page in built.pages.values():
        if page.is_redirect:
            continue
        footer = page.root.all("footer")[-1]
        text, hrefs = footer.text(), [node.attributes["href"] for node in footer.all("a")]
        site, channel, _ = built.whose(page)
        place = channel or site
        report = "网站找错" if site.words == "zh" else "Report a problem"
        facts = [place.organiser, place.undertaker, place.contact.phone, place.contact.email]
        for fact in (*facts, place.contact.address, site.site_code, site.icp, site.police, report):
            assert fact in text, f"{page.path}: {fact}"
        assert f"{site.id}/sitemap.html" in [built.target(page, href)[0] for href in hrefs]
        assert any(href.startswith(("mailto:", "tel:")) for href in hrefs)


# ---- safety and independence ----


def test_pages_hold_no_script_and_no_style(built: Built) -> None:
    for page in built.pages.values():
        for node in page.root.walk():
            inside = {name for name in node.attributes if name == "style" or name.startswith("on")}
            assert not inside, f"{page.path}: <{node.tag}> {inside}"
            assert node.tag not in ("style", "iframe", "object", "embed", "base"), page.path
            if node.tag == "script" and node.attributes.get("type") != "application/ld+json":
                assert node.attributes.get("src"), f"{page.path}: a script inside the page"
                assert "defer" in node.attributes
            assert not node.attributes.get("href", "").lower().startswith(("javascript:", "data:")), page.path


def test_nothing_is_loaded_from_another_site(built: Built) -> None:
    """Not even from another of the group: a page is whole by itself."""
    count = 0
    for page, node, link in links(built):
        loads = node.tag != "a" and "http-equiv" not in node.attributes
        if loads and node.attributes.get("rel") not in ("canonical", "alternate"):
            target, _ = built.target(page, link)
            assert (target or "").startswith(f"{page.site}/"), f"{page.path}: {link}"
            count += 1
    assert count
    for path, data in built.files.items():
        if path.endswith(".css"):
            assert not re.search(rb"@import|url\(\s*[\"']?(?:https?:)?//", data), path


def test_hidden_documents_leave_no_trace(built: Built, tell: Tell) -> None:
    """Neither title nor file name nor first words nor attachment of what nobody may see."""
    hidden = [source for source in built.sources if source.hidden]
    assert {"draft or withdrawn", "依申请公开", "不予公开", "scheduled"} <= {
        source.hidden for source in hidden
    }
    everything = b"\0".join(built.files[path] for path in sorted(built.files))
    names = {part for path in built.files for part in path.split("/")}
    digests = {fingerprint(data) for data in built.files.values()}
    for source in hidden:
        assert source.output not in built.files
        assert source.title.encode() not in everything, source.file
        address = source.address.removesuffix(".html")
        assert address.encode() not in everything, source.file
        first = next((line for line in source.body.splitlines() if re.match(r"\w{12}", line)), "")
        assert not first or first[:24].encode() not in everything, source.file
        for file in source.files:
            assert fingerprint(file.read_bytes()) not in digests, file
            assert not {name for name in names if name.startswith(file.name)}, file
        for alias in source.keys.get("aliases", ()):
            assert f"{source.site}/{alias}" not in built.files
    tell("hidden documents", len(hidden))


def test_foreign_documents_name_their_source(built: Built, tell: Tell) -> None:
    """Law 8: wherever a list of one site shows another's document, the entry says whose it is."""
    count = 0
    for page in built.pages.values():
        for node in page.root.all("a"):
            target, _ = built.target(page, node.attributes.get("href", ""))
            if target not in built.shown or target.startswith(f"{page.site}/"):
                continue
            if any("prose" in one.classes for one in node.up()):
                continue  # words of an editor, who links as the sentence needs it
            if "hreflang" in node.attributes:
                continue  # the same in another language, which is named
            around = [node, *node.up()]
            entry = next(
                one for one in around if one.tag in ("li", "tr", "p", "nav") or "story" in one.classes
            )
            name = built.group.sites[target.partition("/")[0]].short_name
            beside = (node if entry.tag == "nav" else entry).text().replace(built.shown[target].title, "", 1)
            assert name in beside, f"{page.path}: {node.text()} is of {name}"
            count += 1
    tell("foreign entries", count)


def test_attachments_are_the_bytes_that_were_committed(built: Built, tell: Tell) -> None:
    count = 0
    for source in built.shown.values():
        for file in source.files:
            inside = file.relative_to(source.file.parent).as_posix()
            output = f"{source.output.rpartition('/')[0]}/{inside}"
            if output in built.files:
                assert fingerprint(built.files[output]) == fingerprint(file.read_bytes()), output
                count += 1
    tell("files of documents", count)


# ---- the cost of a change ----


def test_no_document_page_asks_for_lists_of_the_site(public: Built) -> None:
    """A page that asked for the newest documents, tags or years would be made anew with every new one."""
    connection = sqlite3.connect(f"file:{public.root}/.gen/state.sqlite?mode=ro", uri=True)
    artifacts, queries = msgspec.msgpack.Decoder(AnyArtifact), msgspec.msgpack.Decoder(AnyQuery)
    rows = connection.execute(
        "SELECT artifact, query FROM (SELECT page, q.query FROM asks JOIN queries q ON q.id = asks.query)"
        " JOIN pages ON pages.id = page"
    )
    asked: Counter[type[Query]] = Counter()
    for artifact, query in rows:
        if isinstance(artifacts.decode(artifact), DocumentPage):
            asked[type(queries.decode(query))] += 1
    assert asked
    assert not asked.keys() & {Newest, Tags, Years, ListBlock}


def test_new_document_remakes_few_pages(tmp_path: Path, tell: Tell) -> None:
    root, out = tmp_path / "root", tmp_path / "out"
    copy_repository(root)
    gen("build", "--root", root, "--out", out)
    new = root / "content/edu/news/2026/xin.md"
    new.write_text("---\ntitle: 新的一篇\npublished: 2026-11-23\n---\n正文。\n", encoding="utf-8")
    told = json.loads(gen("build", "--root", root, "--out", out, "--json"))
    made = told["stats"]["rendered_pages"]
    documents = sum(1 for path in out.rglob("*.html") if path.stat().st_mtime >= new.stat().st_mtime)
    assert (out / "edu/news/2026/xin.html").is_file()
    assert made < 60, "its lists and their feeds, on its site and on those that collect from it"
    assert documents < 40
    tell("pages made for a new document", made)
