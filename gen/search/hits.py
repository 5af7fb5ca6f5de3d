"""From what an engine found to what people see of it: the same for every engine."""

from gen.config.model import ColumnKind, Group
from gen.render.records import SearchRecord
from gen.search import snippets
from gen.search.analysis import Query
from gen.search.results import Hit
from gen.text import text


def make_hit(group: Group, record: SearchRecord, query: Query, tier: int, score: float) -> Hit:
    text = "\n".join(part for part in (record.text, record.attachments) if part)
    return Hit(
        path=record.path,
        title=snippets.mark(record.title, query),
        snippet=snippets.snippet(text, query, record.summary),
        url=record.url,
        site=record.site,
        site_name=facet_name(group, "site", record.site),
        column=record.place,
        column_name=facet_name(group, "column", record.place),
        kind=record.kind,
        published=record.published.date(),
        number=record.number,
        expired=record.expired,
        tier=tier,
        score=score,
    )


def facet_name(group: Group, facet: str, value: str) -> str:
    """What people read for a value of a filter, in the language of the hub."""
    words = group.sites[group.hub].words
    if facet == "year":
        return text("page.year", words, year=value)
    if facet == "kind":
        return text(f"kind.{value}", words) if value in set(ColumnKind) else value
    site, _, column = value.partition("/")
    known = group.sites.get(site)
    if facet == "site":
        return known.short_name if known else value
    found = group.columns.get(site, {}).get(column)
    return found.name if found else value
