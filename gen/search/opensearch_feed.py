"""Fills OpenSearch: whole indexes that nobody sees before they are complete, and changes to the one that is seen.

An index is named after an alias and a digest of what is in it, so feeding the same twice is feeding it once. Documents are
known by their path, so sending one again changes nothing, and whatever interrupts a feed (the network, the server, us), the
next one goes on behind the last batch that the server acknowledged. The alias moves in one request; the index that it leaves
stays until it is told to go, which is how to roll back.
"""

import hashlib
import re
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import msgspec

from gen.errors import GenError, Issue
from gen.files import replace
from gen.render import records
from gen.render.records import SearchRecord
from gen.search.opensearch import MAPPING, documents, failed, form, id_of, told
from gen.search.opensearch_queries import Body

BATCH = 200
"""Documents whose terms are worked out at once."""
MAX_BULK = 5_000_000
"""Bytes of a bulk request, if one document has not more alone."""
ATTEMPTS, FIRST_PAUSE, LONGEST_PAUSE = 8, 0.5, 30.0
_BUSY = frozenset({429, 502, 503, 504})
_NAME_DIGITS = 12
_MAX_TOLD = 20
_SETTINGS: Body = {"refresh_interval": "-1", "number_of_replicas": 0}
"""While an index is fed nobody searches it."""


class Meta(msgspec.Struct, frozen=True):
    """What an index says of itself. `documents`: how many it was fed, once it is complete; `is_updated`: changed since."""

    form: str
    documents: int = -1
    is_updated: bool = False

    @property
    def is_complete(self) -> bool:
        return self.documents >= 0


class Version(msgspec.Struct, frozen=True):
    """One index of an alias. `is_current`: it is the one that is searched."""

    name: str
    meta: Meta
    is_current: bool


class Fed(msgspec.Struct, frozen=True):
    """What a feed did: the index, how many documents it has, how many of them were sent now."""

    name: str
    documents: int
    sent: int


class _Checkpoint(msgspec.Struct, frozen=True):
    """How far a feed came: the last path that the server acknowledged, in the index of this identity."""

    name: str
    uuid: str
    path: str


Source = Callable[[], Iterable[SearchRecord]]
"""Gives all records in the order of their paths, each time anew."""


def feed(
    client: Any, alias: str, source: Source, checkpoint: Path, *, shards: int = 1, replicas: int = 1
) -> Fed:
    """Makes a complete index of all records; nobody searches it before `switch`. Raises GenError."""
    with told():
        found, total = _digest(source())
        name, meta = _free_name(client, f"{alias}-{found}")
        if meta and meta.is_complete:
            return Fed(name, meta.documents, 0)
        if meta is None:
            _create(client, name, shards)
        uuid = _uuid(client, name)
        done = _read(checkpoint, name, uuid)
        sent = 0
        for batch in _batches(record for record in source() if record.path > done):
            _send(client, name, _operations(batch))
            sent += len(batch)
            replace(checkpoint, msgspec.json.encode(_Checkpoint(name, uuid, batch[-1].path)))
        if (
            _uuid(client, name) != uuid
        ):  # deleted meanwhile, and made anew by our own next batch, without its mapping
            raise GenError(Issue("", 0, "opensearch.replaced", {"index": name}))
        _complete(client, name, total, replicas)
        checkpoint.unlink(missing_ok=True)
    return Fed(name, total, sent)


def update(client: Any, alias: str, changed: Iterable[SearchRecord], removed: Iterable[str]) -> int:
    """Takes changes into the index that is searched; how many documents were sent or deleted. Raises GenError."""
    with told():
        current = next((version for version in versions(client, alias) if version.is_current), None)
        if current is None:
            raise GenError(Issue("", 0, "opensearch.unfed", {"alias": alias}))
        if current.meta.form != form():
            raise GenError(Issue("", 0, "opensearch.outdated", {"index": current.name}))
        _put_meta(client, current.name, msgspec.structs.replace(current.meta, is_updated=True))
        sent = 0
        for batch in _batches(changed):
            _send(client, current.name, _operations(batch))
            sent += len(batch)
        deletions = [[{"delete": {"_id": id_of(path)}}] for path in removed]
        for start in range(0, len(deletions), BATCH):
            _send(client, current.name, deletions[start : start + BATCH])
        client.indices.refresh(index=current.name)
    return sent + len(deletions)


def switch(client: Any, alias: str, name: str) -> None:
    """Lets `alias` stand for the index `name` alone, in one step: searches see the old one or the new one. Raises GenError."""
    with told():
        known = {version.name: version for version in versions(client, alias)}
        if name not in known:
            shown = "、".join(known) or "-"
            raise GenError(Issue("", 0, "opensearch.no_index", {"index": name, "known": shown}))
        if not known[name].meta.is_complete:
            raise GenError(Issue("", 0, "opensearch.incomplete", {"index": name}))
        if known[name].meta.form != form():
            raise GenError(Issue("", 0, "opensearch.outdated", {"index": name}))
        others = [version.name for version in known.values() if version.is_current and version.name != name]
        actions: list[Body] = [{"remove": {"index": other, "alias": alias}} for other in others]
        actions.append({"add": {"index": name, "alias": alias}})
        client.indices.update_aliases(body={"actions": actions})


def drop_old(client: Any, alias: str) -> list[str]:
    """Deletes every index of the alias but the one that is searched; none if none is. Their names. Raises GenError."""
    with told():
        known = versions(client, alias)
        if not any(version.is_current for version in known):
            return []
        old = [version.name for version in known if not version.is_current]
        for name in old:
            client.indices.delete(index=name)
    return old


def versions(client: Any, alias: str) -> list[Version]:
    """All indexes of an alias that we made, by name. Raises GenError."""
    with told():
        found = client.indices.get(index=f"{alias}-*")
    own = re.compile(rf"{re.escape(alias)}-[0-9a-f]{{{_NAME_DIGITS}}}(-[0-9]+)?")
    return [
        Version(name, meta, alias in index["aliases"])
        for name, index in sorted(found.items())
        if own.fullmatch(name) and (meta := _meta(index))
    ]


# ---- indexes ----


def _digest(found: Iterable[SearchRecord]) -> tuple[str, int]:
    """Of all that goes into an index, and how many documents that is."""
    whole, total, last = hashlib.sha256(form().encode()), 0, ""
    for record in found:
        if record.path <= last:
            raise ValueError(f"records must come in the order of their paths: {record.path} after {last}")
        data = records.encode(record)
        whole.update(len(data).to_bytes(8, "big") + data)
        total, last = total + 1, record.path
    return whole.hexdigest()[:_NAME_DIGITS], total


def _free_name(client: Any, wanted: str) -> tuple[str, Meta | None]:
    """The index to feed, and what it says of itself if it is there. One that was changed later is another index."""
    for number in range(1, 1000):
        name = wanted if number == 1 else f"{wanted}-{number}"
        found = client.indices.get(index=name, params={"ignore_unavailable": "true"})
        if name not in found:
            return name, None
        meta = _meta(found[name])
        if meta and not meta.is_updated:
            return name, meta
    raise failed(f"{wanted}-*")


def _create(client: Any, name: str, shards: int) -> None:
    meta = msgspec.to_builtins(Meta(form()))
    body = {
        "settings": {"index": {"number_of_shards": shards, **_SETTINGS}},
        "mappings": {**MAPPING, "_meta": meta},
    }
    client.indices.create(index=name, body=body)


def _uuid(client: Any, name: str) -> str:
    uuid: str = client.indices.get(index=name)[name]["settings"]["index"]["uuid"]
    return uuid


def _complete(client: Any, name: str, total: int, replicas: int) -> None:
    """Ready to be searched, if all documents are there."""
    settings = {"index": {"refresh_interval": None, "number_of_replicas": replicas}}
    client.indices.put_settings(index=name, body=settings)
    client.indices.refresh(index=name)
    there = client.count(index=name)["count"]
    if there != total:
        raise GenError(
            Issue("", 0, "opensearch.count", {"index": name, "found": str(there), "expected": str(total)})
        )
    _put_meta(client, name, Meta(form(), total))


def _meta(index: Body) -> Meta | None:
    """What an index says of itself; None if it isn't ours."""
    try:
        return msgspec.convert(index["mappings"]["_meta"], Meta)
    except (KeyError, msgspec.ValidationError):
        return None


def _put_meta(client: Any, name: str, meta: Meta) -> None:
    client.indices.put_mapping(index=name, body={"_meta": msgspec.to_builtins(meta)})


def _read(checkpoint: Path, name: str, uuid: str) -> str:
    """The last path that this very index has; empty if one can't tell."""
    try:
        found = msgspec.json.decode(checkpoint.read_bytes(), type=_Checkpoint)
    except (OSError, msgspec.DecodeError):
        return ""
    return found.path if (found.name, found.uuid) == (name, uuid) else ""


# ---- sending ----


Operation = list[Body]
"""The lines of one operation of a bulk request."""


def _batches(found: Iterable[SearchRecord]) -> Iterator[list[SearchRecord]]:
    batch: list[SearchRecord] = []
    for record in found:
        batch.append(record)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _operations(batch: list[SearchRecord]) -> Iterator[Operation]:
    for document in documents(batch):
        yield [{"index": {"_id": id_of(document["path"])}}, document]


def _send(client: Any, name: str, operations: Iterable[Operation]) -> None:
    """Sends operations in requests of bounded size, until the server has acknowledged each."""
    waiting: list[bytes] = []
    size = 0
    for operation in operations:
        data = b"".join(msgspec.json.encode(line) + b"\n" for line in operation)
        if waiting and size + len(data) > MAX_BULK:
            _send_all(client, name, waiting)
            waiting, size = [], 0
        waiting.append(data)
        size += len(data)
    if waiting:
        _send_all(client, name, waiting)


def _send_all(client: Any, name: str, waiting: list[bytes]) -> None:
    """Tries again, ever more slowly, while the server is busy or away; what it refuses for good is told."""
    from opensearchpy.exceptions import ConnectionError as LostError
    from opensearchpy.exceptions import TransportError

    pause = FIRST_PAUSE
    for attempt in range(1, ATTEMPTS + 1):
        try:
            answer = client.bulk(index=name, body=b"".join(waiting).decode())
        except LostError as error:
            problem: Exception = error
        except TransportError as error:
            if error.status_code not in _BUSY:
                raise
            problem = error
        else:
            waiting = _left(answer, waiting)
            problem = failed("429")
        if not waiting:
            return
        if attempt == ATTEMPTS:
            raise problem
        time.sleep(pause)
        pause = min(LONGEST_PAUSE, 2 * pause)


def _left(answer: Body, sent: list[bytes]) -> list[bytes]:
    """Those operations that are to be tried again. Raises GenError for what the server won't ever take."""
    if not answer["errors"]:
        return []
    left: list[bytes] = []
    refused: list[Issue] = []
    for item, operation in zip(answer["items"], sent, strict=True):
        ((action, result),) = item.items()
        status = result["status"]
        is_done = status < 300 or (action == "delete" and status == 404)
        if status in _BUSY:
            left.append(operation)
        elif not is_done:
            error = result.get("error", {})
            problem = f"{error.get('type', status)}: {error.get('reason', '')}"
            refused.append(Issue("", 0, "opensearch.refused", {"path": result["_id"], "problem": problem}))
    if refused:
        raise GenError(*refused[:_MAX_TOLD])
    return left
