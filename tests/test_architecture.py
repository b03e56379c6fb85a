"""The shape of the code, held up by reading it: who may know whom, what loads when, and how long things may get."""

import ast
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[1]

# The house: four floors of rooms. A room is a module or a package of core/.
FLOORS = {
    "ground": "errors schema settings log document_json markdown vault",  # knows nobody
    "stages": "text load chunk provider embed store retrieve answer",  # one value into the next; never the database
    "records": "database jobs assistants",  # what the database keeps; never a stage
    "work": "model_connection index viewer pipeline sample operate worker check",  # joins both
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
    "store": "",
    "retrieve": "text store",
    "answer": "text provider retrieve",
    "database": "",
    "jobs": "database",
    "assistants": "database jobs",
    "model_connection": "assistants provider embed",
    "index": "text load chunk embed store database jobs assistants model_connection",
    "viewer": "text load chunk assistants",
    "pipeline": "text provider embed store retrieve answer database assistants index model_connection",
    "sample": "assistants",
    "operate": "store database jobs index",
    "worker": "text load store database jobs assistants index operate pipeline",
    "check": "store text index operate",
}
# Of the ground itself: who may know whom.
GROUND = {"settings": "schema", "log": "errors settings", "document_json": "schema", "vault": "errors"}
# Packages whose files are nouns, each with a door of its own; into all others only the face leads: their __init__.
OPEN = ("assistants",)
HEAVY = ("lancedb", "langchain_openai", "openai", "pandas", "pypdfium2", "unstructured", "weaviate", "wordllama")
LIMITS = {"core": 400, "pages": 250}
FUNCTION_LINES = 60
GENERATED = PROJECT / "core" / "database" / "migrations" / "versions"

POSIX_MODULES = {"pwd", "grp", "resource", "fcntl", "termios", "pty", "tty"}
POSIX_NAMES = {
    *("signal.SIGKILL", "signal.SIGSTOP", "signal.SIGCONT", "signal.SIGHUP", "signal.SIGUSR1", "signal.SIGALRM"),
    *("os.geteuid", "os.getuid", "os.fork", "os.killpg", "os.setsid", "os.mkfifo", "os.uname"),
}

MACHINE_PATH = re.compile(r"(?<![\w.])(/work\b/|/root\b/|/home\b/\w|/Users\b/\w|[A-Z]:\\Users\b)")
REGISTRY = re.compile(
    r"pypi\.org|pythonhosted\.org|registry\.npmjs|artifac[t]ory|\bnexus\d*\.|dev[p]i|conda\.anaconda", re.I
)
LEFT_FOR_LATER = re.compile(r"\b(TO[D]O|FIX[M]E|X[X]X)\b")
WRITTEN_BY_US = {"", ".py", ".md", ".toml", ".yml", ".yaml", ".js", ".css", ".html", ".in", ".txt", ".mako"}


def python_files(*folders: str) -> list[Path]:
    return sorted(path for folder in folders for path in (PROJECT / folder).rglob("*.py"))


def product_files() -> list[Path]:
    return [*python_files("core", "pages"), *PROJECT.glob("*.py")]


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def where(path: Path, line: int = 0) -> str:
    name = path.relative_to(PROJECT).as_posix()
    return f"{name}:{line}" if line else name


def only_for_types(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)


def nodes_that_run(node: ast.AST) -> Iterator[ast.AST]:
    """All nodes below one, without what only type checkers read."""
    for child in ast.iter_child_nodes(node):
        if not only_for_types(child):
            yield child
            yield from nodes_that_run(child)


def imports_of(path: Path) -> Iterator[tuple[int, str]]:
    """Line and full name of everything a file imports, at its top and inside functions."""
    package = path.parent.relative_to(PROJECT).parts
    for node in nodes_that_run(tree_of(path)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else ()
            base = ".".join((*above, *filter(None, [node.module])))
            yield from ((node.lineno, f"{base}.{alias.name}") for alias in node.names)


def as_lines(found: list[str]) -> str:
    return "\n".join(["", *found])


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


def test_files_stay_short() -> None:
    long = []
    for folder, limit in LIMITS.items():
        for path in python_files(folder):
            lines = len(path.read_text(encoding="utf-8").splitlines())
            if lines > limit:
                long.append(f"{where(path)}: {lines} lines, at most {limit}")
    assert not long, as_lines(long)


def test_functions_fit_on_a_screen() -> None:
    long = []
    for path in product_files():
        if path.is_relative_to(GENERATED):
            continue
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or node.lineno) - node.lineno + 1
                if lines > FUNCTION_LINES:
                    long.append(f"{where(path, node.lineno)} {node.name}: {lines} lines")
    assert not long, as_lines(long)


def nodes_at_import(node: ast.AST) -> Iterator[ast.AST]:
    """All nodes that are run when a module is imported: not what stands inside its functions, but their decorators."""
    for child in ast.iter_child_nodes(node):
        if only_for_types(child):
            continue
        yield child
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            outside = [
                *child.args.defaults,
                *filter(None, child.args.kw_defaults),
                *getattr(child, "decorator_list", []),
            ]
            for part in outside:
                yield from (part, *nodes_at_import(part))
        else:
            yield from nodes_at_import(child)


def needs_posix(node: ast.AST) -> str:
    """What a node takes of POSIX alone: a module, a signal or a function of os; "" where it takes nothing."""
    if isinstance(node, ast.Import):
        return next((alias.name for alias in node.names if alias.name in POSIX_MODULES), "")
    if isinstance(node, ast.ImportFrom):
        names = {f"{node.module}.{alias.name}" for alias in node.names}
        return node.module or "" if node.module in POSIX_MODULES else next(iter(names & POSIX_NAMES), "")
    if isinstance(node, ast.Attribute) and ast.unparse(node) in POSIX_NAMES:
        return ast.unparse(node)
    return ""


def test_every_module_can_be_imported_on_windows() -> None:
    wrong = [
        f"{where(path, getattr(node, 'lineno', 0))} {needed}"
        for path in [*product_files(), *python_files("tests")]
        for node in nodes_at_import(tree_of(path))
        if (needed := needs_posix(node))
    ]
    assert not wrong, as_lines(wrong)


@pytest.mark.parametrize(
    ("code", "needed"),
    [
        ("import pwd", "pwd"),
        ("from signal import SIGKILL", "signal.SIGKILL"),
        ("@parametrize([signal.SIGSTOP])\ndef f(): ...", "signal.SIGSTOP"),
        ("def f(user=os.geteuid()): ...", "os.geteuid"),
        ("class A:\n    import resource", "resource"),
        ("def f():\n    import fcntl\n    os.kill(1, signal.SIGKILL)", ""),
        ("import signal\nEND = signal.SIGTERM", ""),
    ],
)
def test_what_windows_lacks_is_seen(code: str, needed: str) -> None:
    assert next(filter(None, map(needs_posix, nodes_at_import(ast.parse(code)))), "") == needed


@pytest.mark.parametrize("function", ["print", "eval", "exec"])
def test_nothing_calls(function: str) -> None:
    wrong = [
        where(path, node.lineno)
        for path in product_files()
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == function
    ]
    assert not wrong, as_lines(wrong)


@pytest.mark.parametrize("package", ["pickle", "marshal", "shelve", "dill", "joblib", "cloudpickle"])
def test_nothing_unpickles(package: str) -> None:
    wrong = [
        where(path, line)
        for path in product_files()
        for line, name in imports_of(path)
        if name.split(".")[0] == package
    ]
    assert not wrong, as_lines(wrong)


def test_no_text_reaches_the_page_as_html() -> None:
    wrong = [
        where(path, node.value.lineno)
        for path in product_files()
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.keyword) and node.arg in ("unsafe_allow_html", "unsafe_allow_javascript")
    ]
    assert not wrong, as_lines(wrong)


@cache
def texts_in_the_repository() -> dict[str, list[str]]:
    """The lines of each text file that is, or would be, committed."""
    if not (PROJECT / ".git").exists() or not shutil.which("git"):
        pytest.skip("This is no git checkout, so which files belong to it is not known.")
    listing = subprocess.run(
        ["git", "-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=PROJECT,
        capture_output=True,
        check=True,
    ).stdout
    texts = {}
    for name in filter(None, listing.decode().split("\0")):
        path = PROJECT / name
        if path.is_file():
            data = path.read_bytes()
            if b"\0" not in data:
                texts[name] = data.decode("utf-8", errors="replace").splitlines()
    return texts


@pytest.mark.parametrize(
    "pattern",
    [
        pytest.param(MACHINE_PATH, id="path of one machine"),
        pytest.param(REGISTRY, id="package registry"),
    ],
)
def test_no_file_names_a(pattern: re.Pattern[str]) -> None:
    wrong = [
        f"{name}:{number} {line.strip()[:100]}"
        for name, lines in texts_in_the_repository().items()
        for number, line in enumerate(lines, 1)
        if pattern.search(line)
    ]
    assert not wrong, as_lines(wrong)


def test_nothing_is_left_for_later() -> None:
    wrong = [
        f"{name}:{number} {line.strip()[:100]}"
        for name, lines in texts_in_the_repository().items()
        if Path(name).suffix in WRITTEN_BY_US and "/data/" not in name
        for number, line in enumerate(lines, 1)
        if LEFT_FOR_LATER.search(line)
    ]
    assert not wrong, as_lines(wrong)


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (MACHINE_PATH, "see /ro" + "ot/notes"),
        (MACHINE_PATH, "open('/ho" + "me/ada/x')"),
        (REGISTRY, "--index-url https://py" + "pi.org/simple"),
        (LEFT_FOR_LATER, "# TO" + "DO: later"),
    ],
)
def test_the_patterns_find_what_they_look_for(pattern: re.Pattern[str], text: str) -> None:
    assert pattern.search(text)
