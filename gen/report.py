"""Prints issues, progress and results, for people and for build servers."""

import re
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime

import msgspec

from gen.errors import Issue
from gen.outcome import Result, Stats
from gen.search.results import Found, Piece, Request
from gen.text import Language, message, text


def line(issue: Issue, lang: Language) -> str:
    """`file:line: what is wrong; how to mend it`."""
    cause, mend = message(issue.code, issue.params, lang)
    place = f"{issue.path}:{issue.line}: " if issue.line else f"{issue.path}: " if issue.path else ""
    colon, stop = ("：", "；") if lang == "zh" else (": ", "; ")
    severity = "" if issue.is_error else text("severity.warning", lang) + colon
    return _CONTROL.sub(lambda match: f"\\x{ord(match[0]):02x}", f"{place}{severity}{cause}{stop}{mend}")


_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")
"""What would break a line in two, or let a file's name write on the terminal."""


def print_issues(issues: Iterable[Issue], lang: Language) -> None:
    for issue in issues:
        print(line(issue, lang), file=sys.stderr)


def as_json(issues: Iterable[Issue], lang: Language, **others: object) -> str:
    """Issues and whatever else a build server wants, as one JSON object."""
    found = []
    for issue in issues:
        cause, mend = message(issue.code, issue.params, lang)
        found.append(
            {
                "path": issue.path,
                "line": issue.line,
                "code": issue.code,
                "severity": issue.severity.value,
                "site": issue.site,
                "message": cause,
                "remedy": mend,
            }
        )
    return msgspec.json.format(msgspec.json.encode({**others, "issues": found}), indent=2).decode()


@contextmanager
def progress(lang: Language, *, shown: bool) -> Iterator[Callable[[str, int, int], None]]:
    """A progress bar for each step on a terminal; elsewhere nothing."""
    if not shown or not sys.stderr.isatty():
        yield lambda *_: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    # No refreshing thread: workers are forked while the bar is shown.
    with Progress(*columns, console=Console(stderr=True), transient=True, auto_refresh=False) as bars:
        tasks: dict[str, TaskID] = {}

        def tell(step: str, done: int, total: int) -> None:
            if step not in tasks:
                tasks[step] = bars.add_task(text(f"step.{step}", lang), total=total)
            bars.update(tasks[step], completed=done, total=total)
            if done == total or done % 50 == 0:
                bars.refresh()

        yield tell


def explain(reason: str, lang: Language) -> str:
    """Why a page was made, as `--explain` tells it."""
    if reason in _REASONS:
        return text(f"explain.{reason}", lang)
    if reason.startswith("template "):
        return text("explain.template", lang, what=reason.removeprefix("template "))
    return text("explain.query", lang, what=reason)


_REASONS = frozenset({"new", "settings", "moved", "lost"})


def moment(value: datetime) -> str:
    return f"{value:%Y-%m-%d %H:%M}"


def print_result(result: Result, seconds: float, lang: Language, *, quiet: bool, explained: bool) -> None:
    """A build's end for people: errors first, then what was done and when something changes next."""
    if result.fresh and not quiet:
        print(text(result.fresh, lang), file=sys.stderr)
    print_issues((issue for issue in result.issues if issue.is_error or not quiet), lang)
    if explained:
        for output, reason in result.made:
            print(f"{output}: {explain(reason, lang)}")
    if result.failed:
        sites = "、".join(sorted(result.failed)) if lang == "zh" else ", ".join(sorted(result.failed))
        print(text("build.failed", lang, count=len(result.failed), sites=sites), file=sys.stderr)
    if quiet:
        return
    print(text("build.done", lang, **msgspec.to_builtins(result.stats), seconds=seconds))
    if result.stats.cluster_tasks:
        print(text("build.cluster", lang, **msgspec.to_builtins(result.stats)))
    if result.next_change:
        print(text("build.next", lang, moment=moment(result.next_change)))


def result_json(result: Result, seconds: float, lang: Language) -> str:
    return as_json(
        result.issues,
        lang,
        failed=sorted(result.failed),
        stats={**msgspec.to_builtins(result.stats), "seconds": round(seconds, 3)},
        made=[{"output": output, "reason": reason} for output, reason in result.made],
        fresh=result.fresh,
        next_change=result.next_change.isoformat() if result.next_change else None,
    )


def print_indexed(stats: Stats, seconds: float, lang: Language) -> None:
    print(text("index.done", lang, **msgspec.to_builtins(stats), seconds=seconds))


def found_json(found: Found) -> str:
    return msgspec.json.format(msgspec.json.encode(found), indent=2).decode()


def print_found(found: Found, request: Request, lang: Language) -> None:
    """A page of search results for a terminal; hits stand in bold where it can show that."""
    results = found.results
    for one in found.names:
        shown = one.name if "/" not in one.id else f"{one.site_name} {one.name}"
        print(_safe(f"→ {shown}  {one.url}"))
    if not results.total:
        print(text("search.nothing", lang, query=request.query))
        return
    print(text("search.scattered" if results.scattered else "search.found", lang, total=results.total))
    for number, hit in enumerate(results.hits, (request.page - 1) * request.size + 1):
        marks = [hit.published.isoformat(), hit.site_name, hit.column_name, hit.number]
        if hit.expired:
            marks.append(text("search.expired", lang))
        print(
            f"\n{number}. {_marked(hit.title)}\n   {_safe('  '.join(filter(None, marks)))}\n   {_safe(hit.url)}"
        )
        if hit.snippet:
            print(f"   {_marked(hit.snippet)}")
    if results.total > request.page * request.size:
        print("\n" + text("search.more", lang, page=request.page + 1))


def _marked(pieces: Iterable[Piece]) -> str:
    bold, plain = ("\x1b[1m", "\x1b[0m") if sys.stdout.isatty() else ("", "")
    return "".join(
        f"{bold}{_safe(piece.text)}{plain}" if piece.hit else _safe(piece.text) for piece in pieces
    )


def _safe(shown: str) -> str:
    """Without what would write on the terminal."""
    return _CONTROL.sub(" ", shown)


def print_check(issues: list[Issue], lang: Language) -> None:
    print_issues(issues, lang)
    errors = sum(issue.is_error for issue in issues)
    counted = text("check.count", lang, errors=errors, warnings=len(issues) - errors)
    print(counted if issues else text("check.clean", lang))
