"""What browsers may do with a page: nothing that the page doesn't need. The same words serve pages and servers.

A page says it of itself in a `<meta>`, so that it holds on any server; what only a header can say is in `HEADERS`.
"""

import re
from collections.abc import Iterable, Mapping

_ORIGIN = re.compile(r"https?://(?:[a-z0-9-]+\.)*[a-z0-9-]+(?::[0-9]+)?(?=/|$)", re.IGNORECASE)
_DIRECTIVES = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self'",
    "font-src": "'self'",
    "media-src": "'self'",
    "connect-src": "'self'",
    "manifest-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
}
"""Content-Security-Policy, level 3: the site's own files and no others; no inline script, no inline style, no frames."""

FRAMES = "frame-ancestors 'none'"
"""Says who may show the page in a frame. Browsers take it from a header only."""

REFERRER = "strict-origin-when-cross-origin"
HEADERS = {
    "Referrer-Policy": REFERRER,
    "Permissions-Policy": ", ".join(
        f"{feature}=()"
        for feature in "accelerometer bluetooth browsing-topics camera display-capture geolocation gyroscope hid "
        "magnetometer microphone midi payment serial usb xr-spatial-tracking".split()
    ),
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Strict-Transport-Security": "max-age=31536000",
}
"""Besides the policy of contents. The last one counts over HTTPS only."""


def content_policy(allowed: Mapping[str, Iterable[str]]) -> str:
    """A site's Content-Security-Policy; `allowed`: directive → origins that its options name."""
    return "; ".join(
        " ".join([name, value, *sorted(set(allowed.get(name, ())))]) for name, value in _DIRECTIVES.items()
    )


def origin(url: str) -> str:
    """The origin of an address; empty if it is one of the site itself."""
    found = _ORIGIN.match(url)
    return found[0].lower() if found else ""
