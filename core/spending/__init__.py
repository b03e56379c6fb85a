"""Spending: what answers cost and may cost, who may ask how often, and what of all this is kept."""

from core.spending.admission import admit, forget_windows, share_of_address
from core.spending.keeping import (
    Deletion,
    Kept,
    deletions,
    forget_details,
    note_deletion,
    queue_deletions,
    what_is_kept,
)
from core.spending.ledger import (
    Cost,
    Request,
    by_assistant,
    by_day,
    release,
    release_old,
    reserve,
    settle,
    spent_since,
    spent_this_month,
    spent_today,
)
from core.spending.limits import ALL, EURO, Limits, limits, own_limits, save_limits
from core.spending.prices import own_price, save_price
from core.spending.proof import SCRIPT, challenge, is_proven, must_prove
from core.spending.salt import forget_salts
from core.spending.words import in_euros

__all__ = [
    "ALL",
    "EURO",
    "SCRIPT",
    "Cost",
    "Deletion",
    "Kept",
    "Limits",
    "Request",
    "admit",
    "by_assistant",
    "by_day",
    "challenge",
    "deletions",
    "forget_details",
    "forget_salts",
    "forget_windows",
    "in_euros",
    "is_proven",
    "limits",
    "must_prove",
    "note_deletion",
    "own_limits",
    "own_price",
    "queue_deletions",
    "release",
    "release_old",
    "reserve",
    "save_limits",
    "save_price",
    "settle",
    "share_of_address",
    "spent_since",
    "spent_this_month",
    "spent_today",
    "what_is_kept",
]
