"""Sums of money in words."""

from core.spending.limits import EURO


def in_euros(micro_euros: int) -> str:
    """Say a sum as its owner reads it: "€12.30", below a cent as "0.4 cents"; what is not nothing never reads so."""
    cents = micro_euros * 100 / EURO
    if not micro_euros:
        return "€0.00"
    if cents < 0.05:
        return "less than 0.1 cents"
    return f"{cents:.1f} cents" if cents < 0.95 else f"€{micro_euros / EURO:,.2f}"
