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

# From the ground up. A module of core/ (or a package there, as one) imports only from lines above its own.
LAYERS = (
    "errors schema settings memory",
    "log terms sentences document_json processes",
    "load chunk vault store which_source model_provider migrate",
    "model_errors database",
    "model embed_provider jobs migrations",
    "embed library",
    "providers sources",
    "quote_score",
    "retrieve prompt quote copy_assistant",
    "cite ingest",
    "generations",
    "rebuild compare",
    "answer preview view check",
    "page_layout",
    "conversations pipeline",
    "suggest sample",
    "health",
    "places",
    "worker",
)
HEAVY = ("lancedb", "langchain_openai", "openai", "pandas", "pypdfium2", "unstructured", "weaviate", "wordllama")
LIMITS = {"core": 400, "pages": 250}
FUNCTION_LINES = 60
GENERATED = PROJECT / "core" / "migrations" / "versions"

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


def height(part: str) -> int:
    return next((level for level, names in enumerate(LAYERS) if part in names.split()), len(LAYERS))


def core_modules() -> list[Path]:
    return [path for path in python_files("core") if path != PROJECT / "core" / "__init__.py"]


def parts_of_core() -> set[str]:
    return {part_of(path) for path in core_modules()}


def test_every_module_of_core_has_its_layer() -> None:
    listed = " ".join(LAYERS).split()
    assert len(listed) == len(set(listed))
    homeless = sorted(parts_of_core() - set(listed))
    assert not homeless, f"give each a place in LAYERS: {homeless}"


def test_core_imports_only_from_layers_above_its_own_in_the_list() -> None:
    wrong = []
    for path in core_modules():
        own = part_of(path)
        for line, name in imports_of(path):
            package, _, rest = name.partition(".")
            other = rest.partition(".")[0]
            if package == "core" and other in parts_of_core() - {own} and height(other) >= height(own):
                wrong.append(f"{where(path, line)} {own} imports {other}")
    assert not wrong, as_lines(list(dict.fromkeys(wrong)))


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
    wanted = {"core.library", "core.ingest", "core.answer"}
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
