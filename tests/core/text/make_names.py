"""Makes core/text/names.tsv, the names of countries, months and days in six languages, out of Babel's (Unicode CLDR).

Babel is needed for this alone, so it is no requirement of Answerbook:

    python -m venv OTHER && OTHER/bin/pip install babel
    OTHER/bin/python tests/core/text/make_names.py > core/text/names.tsv

A line is a kind, a key, a language (none for countries) and the names, parted by tabs; the names by bars.
"""

import importlib
import itertools
import sys
from collections.abc import Iterable, Iterator
from typing import Any

LANGUAGES = ("en", "de", "es", "fr", "it", "nl")
# What people call a country besides its name.
ALSO = {
    "US": ("USA", "America", "Amerika", "EE.UU.", "États-Unis d'Amérique", "United States of America"),
    "GB": ("UK", "Great Britain", "Britain", "England", "Großbritannien", "Gran Bretaña", "Grande-Bretagne"),
    "AE": ("UAE", "Emirates", "Emirate", "Émirats", "Emiratos"),
    "NL": ("Holland", "Holanda", "Olanda"),
    "CZ": ("Czech Republic", "Tschechische Republik", "República Checa", "République tchèque"),
    "KR": ("Korea", "Corea", "Corée"),
    "TR": ("Turkey",),
    "CI": ("Ivory Coast", "Côte d'Ivoire"),
    "HK": ("Hong Kong", "Hongkong"),
    "EU": ("EU", "UE"),
}
LEFT_OUT = {"EZ", "QO", "UN", "XA", "XB", "ZZ"}


def lines(locales: Iterable[Any]) -> Iterator[str]:
    """The lines of the table."""
    made = list(locales)
    for code in sorted(code for code in made[0].territories if code.isalpha() and code not in LEFT_OUT):
        names = [locale.territories[code] for locale in made if code in locale.territories]
        yield line("country", code, "", (*names, *ALSO.get(code, ())))
    for kind, widths, keys in (("month", "months", range(1, 13)), ("day", "days", range(7))):
        for key, locale in itertools.product(keys, made):
            names = getattr(locale, widths)["format"]
            yield line(kind, str(key), locale.language, (names[width][key] for width in ("wide", "abbreviated")))


def line(kind: str, key: str, language: str, names: Iterable[str]) -> str:
    """One line: each name once, without what stands in brackets and without full stops at the end."""
    plain = (name.split(" (")[0].replace("\u2019", "'").strip().rstrip(".") for name in names)
    return "\t".join((kind, key, language, "|".join(dict.fromkeys(name for name in plain if len(name) > 1))))


if __name__ == "__main__":
    locale = importlib.import_module("babel").Locale
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    sys.stdout.write("\n".join(lines(map(locale, LANGUAGES))) + "\n")
