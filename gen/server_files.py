"""What web servers need to serve the sites as they are meant: written from `sites.yaml`, for nginx and for Caddy.

Each site says by its policy what its pages may load; the headers say it again, with what only a header can say. Files
whose names change with their bytes may be kept for ever; everything else is asked for again after a minute.
"""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Literal

import msgspec

from gen import policy
from gen.config.model import Group, Site

Kind = Literal["nginx", "caddy"]

FOREVER = "public, max-age=31536000, immutable"
SHORTLY = "public, max-age=60, must-revalidate"
_FINGERPRINTED = (
    r"/(?:assets/.+\.[0-9a-f]{10}\.[a-z0-9]+|search/(?:[0-9a-f]{16}/[^/]+|fold-[0-9a-f]{16}-\d+\.js))$"
)
"""Addresses whose bytes never change (gen.theme, gen.search.manifest)."""
_TYPES = {
    "application/atom+xml": "atom",
    "application/ofd": "ofd",
    "image/avif": "avif",
    "image/webp": "webp",
    "text/javascript": "js mjs",
    "text/csv": "csv",
}
"""What servers don't know, or know by an older name."""
_GZIPPED = "text/css text/javascript text/plain text/csv text/xml application/xml application/atom+xml application/json application/feed+json image/svg+xml"


class Wanted(msgspec.Struct, frozen=True):
    """How the servers run. `certificates` empty: plain HTTP behind something that ends TLS."""

    out: Path
    certificates: str = "/etc/letsencrypt/live"
    brotli: bool = False
    http: int = 80
    https: int = 443


def server_file(kind: Kind, group: Group, policies: Mapping[str, str], wanted: Wanted) -> str:
    """The configuration of all sites. `policies`: site → its Content-Security-Policy."""
    make: Callable[..., Iterator[str]] = _nginx if kind == "nginx" else _caddy
    lines = (line for host, sites in _hosts(group).items() for line in make(host, sites, policies, wanted))
    head = _nginx_head() if kind == "nginx" else _caddy_head(wanted)
    return "\n".join([f"# gen server {kind}: {group.name}", *head, *lines]) + "\n"


def _hosts(group: Group) -> dict[str, list[Site]]:
    """Host → its sites, the one at its root first."""
    hosts: dict[str, list[Site]] = {}
    for site in sorted(group.sites.values(), key=lambda site: len(_folder(site))):
        hosts.setdefault(site.domain.partition(":")[0], []).append(site)
    return hosts


def _folder(site: Site) -> str:
    """Where a site lies below its host; begins and ends with a slash."""
    return "/" + site.url.split("/", 3)[3]


def _headers(content_policy: str, wanted: Wanted) -> dict[str, str]:
    secure = {key: value for key, value in policy.HEADERS.items() if key != "Strict-Transport-Security"}
    headers = policy.HEADERS if wanted.certificates else secure
    return {"Content-Security-Policy": f"{content_policy}; {policy.FRAMES}", **headers}


# ---- nginx ----


def _nginx_head() -> list[str]:
    return [
        "# In the http context: /etc/nginx/conf.d/gen.conf",
        "map $uri $gen_cache {",
        f'    default "{SHORTLY}";',
        f'    "~{_FINGERPRINTED}" "{FOREVER}";',
        "}",
    ]


def _nginx(host: str, sites: list[Site], policies: Mapping[str, str], wanted: Wanted) -> Iterator[str]:
    if wanted.certificates:
        yield from (
            "server {",
            f"    listen {wanted.http};",
            f"    server_name {host};",
            f"    return 301 https://$host{'' if wanted.https == 443 else f':{wanted.https}'}$request_uri;",
            "}",
        )
    yield "server {"
    if wanted.certificates:
        folder = f"{wanted.certificates}/{host}"
        yield f"    listen {wanted.https} ssl http2;"
        yield f"    ssl_certificate {_quoted(f'{folder}/fullchain.pem')};"
        yield f"    ssl_certificate_key {_quoted(f'{folder}/privkey.pem')};"
        yield "    ssl_protocols TLSv1.2 TLSv1.3;"
    else:
        yield f"    listen {wanted.http};"
    yield f"    server_name {host};"
    yield "    server_tokens off;"
    yield "    absolute_redirect off;"
    yield "    charset utf-8;"
    yield f"    charset_types {_GZIPPED};"
    yield "    include mime.types;"
    yield f"    types {{ {' '.join(f'{kind} {names};' for kind, names in _TYPES.items())} }}"
    yield "    gzip on;"
    yield "    gzip_static on;"
    yield "    gzip_vary on;"
    yield "    gzip_min_length 1024;"
    yield f"    gzip_types {_GZIPPED};"
    if wanted.brotli:
        yield "    brotli_static on;"
    yield "    index index.html;"
    for site in reversed(sites):  # the first regular expression that fits is taken
        yield from _nginx_site(site, policies[site.id], wanted)
    yield "    location ~ /\\. { return 404; }"
    yield "}"


def _nginx_site(site: Site, content_policy: str, wanted: Wanted) -> Iterator[str]:
    at, root = _folder(site), str((wanted.out / site.id).absolute())
    headers = {**_headers(content_policy, wanted), "Cache-Control": "$gen_cache"}
    said = [f'add_header {name} "{value}" always;' for name, value in headers.items()]
    inside = [f"error_page 404 {at}404.html;", "limit_except GET { deny all; }", *said]
    if at == "/":
        yield f"    root {_quoted(root)};"
        yield f"    location / {{ {inside[1]} }}"
        yield f"    {inside[0]}"
        yield from (f"    {line}" for line in said)
    else:
        yield f"    location {at} {{"
        yield f"        alias {_quoted(root + '/')};"
        yield from (f"        {line}" for line in inside)
        yield "    }"
    yield f"    location ~ ^{at}(.*/)?feed\\.json$ {{"
    if at != "/":
        yield f"        alias {_quoted(f'{root}/$1feed.json')};"
        yield f"        error_page 404 {at}404.html;"
        yield from (f"        {line}" for line in said)
    yield "        types { } default_type application/feed+json;"
    yield "    }"


def _quoted(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


# ---- Caddy ----


def _caddy_head(wanted: Wanted) -> list[str]:
    lines = ["# /etc/caddy/Caddyfile", "{"]
    if not wanted.certificates:
        lines.append("\tauto_https off")
    elif (wanted.http, wanted.https) != (80, 443):
        lines += [f"\thttp_port {wanted.http}", f"\thttps_port {wanted.https}"]
    return [*lines, "}"]


def _caddy(host: str, sites: list[Site], policies: Mapping[str, str], wanted: Wanted) -> Iterator[str]:
    yield f"http://{host}:{wanted.http} {{" if not wanted.certificates else f"{host} {{"
    yield "\tencode gzip"
    yield f"\t@gen_fingerprinted path_regexp {_FINGERPRINTED}"
    yield "\t@gen_hidden path_regexp /\\."
    yield "\t@gen_written not method GET HEAD"
    yield "\t@gen_feed path_regexp /feed\\.json$"
    yield "\trewrite @gen_hidden /404.html.hidden"
    yield "\theader -Server"
    yield f'\theader ?Cache-Control "{SHORTLY}"'
    yield f'\theader @gen_fingerprinted Cache-Control "{FOREVER}"'
    yield '\theader @gen_feed Content-Type "application/feed+json; charset=utf-8"'
    for site in reversed(sites):
        yield from _caddy_site(site, policies[site.id], wanted)
    yield "\thandle_errors {"
    for site in reversed(sites):
        root = _quoted(str((wanted.out / site.id).absolute()))
        yield f"\t\thandle {_folder(site)}* {{"
        yield from (
            f'\t\t\theader {name} "{value}"' for name, value in _headers(policies[site.id], wanted).items()
        )
        yield f"\t\t\troot * {root}"
        yield "\t\t\trewrite * /404.html"
        yield "\t\t\tfile_server"
        yield "\t\t}"
    yield "\t}"
    yield "}"


def _caddy_site(site: Site, content_policy: str, wanted: Wanted) -> Iterator[str]:
    at, root = _folder(site), _quoted(str((wanted.out / site.id).absolute()))
    yield f"\thandle_path {at}* {{" if at != "/" else "\thandle {"
    yield from (f'\t\theader {name} "{value}"' for name, value in _headers(content_policy, wanted).items())
    yield f"\t\troot * {root}"
    yield "\t\trespond @gen_written 405"
    yield "\t\tfile_server {"
    yield "\t\t\tprecompressed br gzip"
    yield "\t\t}"
    yield "\t}"
