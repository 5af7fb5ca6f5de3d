"""Which SVG pictures may be published: drawings only, since a browser that opens one runs what it holds."""

import re
from xml.parsers import expat

_ELEMENTS = frozenset(
    [
        "svg",
        "g",
        "defs",
        "title",
        "desc",
        "symbol",
        "use",
        "path",
        "rect",
        "circle",
        "ellipse",
        "line",
        "polyline",
        "polygon",
        "text",
        "tspan",
        "linearGradient",
        "radialGradient",
        "stop",
        "clipPath",
        "mask",
        "pattern",
        "marker",
        "metadata",
    ]
)
_REFERENCES = frozenset({"href", "src", "base"})
_OUTSIDE = re.compile(r"\\|javascript:|(?<![a-z])(?:image|image-set|src|expression|element)\(|@import")
_URL = re.compile(r"url\((?![\"']?#)")


def is_harmless(data: bytes) -> bool:
    """Whether `data` is well-formed SVG without script, style sheets, foreign markup or outside references."""
    harmless = True

    def refuse(*_: object) -> None:
        nonlocal harmless
        harmless = False

    def element(name: str, attributes: dict[str, str]) -> None:
        if name.removeprefix("svg:") not in _ELEMENTS:
            refuse()
        for key, value in attributes.items():
            if not _is_harmless_attribute(key.rpartition(":")[2].lower(), value, is_namespace="xmlns" in key):
                refuse()

    parser = expat.ParserCreate()
    parser.StartElementHandler = element
    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    parser.ProcessingInstructionHandler = refuse
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, ValueError):  # the latter: an encoding that it doesn't know
        return False
    return harmless


def _is_harmless_attribute(key: str, value: str, *, is_namespace: bool) -> bool:
    """`key` without its prefix, which may be any that the file binds."""
    if is_namespace:
        return True
    if key.startswith("on") or (key in _REFERENCES and not value.startswith("#")):
        return False
    squeezed = "".join(value.split()).lower()
    return not _OUTSIDE.search(squeezed) and not _URL.search(squeezed)
