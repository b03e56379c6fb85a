"""What a model costs by its owner's word, where the product's own table does not know it, or the owner knows better."""

from core.database import ModelPrice, now, session

PriceOfMillion = tuple[int, int]
"""Micro-euros for a million tokens of prompt and of answer."""


def own_price(host: str, model: str) -> PriceOfMillion | None:
    """Return what the owner typed for a model at a service's host; None where nothing was."""
    with session() as db:
        row = db.get(ModelPrice, _name(host, model))
    return (row.prompt, row.answer) if row else None


def save_price(host: str, model: str, price: PriceOfMillion | None) -> None:
    """Keep what the owner typed for a model; None forgets it."""
    with session() as db:
        if price is not None:
            db.merge(ModelPrice(id=_name(host, model), prompt=price[0], answer=price[1], updated_at=now()))
        elif (row := db.get(ModelPrice, _name(host, model))) is not None:
            db.delete(row)


def _name(host: str, model: str) -> str:
    return f"{host} {model}"[:500]
