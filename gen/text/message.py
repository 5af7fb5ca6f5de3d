"""What a message is made of."""

from typing import NamedTuple


class Message(NamedTuple):
    """Cause and remedy, in both languages."""

    zh: str
    zh_mend: str
    en: str
    en_mend: str
