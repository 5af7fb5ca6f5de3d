"""A theme's own words for people, in Chinese and English: `texts.yaml`, asked for by `t()` in templates."""

import re
from collections.abc import Callable, Mapping
from typing import Annotated

import msgspec

from gen.schema import Key
from gen.text import Language

FILE = "texts.yaml"
_PARAMETER = re.compile(r"\{([a-z_]+)\}")


class Said(msgspec.Struct, frozen=True):
    """One text in each language; parameters stand in braces."""

    zh: Annotated[str, Key("", "in Chinese")]
    en: Annotated[str, Key("", "in English")]
    line: int = 0

    def parameters(self) -> set[str]:
        return set(_PARAMETER.findall(self.zh))


class TextsFile(msgspec.Struct, frozen=True):
    texts: Annotated[dict[str, Said], Key("", "what the theme says, by key")] = {}


def unequal(texts: Mapping[str, Said]) -> list[tuple[str, Said]]:
    """The texts whose languages don't name the same parameters."""
    return [
        (key, said) for key, said in texts.items() if said.parameters() != set(_PARAMETER.findall(said.en))
    ]


def translator(texts: Mapping[str, Said], lang: Language) -> Callable[..., str]:
    """`t(key, parameter=value, …)`. Raises LookupError for a key or parameter that is missing."""

    plain = {
        key: said.zh if lang == "zh" else said.en for key, said in texts.items() if not said.parameters()
    }

    def t(key: str, **values: object) -> str:
        if key in plain:
            return plain[key]
        said = texts.get(key)
        if said is None:
            raise LookupError(f't("{key}"): texts.yaml ?')
        if missing := said.parameters() - values.keys():
            raise LookupError(f't("{key}"): {", ".join(sorted(missing))} ?')
        return _PARAMETER.sub(lambda match: str(values[match[1]]), said.zh if lang == "zh" else said.en)

    return t
