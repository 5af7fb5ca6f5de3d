"""Parts of pages that are the same at one depth of a site, such as header and footer: made once, and kept.

A part gets the site and the channel, and of the page only what its template hands on. So the same words make the same
bytes, whichever page came first; what it asked counts as asked by every page that shows it.
"""

from collections.abc import Callable

from markupsafe import Markup

from gen.plan.dependencies import Asked, Recorder
from gen.render.context import PageContext

MAX_KEPT = 1000
NOWHERE = "*"
"""A folder that no site can have."""
Given = str | int | bool | None


class Parts:
    """What one process has made."""

    def __init__(self) -> None:
        self._made: dict[object, tuple[Markup, tuple[Asked, ...]]] = {}

    def part(
        self,
        page: PageContext,
        place: str,
        name: str,
        given: dict[str, Given],
        make: Callable[[PageContext, str, dict[str, Given]], str],
    ) -> Markup:
        """The part that template `name` makes of what it is given, at `place` (a channel) of the page's site."""
        depth = page.address.count("/")
        key = (page.site.id, place, depth, page.is_anywhere, name, *given.items())
        kept = self._made.get(key)
        if kept is None:
            if len(self._made) >= MAX_KEPT:
                self._made.clear()
            recorder: Recorder = page.recorder.another()
            address = "/".join([NOWHERE] * (depth + 1))  # so that its links go by the site's root
            inner = PageContext(page.group, page.site, address, recorder, local=page.local)
            inner.is_anywhere = page.is_anywhere
            kept = self._made[key] = Markup(make(inner, name, given)), recorder.asked()
        page.recorder.adopt(kept[1])
        return kept[0]
