"""The repository on several machines: where workers find it, and a worker's own copy at the commit that is built."""

import shutil
import subprocess
from pathlib import Path

from gen.errors import GenError, Issue

_SETTINGS = ("-c", "core.autocrlf=false", "-c", "core.symlinks=true", "-c", "checkout.workers=0")


class CheckoutError(Exception):
    """The commit can't be had; the text is what Git says."""


def origin(root: Path) -> str:
    """The address that the group's folder was cloned from. Raises GenError if it wasn't."""
    try:
        return _git(root, "remote", "get-url", "origin")
    except CheckoutError:
        raise GenError(Issue("", 0, "cluster.no_repository")) from None


def prefix(root: Path) -> str:
    """Where in its repository the group's folder is; it ends in a slash unless it is empty."""
    return _git(root, "rev-parse", "--show-prefix")


def check_out(tree: Path, repository: str, commit: str) -> None:
    """Makes `tree` a checkout of exactly this commit, building on what an earlier build left; one caller at a time.

    The mark beside it goes first and comes back last, so that a copy that was cut short is noticed.
    """
    mark = tree.with_name(f"{tree.name}.commit")
    wanted = f"{repository} {commit}"
    if mark.exists() and mark.read_text(encoding="utf-8") == wanted:
        return
    was_whole = mark.exists()
    mark.unlink(missing_ok=True)
    if not was_whole:
        shutil.rmtree(tree, ignore_errors=True)
    tree.mkdir(parents=True, exist_ok=True)
    try:
        _git(tree, "init", "--quiet")
        _git(tree, "fetch", "--quiet", "--no-tags", "--depth=1", repository, commit)
        _git(tree, "checkout", "--quiet", "--force", "--detach", commit)
    except CheckoutError:
        if not was_whole:
            raise
        check_out(tree, repository, commit)  # from nothing
        return
    mark.write_text(wanted, encoding="utf-8")


def _git(tree: Path, *arguments: str) -> str:
    """What Git prints. Raises CheckoutError if it says no."""
    try:
        done = subprocess.run(
            ["git", *_SETTINGS, "-C", str(tree), *arguments],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
        )
    except OSError as error:
        raise CheckoutError(str(error)) from None
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().splitlines()
        raise CheckoutError(said[-1] if said else f"git {arguments[0]}: {done.returncode}")
    return done.stdout.decode(errors="surrogateescape").strip()
