"""Rules for every file, held up by reading it: how long things may get, and what may stand nowhere."""

import ast
import re
import shutil
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.source_code import (
    PROJECT,
    as_lines,
    imports_of,
    only_for_types,
    product_files,
    python_files,
    tree_of,
    where,
)

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
