"""Which lists a document stands in: a pure function of the group's rules and the document.

A list is named by a short text; its entries are ordered by a key that holds the date and the path. Because membership
is worked out when a document changes, a page's query is a range scan and never a walk over documents (law 7).
"""

from collections.abc import Iterable
from datetime import datetime

from gen.config.model import CollectRule, Column, Group
from gen.content.document import Document
from gen.content.front_matter import FrontMatter
from gen.text import Language

KEY_DATE_LENGTH = 12
FIRST = ""
LAST = "~"
"""Bounds of any list's keys."""


def column_list(site: str, column: str) -> str:
    return f"c/{site}/{column}"


def site_list(site: str) -> str:
    return f"s/{site}"


def channel_list(site: str, channel: str) -> str:
    return f"h/{site}/{channel}"


def tag_list(site: str, tag: str) -> str:
    return f"t/{site}/{tag}"


def year_list(site: str, year: int) -> str:
    return f"y/{site}/{year}"


def list_key(published: datetime, path: str) -> str:
    """Orders a list by date, then path; the path is found again behind `KEY_DATE_LENGTH` characters."""
    return f"{published.year:04}{published:%m%d%H%M}{path}"


class Sharing:
    """The group's rules of sharing and collecting, indexed once by what they take from."""

    def __init__(self, group: Group) -> None:
        self._group = group
        self._places: dict[tuple[str, Language], tuple[tuple[str, str], ...]] = {}
        self._collectors: dict[tuple[str, str], list[tuple[str, CollectRule]]] = {}
        for site, columns in group.columns.items():
            for column in columns.values():
                if column.collect:
                    self._add_rule(site, column, column.collect)

    def _add_rule(self, site: str, column: Column, rule: CollectRule) -> None:
        sources = {place for pattern in rule.patterns for place in self.places(pattern, site)}
        for place in sources - {(site, column.id)}:
            self._collectors.setdefault(place, []).append((column_list(site, column.id), rule))

    def places(self, pattern: str, site: str) -> tuple[tuple[str, str], ...]:
        """Every (site, column id) of the group that a pattern of this site names."""
        key = pattern, self._group.sites[site].words
        if key not in self._places:
            self._places[key] = tuple(self._group.places(*key))
        return self._places[key]

    def lists(self, document: Document) -> tuple[str, ...]:
        """The lists that `document` stands in while it is listed, sorted; an introduction stands in none."""
        matter = document.matter
        if matter is None:
            return ()
        site = document.site
        lists = {site_list(site), year_list(site, matter.published.year)}
        lists.update(tag_list(site, tag) for tag in matter.tags)
        if document.channel:
            lists.add(channel_list(site, document.channel))
        folder = document.column
        while folder:
            if folder in self._group.columns[site]:
                lists.add(column_list(site, folder))
            folder = folder.rpartition("/")[0]
        lists.update(self._collected(document, matter))
        for pattern in matter.share:
            lists.update(column_list(*place) for place in self.places(pattern, site))
        return tuple(sorted(lists))

    def _collected(self, document: Document, matter: FrontMatter) -> Iterable[str]:
        """The lists of the columns that gather this document by rule."""
        kind = self._group.sites[document.site].kind
        for name, rule in self._collectors.get((document.site, document.column), ()):
            fits_kind = not rule.kinds or kind in rule.kinds
            if fits_kind and (not rule.tags or not set(rule.tags).isdisjoint(matter.tags)):
                yield name
