"""Sites and columns by name: in Chinese, in pinyin, or by the first letters of the pinyin."""

from collections.abc import Iterator

from gen.config.model import Group
from gen.search import analysis
from gen.search.manifest import pinyin
from gen.search.results import Named
from gen.urls import absolute

MAX_NAMES = 8


def find_names(group: Group, query: str, limit: int = MAX_NAMES) -> tuple[Named, ...]:
    """Sites and columns whose name begins with, or has, what was typed; sites first, the best first."""
    wanted = analysis.fold(query).replace(analysis.BREAK, "")
    if not wanted:
        return ()
    found = [
        (rank, len(one.name), one.id, one)
        for one in _all(group)
        if (rank := _rank(one.name, wanted)) is not None
    ]
    return tuple(one for *_, one in sorted(found, key=lambda entry: entry[:3])[:limit])


def _all(group: Group) -> Iterator[Named]:
    for site in group.sites.values():
        yield Named(site.id, site.short_name, site.short_name, site.url)
        for column in group.columns[site.id].values():
            if not column.hidden:
                url = absolute(site.url, column.address)
                yield Named(f"{site.id}/{column.id}", column.name, site.short_name, url)


def _rank(name: str, wanted: str) -> int | None:
    """How well a name fits: 0 wholly, 1 at its beginning, 2 within; None not at all. Short letters fit initials only as a whole."""
    syllables = pinyin(name).split()
    forms = (analysis.fold(name), "".join(syllables), "".join(syllable[0] for syllable in syllables))
    if wanted in forms:
        return 0
    if any(form.startswith(wanted) for form in forms):
        return 1
    return 2 if len(wanted) > 1 and any(wanted in form for form in forms) else None
