"""The bubble's script as it is served: one file with its stylesheet and its words inside."""

import json
import re
from functools import cache
from hashlib import sha256
from pathlib import Path

from core.publish.colours import DEFAULT_COLOUR
from core.publish.words import languages, words_in

_FOLDER = Path(__file__).parent
_COMMENT = re.compile(r"^//.*\n|/\*[^*]*\*/|(?<=[;{},]) //.*$", re.MULTILINE)


@cache
def script() -> str:
    """Return the script, without the comments and blanks that only we read."""
    style = _shorter(_file("bubble.css")).replace("\n", "")
    words = {language: [words_in(language)["ask"], words_in(language)["close"]] for language in languages()}
    values = {"STYLE": style, "WORDS": words, "DEFAULT_COLOUR": DEFAULT_COLOUR}
    constants = "".join(f"const {name}={json.dumps(value, ensure_ascii=False)};\n" for name, value in values.items())
    return _shorter(_file("bubble.js")).replace('"use strict";\n', f'"use strict";\n{constants}', 1)


@cache
def mark() -> str:
    """Return what this version of the script is known by, as an HTTP entity tag."""
    return f'"{sha256(script().encode()).hexdigest()[:16]}"'


def _file(name: str) -> str:
    return (_FOLDER / name).read_text(encoding="utf-8")


def _shorter(text: str) -> str:
    lines = "\n".join(line.strip() for line in text.splitlines() if line.strip())
    return _COMMENT.sub("", lines)
