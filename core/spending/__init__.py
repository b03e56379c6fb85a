"""Spending: what answers cost and may cost, who may ask how often, and what of all this is kept."""

from core.spending.ledger import (
    Cost,
    Request,
    by_assistant,
    by_day,
    release,
    release_old,
    reserve,
    settle,
    spent_this_month,
    spent_today,
)
from core.spending.limits import ALL, EURO, Limits, limits, own_limits, save_limits
from core.spending.prices import own_price, save_price

__all__ = [
    "ALL",
    "EURO",
    "Cost",
    "Limits",
    "Request",
    "by_assistant",
    "by_day",
    "limits",
    "own_limits",
    "own_price",
    "release",
    "release_old",
    "reserve",
    "save_limits",
    "save_price",
    "settle",
    "spent_this_month",
    "spent_today",
]
