"""A help page and tables as texts."""

import re

HELP = """Returns and refunds

How long do I have to return an item?
You have 30 days from delivery. After that, e.g. on
day 31, we cannot take it back.

Who pays for the parcel?
We do, up to 5.50 EUR. Mr. Smith of St. James St. is our man for questions.

# Gifts
Gifts under 45 EUR are free of duty. This holds only for private senders.

What you need:
- the receipt
- the label that came
  with the parcel
"""


TABLE = """| Country | Threshold | Duty |
|---|---|---|
| Norway | NOK 350 | 0% |
| Switzerland | CHF 150 | 2.5% |
"""


CSV = 'Norway,NOK 350,0%\n"Korea, South",USD 150,8%\nBrazil,USD 50,60%\n'


def lines(text: str) -> list[tuple[int, int]]:
    """The spans of the lines of a text: the rows of a CSV."""
    return [match.span() for match in re.finditer(r"[^\n]+", text)]
