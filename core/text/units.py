"""The one list of units: what each measures, how much of the smallest it holds, and how it is written."""

# What is measured, how many of its smallest unit a unit holds, and its names: the first is what the others stand for in
# a search, where what has a bar in front is only understood, and never looked for: it means too much else. A line in
# brackets is only measured. Months have no fixed number of days.
_MEASURED: tuple[tuple[str, float, str], ...] = (
    ("mass", 1.0, "g |gr gram grams gramm gramme grammes gramo gramos"),
    ("mass", 1000.0, "kg |kgs kilo kilos kilogram kilograms kilogramm kilogramme kilogramo kilogramos"),
    ("mass", 453.59237, "lb lbs pound pounds"),
    ("mass", 500.0, "(|pfund)"),
    ("mass", 1_000_000.0, "(t tonne tonnes tonnen tons tonelada toneladas)"),
    ("mass", 28.349523, "(oz ounce ounces)"),
    ("length", 1.0, "mm millimetre millimetres millimeter millimeters milímetro millimètre"),
    ("length", 10.0, "cm centimetre centimetres centimeter centimeters zentimeter centímetro centímetros centimètre"),
    ("length", 1000.0, "(m metre metres meter meters metern metro metros mètre mètres)"),
    ("length", 1_000_000.0, "km kilometre kilometres kilometer kilometers kilómetro kilómetros kilomètre kilomètres"),
    ("length", 25.4, "(inch inches zoll)"),
    ("length", 304.8, "(ft foot feet)"),
    ("volume", 1.0, "ml milliliter milliliters millilitre millilitres mililitro mililitros"),
    ("volume", 1000.0, "l litre litres liter liters litro litros"),
    ("time", 1 / 60, "sec secs second seconds sek sekunde sekunden segundo segundos seconde secondes"),
    ("time", 1.0, "min mins minute minutes minuten minuto minutos"),
    ("time", 60.0, "h hr hrs hour hours std stunde stunden hora horas heure heures uur"),
    ("time", 1440.0, "(day days tag tage tagen werktag werktage werktagen día días dia dias jour jours giorni dagen)"),
    ("time", 10080.0, "(week weeks woche wochen semana semanas semaine semaines)"),
    ("months", 1.0, "(month months monat monate monaten mes meses mois)"),
    ("months", 12.0, "(year years yr yrs jahr jahre jahren año años an ans)"),
    ("eur", 1.0, "eur |€ euro euros"),
    ("usd", 1.0, "usd |$ dollar dollars dólar dólares"),
    ("gbp", 1.0, "gbp |£ sterling"),
    ("chf", 1.0, "chf franken francs"),
    ("percent", 1.0, "percent |% percentage prozent pct"),
    ("degrees", 1.0, "(°c ° degrees degree grad grados)"),
    ("data", 1.0, "mb megabyte megabytes"),
    ("data", 1000.0, "gb gigabyte gigabytes"),
)
UNITS = {unit.lstrip("|"): (kind, factor) for kind, factor, units in _MEASURED for unit in units.strip("()").split()}
"""A unit as it is written, without capitals, to what it measures and how many of the smallest unit it holds."""

UNIT_GROUPS = tuple(units for _, _, units in _MEASURED if not units.startswith("("))
"""The units that are searched under their other names too, a line each (core/text/names.py)."""
