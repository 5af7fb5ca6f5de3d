"""Which SVG pictures may be published: drawings only, since a browser that opens one runs what it holds."""

from xml.parsers import expat

_ELEMENTS = frozenset(
    "svg g defs title desc symbol use path rect circle ellipse line polyline polygon text tspan linearGradient "
    "radialGradient stop clipPath mask pattern marker metadata".split()
)
_REFERENCES = frozenset({"href", "xlink:href", "src"})


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
            squeezed = "".join(value.split()).lower()
            if key.lower().startswith("on") or "javascript:" in squeezed:
                refuse()
            if key.lower() in _REFERENCES and not value.startswith("#"):
                refuse()
            if "url(" in squeezed and "url(#" not in squeezed:
                refuse()

    parser = expat.ParserCreate()
    parser.StartElementHandler = element
    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    parser.ProcessingInstructionHandler = refuse
    try:
        parser.Parse(data, True)
    except expat.ExpatError:
        return False
    return harmless
