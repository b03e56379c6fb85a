"""What core hands to pages are values: no row of a table, however deep, in what a page calls."""

import ast
import dataclasses
import importlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args, get_origin, get_type_hints

from sqlmodel import SQLModel

PAGES = Path(__file__).resolve().parents[2] / "pages"
ONLY_FOR_TYPES = {"SecretStr": object}  # names that core imports for type checkers alone


def names_used(path: Path) -> Iterator[str]:
    """The full names of what a page takes from core, also as an attribute of a module of core."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    imported = {
        alias.asname or alias.name: f"{node.module}.{alias.name}"
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "core"
        for alias in node.names
    }
    yield from imported.values()
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in imported:
            yield f"{imported[node.value.id]}.{node.attr}"


def thing_named(name: str) -> Any:
    """The module, function or class of a full name; None for what belongs to a value."""
    module, _, attribute = name.rpartition(".")
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError:
        pass
    try:
        return getattr(importlib.import_module(module), attribute)
    except ModuleNotFoundError:
        return None


def rows_in(hint: Any, above: tuple[Any, ...] = ()) -> Iterator[str]:
    """The tables whose rows a value of this type is, or holds."""
    if isinstance(hint, type) and issubclass(hint, SQLModel):
        yield hint.__name__
    if dataclasses.is_dataclass(hint) and hint not in above:
        for inner in get_type_hints(hint, localns=ONLY_FOR_TYPES).values():
            yield from rows_in(inner, (*above, hint))
    for inner in get_args(hint):
        if not isinstance(inner, str):
            yield from rows_in(inner, above)


def test_no_page_gets_a_row() -> None:
    wrong, looked_at = set(), 0
    for path in sorted(PAGES.rglob("*.py")):
        for name in names_used(path):
            thing = thing_named(name)
            if not callable(thing):
                continue
            looked_at += 1
            hint = thing
            if not isinstance(thing, type) and get_origin(thing) is None:  # else it is a type by another name
                hint = get_type_hints(thing, localns=ONLY_FOR_TYPES).get("return")
            wrong |= {f"{path.name}: {name} gives a row of {row}" for row in rows_in(hint)}
    assert looked_at > 50
    assert not wrong, "\n".join(sorted(wrong))
