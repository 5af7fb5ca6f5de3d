"""What a page is, for machines: schema.org as JSON-LD. Values are put together here and encoded once."""

from datetime import date, datetime

import msgspec
from markupsafe import Markup

from gen import urls
from gen.config.model import Channel, Contact, Group, Site
from gen.render.context import DocumentView, PageContext, PageInfo
from gen.render.feeds import stamp
from gen.render.records import plain

Node = dict[str, object]

MAX_ANSWER = 5_000
"""Characters of an answer that a page repeats for machines."""
MAX_HEADLINE = 110
_UNSAFE = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}
"""What could end a script element, or a line inside it; JSON can write each by its number."""


def script(nodes: list[Node]) -> Markup:
    """A data block of a page."""
    if not nodes:
        return Markup("")
    data = msgspec.json.encode({"@context": "https://schema.org", "@graph": nodes}).decode()
    for sign, escaped in _UNSAFE.items():
        data = data.replace(sign, escaped)
    return Markup(f'<script type="application/ld+json">{data}</script>\n')


def describe(
    page: PageContext, info: PageInfo, channel: Channel | None, document: DocumentView | None
) -> list[Node]:
    """What is known of a page: who answers for it, the way to it, and what it is about."""
    nodes = []
    if info.kind == "home":
        nodes += [_organisation(page.group, page.site), _web_site(page.site)]
    elif info.kind == "channel" and channel:
        nodes.append(_office(page.site, channel))
    if len(info.crumbs) > 1:
        nodes.append(_way(page.site, info))
    if document:
        nodes.append(_clean(_about(page, info, document)))
    return nodes


def _clean(node: Node) -> Node:
    """Without what isn't known."""
    return {key: value for key, value in node.items() if value not in (None, "", [], ())}


def _organisation(group: Group, site: Site) -> Node:
    hubs = group.editions(group.sites[group.hub])
    hub = next((one for one in hubs if one.words == site.words), hubs[0])
    return _clean(
        {
            "@type": "GovernmentOrganization",
            "@id": f"{site.url}#organization",
            "name": site.organiser,
            "url": site.url,
            "description": site.description,
            **_reached(site.contact),
            "parentOrganization": _named(hub) if site.id != hub.id else None,
        }
    )


def _office(site: Site, channel: Channel) -> Node:
    return _clean(
        {
            "@type": "GovernmentOrganization",
            "name": channel.organiser,
            "url": urls.absolute(site.url, channel.address),
            **_reached(channel.contact),
            "parentOrganization": _named(site),
        }
    )


def _named(site: Site) -> Node:
    return {"@type": "GovernmentOrganization", "name": site.organiser, "url": site.url}


def _reached(contact: Contact) -> Node:
    place = _clean({"streetAddress": contact.address, "postalCode": contact.postcode})
    return {
        "telephone": contact.phone,
        "email": contact.email,
        "address": {"@type": "PostalAddress", **place, "addressCountry": "CN"} if place else None,
    }


def _web_site(site: Site) -> Node:
    query = "search_term_string"
    return {
        "@type": "WebSite",
        "@id": f"{site.url}#website",
        "url": site.url,
        "name": site.name,
        "alternateName": site.short_name,
        "inLanguage": site.language,
        "publisher": {"@id": f"{site.url}#organization"},
        "potentialAction": {
            "@type": "SearchAction",
            "target": {"@type": "EntryPoint", "urlTemplate": f"{site.url}search/?q={{{query}}}"},
            "query-input": f"required name={query}",
        },
    }


def _way(site: Site, info: PageInfo) -> Node:
    steps = [
        _clean(
            {
                "@type": "ListItem",
                "position": position,
                "name": crumb.title,
                "item": urls.absolute(site.url, crumb.address) if crumb.address else None,
            }
        )
        for position, crumb in enumerate(info.crumbs, 1)
    ]
    return {"@type": "BreadcrumbList", "itemListElement": steps}


def _about(page: PageContext, info: PageInfo, document: DocumentView) -> Node:
    """The document as the thing that its kind of column makes it."""
    if document.service:
        return _service(page, info, document)
    if document.letter:
        return _answer(page, document)
    if document.kind == "data":
        return _dataset(page, info, document)
    return _article(page, info, document)


def _article(page: PageContext, info: PageInfo, document: DocumentView) -> Node:
    picture = page.picture(document.card)
    author = {"@type": "Organization", "name": document.source or page.site.organiser}
    if document.author:
        author = {"@type": "Person", "name": document.author}
    return {
        "@type": "Article",
        "headline": document.title[:MAX_HEADLINE],
        **_common(page, info, document),
        "image": picture.url if picture else None,
        "author": author,
        "publisher": _named(page.site),
    }


def _common(page: PageContext, info: PageInfo, document: DocumentView) -> Node:
    numbers = [number for number in (document.document_number, document.index_number) if number]
    return {
        "description": document.summary,
        "url": info.canonical,
        "inLanguage": page.site.language,
        "datePublished": _when(page.group, document.published),
        "dateModified": _when(page.group, document.updated or document.published),
        "dateCreated": _day(document.signed or document.created),
        "expires": _when(page.group, document.expires) if document.expires else None,
        "identifier": numbers,
        "keywords": list(info.keywords),
        "isBasedOn": document.source_url,
    }


def _service(page: PageContext, info: PageInfo, document: DocumentView) -> Node:
    service = document.service
    assert service is not None
    between = "；" if page.words == "zh" else "; "
    channel: Node = {"@type": "ServiceChannel", "serviceUrl": info.canonical}
    if service.place:
        channel = {**channel, "serviceLocation": {"@type": "Place", "name": between.join(service.place)}}
    audience = [{"@type": "Audience", "name": name} for name in service.audience]
    return {
        "@type": "GovernmentService",
        "name": document.title,
        "description": document.summary,
        "url": info.canonical,
        "provider": _named(page.site),
        "serviceOperator": {"@type": "GovernmentOrganization", "name": document.responsible}
        if document.responsible
        else None,
        "audience": audience,
        "availableChannel": channel,
        "termsOfService": between.join(service.conditions),
        "offers": {"@type": "Offer", "description": between.join(service.fee)} if service.fee else None,
    }


def _answer(page: PageContext, document: DocumentView) -> Node:
    letter = document.letter
    assert letter is not None
    answer = {
        "@type": "Answer",
        "text": plain(document.html)[:MAX_ANSWER],
        "dateCreated": _day(letter.replied) or _when(page.group, document.published),
    }
    question = {
        "@type": "Question",
        "name": document.title,
        "text": letter.question[:MAX_ANSWER],
        "dateCreated": _day(letter.received),
        "acceptedAnswer": answer,
    }
    return {"@type": "FAQPage", "inLanguage": page.site.language, "mainEntity": [question]}


def _dataset(page: PageContext, info: PageInfo, document: DocumentView) -> Node:
    files = [
        {
            "@type": "DataDownload",
            "name": file.title,
            "encodingFormat": file.type,
            "contentUrl": urls.absolute(page.site.url, file.address),
        }
        for file in document.attachments
    ]
    return {
        "@type": "Dataset",
        "name": document.title,
        **_common(page, info, document),
        "creator": _named(page.site),
        "isAccessibleForFree": True,
        "distribution": files,
    }


def _when(group: Group, moment: datetime) -> str:
    return stamp(moment, group.timezone)


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""
