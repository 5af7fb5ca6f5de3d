"""All that people do to a group, as edits of its files: each takes what it needs from `pick`.

A document is kept as its front matter and body, so that an edit changes one field; `Model.files()` is the
folder.
"""

import copy
import posixpath
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeVar

import yaml

from tests import groups
from tests.groups import Config, Files

T = TypeVar("T")

WORDS = ("水", "学校", "路", "a/b", "~tilde", "C++")
DATES = (
    "2025-03-03 09:30",
    "2025-12-31",
    "2026-01-02",
    "2026-01-02 08:00",
    "2026-03-01",
    "2026-06-02",
    "2026-07-01",
)
MOMENTS = tuple(
    datetime(2026, 1, 1) + timedelta(days=days) for days in (0, 60, 121, 151, 152, 153, 181, 200, 400)
)
SLUGS = ("a", "b", "c", "2025/c", "d", "n", "x", "a/b")
PLACES = (
    "hub/news", "hub/notices", "hub/towns", "edu/news", "edu/notices", "edu/policies",
    "edu/policies/interpretation",
    "jtj/news", "jtj/notices", "xiu/news", "xiu/school/news", "_shared", "swj/news",
)  # fmt: skip
SHARES = ("hub/notices", "*/notices", "xiu/*/news", "jtj/news", "*/policies/*", "edu/*")
ALIASES = ("news/old.html", "news/a.html", "policies/old.html", "old/deep/x.html", "notices/x.html")
BROKEN = (
    b"no front matter",
    b"---\ntitle: [\n---\n",
    b"---\ntitle: x\n---\n",
    b"---\ntitle: x\npublished: 2026-01-01\ntitel: y\n---\n",
    b"---\ntitle: x\npublished: 2026-01-01\n---\n[dead](nowhere.md)\n",
    b"---\ntitle: x\npublished: 2026-01-01\nshare: [nowhere/at-all]\n---\n",
    b"\xff\xfe\x00",
)


class Pick:
    """Takes one of several, as the test that searches decides."""

    def __init__(self, choose: Callable[[Sequence[Any]], Any]) -> None:
        self._choose = choose

    def __call__(self, choices: Sequence[T]) -> T:
        return self._choose(choices)  # type: ignore[no-any-return]


@dataclass
class Doc:
    matter: dict[str, Any]
    body: str

    def data(self) -> bytes:
        return b"---\n" + groups.dump(self.matter) + b"---\n" + self.body.encode()


@dataclass
class Model:
    """A group's folder as values. `other` are the files that are no documents."""

    config: Config = field(default_factory=groups.config)
    docs: dict[str, Doc] = field(default_factory=dict)
    other: Files = field(default_factory=dict)
    count: int = 0

    @classmethod
    def start(cls) -> "Model":
        model = cls(other=groups.themes())
        for path, data in groups.contents().items():
            if path.endswith(".md"):
                _, matter, body = data.decode().split("---\n", 2)
                model.docs[path.removeprefix("content/")] = Doc(yaml.safe_load(matter) or {}, body)
            else:
                model.other[path] = data
        return model

    def files(self) -> Files:
        made = {"sites.yaml": groups.dump(self.config), **self.other}
        return {**made, **{f"content/{path}": doc.data() for path, doc in self.docs.items()}}

    def copy(self) -> "Model":
        return copy.deepcopy(self)

    def fresh(self) -> int:
        self.count += 1
        return self.count

    def paths(self) -> list[str]:
        return sorted(path for path in self.docs if not posixpath.basename(path).startswith("_"))

    def sites(self) -> list[str]:
        return [one["id"] for one in self.config["sites"]]

    def restore(self, site: str, good: "Model") -> None:
        """Gives a site's folder back what it held in `good`."""
        folders = (f"{site}/", "_shared/") if site == good.config["group"]["hub"] else (f"{site}/",)
        _restore(self.docs, good.docs, folders)
        _restore(self.other, good.other, folders)


def _restore(mine: dict[str, T], theirs: Mapping[str, T], folders: tuple[str, ...]) -> None:
    for path in [path for path in mine if path.removeprefix("content/").startswith(folders)]:
        del mine[path]
    for path, value in theirs.items():
        if path.removeprefix("content/").startswith(folders):
            mine[path] = copy.deepcopy(value)


def relative(source: str, target: str) -> str:
    return posixpath.relpath(target, posixpath.dirname(source))


def toggle(values: list[str], value: str) -> list[str]:
    return [one for one in values if one != value] if value in values else [*values, value]


# Documents


def new_path(model: Model, pick: Pick) -> str:
    places = [place for place in PLACES if place.partition("/")[0] in (*model.sites(), "_shared")]
    return f"{pick(places)}/{pick(SLUGS)}.md"


def add(model: Model, pick: Pick) -> None:
    path = new_path(model, pick)
    number = model.fresh()
    matter: dict[str, Any] = {"title": f"新文{number}", "published": pick(DATES)}
    if tags := pick(((), ("水",), ("学校",), ("学校", "水", "a/b"))):
        matter["tags"] = list(tags)
    model.docs[path] = Doc(matter, f"第{number}篇。\n")


def delete(model: Model, pick: Pick) -> None:
    del model.docs[pick(model.paths())]


def move(model: Model, pick: Pick) -> None:
    path, to = pick(model.paths()), new_path(model, pick)
    if to in model.docs:
        return
    doc = model.docs.pop(path)
    model.docs[to] = doc
    for file in [file for file in model.other if file.startswith(f"content/{path[:-3]}/")]:
        if pick((True, False)):
            model.other[f"content/{to[:-3]}/{posixpath.basename(file)}"] = model.other.pop(file)
    if path.partition("/")[0] == to.partition("/")[0] and pick((True, False)):
        doc.matter["aliases"] = [path.partition("/")[2][:-3] + ".html"]


def edit_body(model: Model, pick: Pick) -> None:
    doc = model.docs[pick(model.paths())]
    doc.body += f"\n又{model.fresh()}。\n"


def edit_far_body(model: Model, pick: Pick) -> None:
    """An edit that no list shows."""
    doc = model.docs[pick(model.paths())]
    doc.matter["summary"] = "摘要"
    doc.body += f"\n## 节{model.fresh()}\n"


def edit_field(model: Model, pick: Pick) -> None:
    doc = model.docs[pick(model.paths())]
    key, value = pick(
        (
            ("title", f"改题{model.fresh()}"),
            ("published", pick(DATES)),
            ("summary", f"改摘要{model.count}"),
            ("updated", pick(DATES)),
            ("source", f"来源{model.count}"),
            ("keywords", ["词"]),
            ("consultation", {"opens": "2026-01-01", "closes": pick(("2026-05-01", "2026-06-30"))}),
            ("index_number", f"G00180-0203-2026-000{pick((1, 2, 3))}"),
        )
    )
    doc.matter[key] = value


def edit_tags(model: Model, pick: Pick) -> None:
    doc = model.docs[pick(model.paths())]
    doc.matter["tags"] = toggle(doc.matter.get("tags", []), pick(WORDS))


def edit_share(model: Model, pick: Pick) -> None:
    doc = model.docs[pick(model.paths())]
    doc.matter["share"] = toggle(doc.matter.get("share", []), pick(SHARES))


def edit_aliases(model: Model, pick: Pick) -> None:
    doc = model.docs[pick(model.paths())]
    doc.matter["aliases"] = toggle(doc.matter.get("aliases", []), pick(ALIASES))


def edit_standing(model: Model, pick: Pick) -> None:
    """Whether it is seen, and until when."""
    doc = model.docs[pick(model.paths())]
    key, value = pick(
        (
            ("draft", True),
            ("withdrawn", True),
            ("pinned", True),
            ("disclosure", "依申请公开"),
            ("expires", pick(("2026-05-01", "2026-06-02", "2026-12-01"))),
            ("term", "2026-05-31"),
        )
    )
    if doc.matter.pop(key, None) is None:
        doc.matter[key] = value


def edit_relation(model: Model, pick: Pick) -> None:
    path, other = pick(model.paths()), pick(model.paths())
    doc, key = model.docs[path], pick(("interprets", "answers", "translates"))
    if doc.matter.pop(key, None) is None:
        doc.matter[key] = relative(path, other)


def edit_link(model: Model, pick: Pick) -> None:
    path, other = pick(model.paths()), pick(model.paths())
    doc = model.docs[path]
    if "[链](" in doc.body and pick((True, False)):
        doc.body = "无链。\n"
    else:
        doc.body += f"\n[链]({relative(path, other)})\n"


# A document's own files, and introductions


def add_picture(model: Model, pick: Pick) -> None:
    path = pick(model.paths())
    stem = posixpath.basename(path)[:-3]
    model.other[f"content/{path[:-3]}/p.png"] = groups.picture(pick((1, 2, 3)), pick((20, 490)))
    model.docs[path].matter.update({"picture": f"{stem}/p.png", "picture_alt": "图"})


def add_attachment(model: Model, pick: Pick) -> None:
    path = pick(model.paths())
    stem = posixpath.basename(path)[:-3]
    model.other[f"content/{path[:-3]}/f.txt"] = b"x" * pick((1, 2, 3000))
    model.docs[path].matter["attachments"] = [f"{stem}/f.txt"]
    if pick((True, False)):
        model.docs[path].body += f"\n[附件]({stem}/f.txt) ![图]({stem}/p.png)\n"


def change_file(model: Model, pick: Pick) -> None:
    files = sorted(path for path in model.other if path.startswith("content/"))
    if files:
        path = pick(files)
        model.other[path] = (
            groups.picture(pick((4, 5)), 490) if path.endswith(".png") else b"changed" * pick((1, 2))
        )


def remove_file(model: Model, pick: Pick) -> None:
    files = sorted(path for path in model.other if path.startswith("content/"))
    if files:
        path = pick(files)
        del model.other[path]
        owner = f"{posixpath.dirname(path)}.md".removeprefix("content/")
        if owner in model.docs and pick((True, True, False)):
            for key in ("picture", "attachments"):
                model.docs[owner].matter.pop(key, None)
            model.docs[owner].body = "无附件。\n"


def edit_emblem(model: Model, pick: Pick) -> None:
    path = f"content/{pick(model.sites())}/_files/emblem.svg"
    if model.other.pop(path, None) is None:
        model.other[path] = f'<svg xmlns="http://www.w3.org/2000/svg" width="{pick((1, 2))}"></svg>'.encode()


def edit_intro(model: Model, pick: Pick) -> None:
    place = pick(("", "news/", "policies/", "school/news/"))
    path = f"{pick(model.sites())}/{place}{'_column.md' if place else '_site.md'}"
    if path in model.docs and pick((True, False)):
        del model.docs[path]
    else:
        link = relative(path, pick(model.paths()))
        model.docs[path] = Doc({"title": f"导语{model.fresh()}"}, f"说明。\n\n[链]({link})\n")


def break_document(model: Model, pick: Pick) -> None:
    """A defect of any kind; only restoring the site mends it."""
    path = new_path(model, pick)
    model.docs.pop(path, None)
    model.other[f"content/{path}"] = pick(BROKEN)


DOCUMENT_EDITS = (
    add, add, add, delete, move, edit_body, edit_far_body, edit_field, edit_field, edit_tags, edit_share,
    edit_aliases, edit_standing, edit_standing, edit_relation, edit_link, add_picture, add_attachment,
    change_file, remove_file, edit_emblem, edit_intro,
)  # fmt: skip


# sites.yaml


def _site(model: Model, pick: Pick) -> Config:
    found: Config = pick(model.config["sites"])
    return found


def _kind_columns(model: Model, pick: Pick) -> Config:
    found: Config = model.config["kinds"][pick(sorted(model.config["kinds"]))]["columns"]
    return found


def edit_site(model: Model, pick: Pick) -> None:
    one = _site(model, pick)
    key, value = pick(
        (
            ("name", f"改名{model.fresh()}"),
            ("short_name", f"简称{model.count}"),
            ("organiser", f"主办{model.count}"),
            ("domain", f"{one['id']}{model.count}.test"),
            ("description", f"说明{model.count}"),
            ("theme", pick(("small", "other"))),
            ("options", {"colour": pick(("#000000", "#ffffff"))}),
            ("options", {"motto": f"格言{model.count}"}),
            ("kind", pick(("department", "county", "hub"))),
        )
    )
    one[key] = value


def add_site(model: Model, pick: Pick) -> None:
    if "swj" not in model.sites():
        model.config["sites"].insert(
            pick((0, 2)), groups.site("swj", "商务局", pick(("department", "county")))
        )


def remove_site(model: Model, pick: Pick) -> None:
    gone = pick([name for name in model.sites() if name != model.config["group"]["hub"]])
    model.config["sites"] = [one for one in model.config["sites"] if one["id"] != gone]
    for one in model.config["sites"]:
        if one.get("translation_of") == gone:
            del one["translation_of"]
    if pick((True, False)):
        model.restore(gone, Model(model.config))


def edit_language(model: Model, pick: Pick) -> None:
    """One site is another's in English, or none is."""
    others = [one for one in model.config["sites"] if one.pop("translation_of", None) is None]
    if len(others) == len(model.sites()):
        one, original = pick(others), pick(others)
        one["language"] = "en"
        if one is not original and original.get("language") != "en":
            one["translation_of"] = original["id"]


def edit_sites_order(model: Model, pick: Pick) -> None:
    model.config["sites"].insert(0, model.config["sites"].pop(pick((1, 2))))


def edit_column(model: Model, pick: Pick) -> None:
    columns = _kind_columns(model, pick)
    key, value = pick(
        (
            ("name", f"栏目{model.fresh()}"),
            ("description", f"说明{model.count}"),
            ("kind", pick(("news", "notices", "data"))),
            ("page_size", pick((1, 2, 4))),
        )
    )
    columns[pick(sorted(columns))][key] = value


def edit_site_columns(model: Model, pick: Pick) -> None:
    one, name = _site(model, pick), pick(("news", "notices", "extra", "news/2025", "policies/interpretation"))
    changes = one.setdefault("columns", {})
    if changes.pop(name, 0) == 0:
        changes[name] = pick((None, {"name": "另名", "kind": "notices"}))


def reorder_columns(model: Model, pick: Pick) -> None:
    columns = _kind_columns(model, pick)
    name = pick(sorted(columns))
    columns[name] = columns.pop(name)


def edit_collecting(model: Model, pick: Pick) -> None:
    columns = model.config["kinds"][pick(("hub", "department", "county"))]["columns"]
    column = columns[pick(sorted(columns))]
    if column.pop("collect", None) is None or pick((True, False)):
        rule: Config = {
            "from": pick((["*/news"], ["edu/*", "jtj/*"], "*/*/news", ["*/notices", "*/policies/*"]))
        }
        more: Config = pick(({}, {"tags": ["水"]}, {"kinds": ["county"]}, {"limit": 1}, {"limit": 3}))
        column["collect"] = {**rule, **more}


def edit_group(model: Model, pick: Pick) -> None:
    key, value = pick(
        (
            ("name", f"群{model.fresh()}"),
            ("page_size", pick((1, 2, 3))),
            ("theme", pick(("small", "other"))),
            ("hub", pick(model.sites())),
            ("language", "zh-Hans"),
        )
    )
    model.config["group"][key] = value


CONFIG_EDITS = (
    edit_site, edit_site, add_site, remove_site, edit_sites_order, edit_column, edit_site_columns,
    reorder_columns, edit_collecting, edit_group, edit_language,
)  # fmt: skip


# Themes


def edit_template(model: Model, pick: Pick) -> None:
    names = sorted(path for path in model.other if "/templates/" in path)
    model.other[pick(names)] += f"<!-- {model.fresh()} -->\n".encode()


def toggle_template(model: Model, pick: Pick) -> None:
    """A template of the theme's own for one kind of page, or a changed one that was inherited."""
    theme, name = pick(("small", "other")), pick(("column-news.html", "document-notices.html", "macros.html"))
    path = f"themes/{theme}/templates/{name}"
    if name != "macros.html" and model.other.pop(path, None) is None:
        base = name.partition("-")[0]
        page = '{% extends "BASE.html" %}\n{% block main %}{{ super() }} 另\n{% endblock %}'
        model.other[path] = page.replace("BASE", base).encode()
    elif name == "macros.html" and theme == "other" and model.other.pop(path, None) is None:
        model.other[path] = model.other["themes/small/templates/macros.html"] + b"<!-- other -->"


def edit_asset(model: Model, pick: Pick) -> None:
    path = f"themes/{pick(('small', 'other'))}/assets/{pick(('site.css.j2', 'plain.txt', 'new.txt'))}"
    if path.endswith("new.txt") and model.other.pop(path, None) is not None:
        return
    model.other[path] = model.other.get(path, b"") + f"/* {model.fresh()} {{{{ options.motto }}}} */".encode()


def edit_options(model: Model, pick: Pick) -> None:
    path = "themes/small/theme.yaml"
    model.other[path] = model.other[path].replace(b'"#112233"', pick((b'"#445566"', b'"#778899"')))


THEME_EDITS = (edit_template, toggle_template, edit_asset, edit_options)
