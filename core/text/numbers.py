"""Numbers as people write them."""


def counted(number: int, one: str, many: str = "") -> str:
    """Return a number with its noun: "1 source", "1,203 passages"."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
