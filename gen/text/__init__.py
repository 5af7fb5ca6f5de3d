"""What people are told, in Chinese and English: what is wrong; how to mend it.

Texts name their parameters in braces. A parameter whose value begins with `@` stands for a word of `WORDS`.
"""

import os
from collections.abc import Mapping
from typing import Literal

from gen.text import documents, program, settings, themes
from gen.text.message import Message
from gen.text.words import TEXTS, WORDS

Language = Literal["zh", "en"]

MESSAGES: Mapping[str, Message] = {
    **settings.MESSAGES,
    **documents.MESSAGES,
    **themes.MESSAGES,
    **program.MESSAGES,
}


def language() -> Language:
    """The language of whoever runs the program: English if the environment asks for it, else Chinese."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(name):
            return "en" if value.lower().startswith("en") else "zh"
    return "zh"


def language_of(tag: str) -> Language:
    """Of a language tag as pages have it, such as zh-CN."""
    return "en" if tag.lower().partition("-")[0] == "en" else "zh"


def message(code: str, params: Mapping[str, str], lang: Language) -> tuple[str, str]:
    """Cause and remedy of an issue."""
    found = MESSAGES[code]
    words = {
        name: WORDS[value[1:]][0 if lang == "zh" else 1]
        if value.startswith("@") and value[1:] in WORDS
        else value
        for name, value in params.items()
    }
    cause, mend = (found.zh, found.zh_mend) if lang == "zh" else (found.en, found.en_mend)
    near = words.get("near", "")
    if near:
        mend += f"（是不是“{near}”？）" if lang == "zh" else f" (did you mean “{near}”?)"
    return cause.format(**words), mend.format(**words)


def text(key: str, lang: Language, **params: object) -> str:
    return TEXTS[key][0 if lang == "zh" else 1].format(**params)
