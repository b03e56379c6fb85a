"""No pattern of core/ takes longer than its text is long, whatever a stranger's file holds.

``re`` holds the interpreter's lock: one pattern that tries every character of a run again stops the whole server.
"""

import ast
import importlib
import pkgutil
import re
from collections import deque
from collections.abc import Callable, Iterator
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

import core
from tests.core.hostile_runs import Run, edged_runs, plain_runs, too_steep

CORE = Path(core.__file__).parent
# Ways that try each place of a text in turn are all measured as finditer, which goes through to the end.
_WAYS = {
    **dict.fromkeys(("search", "sub", "subn", "split", "findall", "finditer"), "finditer"),
    "match": "match",
    "fullmatch": "fullmatch",
}
_EVERY_WAY = frozenset(_WAYS.values())
_CALLS = ("compile", *_WAYS)
_OPEN_ENDS = ("", "\x00", "\n", "!", "a")
parser: Any = importlib.import_module("re._parser")


def modules() -> list[str]:
    names = [module.name for module in pkgutil.walk_packages([str(CORE)], "core.")]
    return [name for name in names if ".migrations" not in name]


def patterns_within(value: object, depth: int = 0) -> Iterator[re.Pattern[Any]]:
    """Every compiled pattern in a module's names: also in tuples, lists, dicts and the attributes of classes."""
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, dict) and depth < 4:
        for inner in list(value.values()):
            yield from patterns_within(inner, depth + 1)
    elif isinstance(value, tuple | list | set | frozenset) and depth < 4:
        for inner in value:
            yield from patterns_within(inner, depth + 1)
    elif isinstance(value, type) and value.__module__.startswith("core") and depth < 2:
        yield from patterns_within(dict(vars(value)), depth + 1)


def written_pattern(node: ast.expr) -> str | bytes | None:
    """The pattern a call writes out; where re.escape puts something in, a letter stands for it. None: not written."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str | bytes):
        return node.value
    if isinstance(node, ast.JoinedStr):
        parts = [part.value if isinstance(part, ast.Constant) else escaped(part) for part in node.values]
        return None if None in parts else "".join(str(part) for part in parts)
    return None


def escaped(node: ast.expr) -> str | None:
    inner = node.value if isinstance(node, ast.FormattedValue) else node
    return "a" if isinstance(inner, ast.Call) and ast.unparse(inner.func) == "re.escape" else None


def calls_in(tree: ast.AST) -> Iterator[tuple[ast.Call, bool]]:
    """Every call of the module ``re`` that takes a pattern, and whether it is run at import."""

    def below(node: ast.AST, at_import: bool) -> Iterator[tuple[ast.Call, bool]]:
        inside = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        for child in ast.iter_child_nodes(node):
            yield from below(child, at_import and not inside)
        if isinstance(node, ast.Call) and ast.unparse(node.func) in {f"re.{name}" for name in _CALLS} and node.args:
            yield node, at_import

    return below(tree, True)


def ways_of(tree: ast.AST, name: str) -> frozenset[str]:
    """In which ways a module runs the pattern of this name; every way where that cannot be told."""
    ways: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == name:
            ways.add(_WAYS.get(node.attr, ""))
        elif isinstance(node, ast.Call) and any(isinstance(part, ast.Name) and part.id == name for part in node.args):
            return _EVERY_WAY
    return _EVERY_WAY if not ways or "" in ways else frozenset(ways)


@cache
def all_patterns() -> list[tuple[str, re.Pattern[Any], str]]:
    """Every pattern of core/ with its module and a way it is run: compiled ones, and those written out in a call."""
    known: dict[tuple[str | bytes, int, str], tuple[str, re.Pattern[Any], str]] = {}
    for module_name in modules():
        module = importlib.import_module(module_name)
        tree = ast.parse(Path(str(module.__file__)).read_text(encoding="utf-8"))
        for name, value in list(vars(module).items()):
            single = isinstance(value, re.Pattern)
            for pattern in patterns_within(value):
                for way in ways_of(tree, name) if single else _EVERY_WAY:
                    known.setdefault((pattern.pattern, pattern.flags, way), (module_name, pattern, way))
        for call, at_import in calls_in(tree):
            written = written_pattern(call.args[0])
            way = _WAYS.get(ast.unparse(call.func).removeprefix("re."), "")
            if written is not None and (way or not at_import):
                pattern = re.compile(written)
                for each in [way] if way else _EVERY_WAY:
                    known.setdefault((written, pattern.flags, each), (module_name, pattern, each))
    return list(known.values())


def examples(tree: Any) -> Iterator[tuple[str, str]]:
    """For each open repeat in a pattern: a text that leads to it, and one that it takes."""
    before = ""
    for code, detail in tree:
        name = str(code)
        if name in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
            least, most, inner = detail
            once = shortest(inner)
            if most > 100:
                yield before, once or " "
            yield from ((before + lead, unit) for lead, unit in examples(inner))
            before += once * max(least, 0)
        elif name == "BRANCH":
            for way in detail[1]:
                yield from ((before + lead, unit) for lead, unit in examples(way))
            before += shortest(detail[1][0])
        elif name in ("SUBPATTERN", "ATOMIC_GROUP"):
            inner = detail[-1] if name == "SUBPATTERN" else detail
            yield from ((before + lead, unit) for lead, unit in examples(inner))
            before += shortest(inner)
        else:
            before += shortest([(code, detail)])


def shortest(tree: Any) -> str:
    """A short text that a part of a pattern takes, near enough."""
    text = ""
    for code, detail in tree:
        name = str(code)
        if name == "LITERAL":
            text += chr(detail)
        elif name == "IN":
            text += one_of(detail)
        elif name in ("NOT_LITERAL", "ANY"):
            text += "a"
        elif name in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
            text += shortest(detail[2]) * detail[0]
        elif name == "BRANCH":
            text += shortest(detail[1][0])
        elif name == "SUBPATTERN":
            text += shortest(detail[-1])
        elif name == "ATOMIC_GROUP":
            text += shortest(detail)
    return text


def one_of(members: Any) -> str:
    """A sign that a class of signs takes."""
    code, detail = members[0]
    if str(code) == "NEGATE":
        return next((sign for sign in "a 1.-\n" if not any(takes(member, sign) for member in members[1:])), "a")
    if str(code) in ("LITERAL", "RANGE"):
        return chr(detail if str(code) == "LITERAL" else detail[0])
    return {"CATEGORY_DIGIT": "1", "CATEGORY_SPACE": " ", "CATEGORY_NOT_WORD": "."}.get(str(detail), "a")


def takes(member: Any, sign: str) -> bool:
    code, detail = str(member[0]), member[1]
    if code == "LITERAL":
        return ord(sign) == detail
    if code == "RANGE":
        return bool(detail[0] <= ord(sign) <= detail[1])
    judges = {"CATEGORY_DIGIT": str.isdigit, "CATEGORY_SPACE": str.isspace, "CATEGORY_WORD": str.isalnum}
    return str(detail) in judges and judges[str(detail)](sign)


def own_runs(pattern: re.Pattern[Any]) -> Iterator[Run]:
    """Runs made for one pattern: what leads to each of its open repeats, then what the repeat takes."""
    source = pattern.pattern if isinstance(pattern.pattern, str) else pattern.pattern.decode("latin-1")
    for lead, unit in dict.fromkeys(examples(parser.parse(source, pattern.flags & ~re.UNICODE))):
        yield from (Run(start + lead, unit, end) for start in ("", "\n") for end in _OPEN_ENDS)
        yield from (Run("", lead + unit, end) for end in _OPEN_ENDS)
        if lead:
            yield from (Run("", lead, end) for end in _OPEN_ENDS)


def use(pattern: re.Pattern[Any], way: str) -> Callable[[str], object]:
    """Return a function that runs a pattern through a text."""
    run: Callable[[Any], Any] = getattr(pattern, way)
    through = (lambda text: deque(run(text), 0)) if way == "finditer" else run
    return (lambda text: through(text.encode("utf-8", "replace"))) if isinstance(pattern.pattern, bytes) else through


def verdict(pattern: re.Pattern[Any], way: str) -> str:
    work = use(pattern, way)
    closely = (too_steep(work, run) for run in (*own_runs(pattern), *plain_runs()))
    quickly = (too_steep(work, run, quick=True) for run in edged_runs())
    return next(filter(None, chain(closely, quickly)), "")


@pytest.mark.slow
def test_no_pattern_takes_longer_than_its_text_is_long() -> None:
    slow = [
        f"{name} {way} {pattern.pattern!r:.150}\n    {growth}"
        for name, pattern, way in all_patterns()
        if (growth := verdict(pattern, way))
    ]
    assert not slow, "\n".join(["", *slow])


def imports(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Line and name of every way in which a module takes patterns in: "re" where it is the module as it is."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module in ("re", "regex"):
            yield node.lineno, f"{node.module}."
        elif isinstance(node, ast.Import):
            yield from (
                (node.lineno, alias.asname or alias.name) for alias in node.names if alias.name in ("re", "regex")
            )


def test_every_pattern_of_core_is_seen() -> None:
    assert len(all_patterns()) > 100
    hidden = []
    for name in modules():
        module = importlib.import_module(name)
        tree = ast.parse(Path(str(module.__file__)).read_text(encoding="utf-8"))
        for call, at_import in calls_in(tree):
            if written_pattern(call.args[0]) is None and not (at_import and ast.unparse(call.func) == "re.compile"):
                hidden.append(f"{name}:{call.lineno} {ast.unparse(call)[:80]}")
        hidden += [f"{name}:{line} takes re by another name" for line, taken in imports(tree) if taken != "re"]
    assert not hidden, "\n".join(["write the pattern out, or compile it at import:", *hidden])


@pytest.mark.parametrize(
    ("pattern", "run"),
    [
        (r"\s*\n\s*", Run("", " ", "")),
        (r"(?:<!--.*?-->\s*)*x", Run("", "<!---->", "")),
        (r"(a+)+b", Run("", "a", "")),
        (r"[.!?]+[\"']*\s+", Run("", ".", "a")),
        (r"<b>.*</b>", Run("", "<b>", "")),
    ],
)
def test_what_is_too_steep_is_seen(pattern: str, run: Run) -> None:
    assert too_steep(use(re.compile(pattern, re.S), "finditer"), run)
