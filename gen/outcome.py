"""What a build says of itself. Apart from the build, so that whoever tells it need not load all that a build needs."""

from datetime import datetime

import msgspec

from gen.errors import Issue


class Stats(msgspec.Struct):
    """What was done; every name ends in its unit."""

    read_files: int = 0
    changed_documents: int = 0
    rendered_pages: int = 0
    written_files: int = 0
    written_bytes: int = 0
    deleted_files: int = 0
    built_sites: int = 0
    failed_sites: int = 0
    indexed_documents: int = 0
    index_files: int = 0
    cluster_tasks: int = 0
    cluster_bytes: int = 0


class Result(msgspec.Struct):
    """How a build ended. `made`: (output, why) of each artifact that was made; `fresh`: why it was a clean build."""

    hub: str
    stats: Stats
    issues: list[Issue]
    failed: set[str]
    made: list[tuple[str, str]]
    fresh: str
    next_change: datetime | None
