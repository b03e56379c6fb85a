"""What a sentence tells an owner to press is there to be pressed."""

import ast
import re
from pathlib import Path

from tests.source_code import python_files, tree_of, where

DRAWN = {"button", "form_submit_button", "download_button", "popover", "pills", "subheader", "expander"}
PRESSED = re.compile(r"\b[Pp]ress \*{0,2}(?=[A-Z])")
NAMED = re.compile(r"\bunder (?=[A-Z])")


def labels() -> set[str]:
    """First words of everything that pages draw to be pressed, what a confirmation's button says, and pages' names."""
    drawn = {
        title
        for path in python_files("pages")
        for title in re.findall(r"^ {4}\"[a-z]*\": \(\"\w+\.py\", \"(\w+)\"", path.read_text(), re.M)
    }
    for path in python_files("pages"):
        for node in ast.walk(tree_of(path)):
            if not isinstance(node, ast.Call):
                continue
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            words = [item.value for item in ast.walk(node) if isinstance(item, ast.Constant)] if name in DRAWN else []
            words += (
                [item.value for item in node.args[2:3] if isinstance(item, ast.Constant)] if name == "confirm" else []
            )
            drawn.update(word for word in words if isinstance(word, str) and word[:1].isupper())
    return drawn


def sentences(path: Path) -> list[tuple[int, str]]:
    return [
        (node.lineno, node.value)
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]


def test_every_button_that_a_sentence_names_exists() -> None:
    known, looked_at, missing = labels(), 0, []
    for path in python_files("core", "pages"):
        for line, text in sentences(path):
            for pattern in (PRESSED, NAMED):
                for match in pattern.finditer(text):
                    looked_at += 1
                    if not any(text[match.end() :].startswith(label) for label in known):
                        missing.append(f"{where(path, line)}: {text[match.start() : match.end() + 40]!r}")
    assert not missing, "\n".join(missing)
    assert looked_at > 10


def test_no_sentence_sends_to_a_place_that_is_not_there() -> None:
    """The settings of an assistant have no page: its index is put right by Check passages."""
    lost = [
        where(path, line)
        for path in python_files("core", "pages")
        for line, text in sentences(path)
        if "in the assistant's settings" in text or "Rebuild the index" in text
    ]
    assert not lost
