"""The repository's own content, built."""

from tests.html.conftest import local

__all__ = ["local"]
