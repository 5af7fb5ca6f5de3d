"""What can be wrong, as data.

A step that meets bad input returns `Issue`s and goes on, so that people see all of them at once; only what makes
going on senseless is raised, as a `GenError` that carries issues too. Anything else that is raised is our defect
and shows its traceback.
"""

from collections.abc import Iterable
from enum import StrEnum

import msgspec


class Severity(StrEnum):
    """An error keeps a site at its last state; a warning is told and passes."""

    ERROR = "error"
    WARNING = "warning"


class Issue(msgspec.Struct, frozen=True):
    """One thing that is wrong, where it is, and the parameters of its message in `gen.text`.

    `path` is relative to the group's folder; empty in what a parser says of bare bytes, until the caller knows the
    file. `line` counts from 1; 0 means the file as a whole. `site` is who fails by it; empty: the group.
    """

    path: str
    line: int
    code: str
    params: dict[str, str] = {}
    severity: Severity = Severity.ERROR
    site: str = ""

    @property
    def is_error(self) -> bool:
        return self.severity is Severity.ERROR

    def at(self, path: str, site: str) -> "Issue":
        """The same issue, in this file of this site."""
        return msgspec.structs.replace(self, path=path, site=site)


def in_order(issues: Iterable[Issue]) -> list[Issue]:
    """Issues by place, each once."""

    def key(issue: Issue) -> tuple[object, ...]:
        return issue.path, issue.line, issue.code, issue.severity, sorted(issue.params.items())

    ordered = sorted(issues, key=key)
    return [issue for position, issue in enumerate(ordered) if not position or issue != ordered[position - 1]]


class GenError(Exception):
    """The work can't go on; `issues` say why, one at least."""

    def __init__(self, *issues: Issue) -> None:
        super().__init__("; ".join(issue.code for issue in issues))
        self.issues = issues
