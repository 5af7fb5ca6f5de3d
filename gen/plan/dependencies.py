"""What a page asked while it was made: the ground on which it is, or isn't, made again."""

import hashlib
from typing import Any

import msgspec

from gen.catalogue.queries import Answer, AnyQuery, Interval, Query
from gen.catalogue.store import Store

_ENCODE = msgspec.msgpack.Encoder().encode
_QUERY: msgspec.msgpack.Decoder[Query] = msgspec.msgpack.Decoder(AnyQuery)


class Asked(msgspec.Struct, frozen=True):
    """One query of a page: its own encoding, a fingerprint of the answer, and what it watched."""

    query: bytes
    fingerprint: bytes
    watches: tuple[Interval, ...]


class Recorder:
    """Asks the catalogue for one page, and remembers what.

    `memo` keeps answers of shared queries between the pages of one process; it may live as long as the catalogue
    stands still.
    """

    def __init__(self, store: Store, memo: dict[bytes, tuple[Any, Asked]]) -> None:
        self._store = store
        self._memo = memo
        self._asked: dict[bytes, Asked] = {}

    def ask(self, query: Query) -> Any:
        key = _ENCODE(query)
        if kept := self._memo.get(key):
            self._asked[key] = kept[1]
            return kept[0]
        answer = query.ask(self._store)
        asked = Asked(key, fingerprint(answer), answer.watches)
        self._asked[key] = asked
        if query.shared:
            self._memo[key] = (answer.value, asked)
        return answer.value

    def another(self) -> "Recorder":
        """One that shares this one's answers, for a part whose questions are to be told apart."""
        return Recorder(self._store, self._memo)

    def adopt(self, asked: tuple[Asked, ...]) -> None:
        """Counts as asked what a part asked when it was made."""
        self._asked.update((one.query, one) for one in asked)

    def asked(self) -> tuple[Asked, ...]:
        return tuple(self._asked.values())


def fingerprint(answer: Answer) -> bytes:
    return hashlib.blake2b(_ENCODE(answer.value), digest_size=8).digest()


def ask_again(store: Store, query: bytes) -> Asked:
    """The same question to the catalogue as it is now."""
    answer = _QUERY.decode(query).ask(store)
    return Asked(query, fingerprint(answer), answer.watches)
