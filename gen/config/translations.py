"""Sites in several languages: each other language is a site of its own, which names the original."""

import difflib
from collections.abc import Iterable

from gen.config.file import GroupFile, SiteFile
from gen.errors import Issue


def check_translations(file: GroupFile) -> Iterable[Issue]:
    """A site in another language belongs to one that is no translation itself and has none other in that language."""
    sites = {site.id: site for site in file.sites}
    taken: dict[tuple[str, str], SiteFile] = {}
    for site in file.sites:
        if not site.translation_of:
            continue
        original = sites.get(site.translation_of)
        params = {"site": site.name, "original": site.translation_of}
        if original is None:
            near = difflib.get_close_matches(site.translation_of, sites, n=1)
            params = {**params, "near": near[0] if near else ""}
            yield Issue("", site.line, "translation.no_site", params)
            continue
        if original.translation_of or original is site:
            yield Issue("", site.line, "translation.chain", params)
        language = site.language or file.group.language
        other = taken.setdefault((site.translation_of, language), site)
        if language == (original.language or file.group.language):
            other = original
        if other is not site:
            params = {**params, "language": language, "other": other.name}
            yield Issue("", site.line, "translation.language", params)
