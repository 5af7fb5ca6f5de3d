"""Which code made a state: other code may make other bytes of the same input."""

import sys
from pathlib import Path

from gen.files import digest

NUMBER = "0.1.0"
_LIBRARIES = ("jinja2", "markdown", "nh3", "pillow", "pyyaml", "rjsmin")


def code_version() -> str:
    """A fingerprint of this package's source and of the libraries whose output ends up in pages."""
    from importlib.metadata import version

    folder = Path(__file__).parent
    sources = sorted(folder.rglob("*.py"))
    own = digest(b"\0".join(path.read_bytes() for path in sources))
    return "/".join([own, *(version(name) for name in _LIBRARIES)])


def full_version() -> str:
    """What two machines must have in common to make the same bytes: the code, and Python with its Unicode tables."""
    return f"{code_version()} Python {sys.version_info.major}.{sys.version_info.minor}"
