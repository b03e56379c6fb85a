"""What Answerbook stands on: pinned, from nowhere in particular, nothing heavy or badly licensed, nothing unnamed."""

import ast
import re
import sys
from functools import cache
from importlib.metadata import PackageNotFoundError, distribution, packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

PROJECT = Path(__file__).resolve().parents[1]
PINNED = ("requirements.txt", "requirements-ocr.txt", "requirements-providers.txt", "requirements-dev.txt")
INPUTS = ("requirements.in", "requirements-ocr.in", "requirements-providers.in", "requirements-dev.in")
# What the app imports only where it is installed.
EXTRAS = ("requirements-ocr.in", "requirements-providers.in")
OURS = {"app", "core", "pages", "tests", "training", *(path.stem for path in (PROJECT / "tests").rglob("*.py"))}

# Gigabytes, downloads at run time, or a licence that reaches over to whoever hosts Answerbook.
NEVER = {
    *("torch", "torchvision", "torchaudio", "transformers", "sentence-transformers", "tensorflow", "keras", "jax"),
    *("onnxruntime-gpu", "fastembed", "unstructured-inference", "opencv-python", "triton"),
    *("pymupdf", "pymupdfb", "fitz", "ultralytics", "langchain-community"),
}
MODELS_AND_DRIVERS = re.compile(r"^(nvidia-|cuda-|[a-z]{2}-core-(web|news)-)")
COPYLEFT = re.compile(r"(?<!L)(?<!Lesser )\bGPL|(?<!Lesser )General Public License", re.IGNORECASE)
AFFERO = re.compile(r"AGPL|Affero", re.IGNORECASE)


def lines_of(name: str) -> list[str]:
    return (PROJECT / name).read_text(encoding="utf-8").splitlines()


@cache
def pinned(name: str) -> tuple[Requirement, ...]:
    lines = (line.split("#")[0].strip() for line in lines_of(name))
    return tuple(Requirement(line) for line in lines if line)


@cache
def requirements_of(name: str) -> dict[str, tuple[Requirement, str]]:
    """The requirements of an .in file by name, each with its comment."""
    requirements: dict[str, tuple[Requirement, str]] = {}
    for line in lines_of(name):
        text, _, reason = line.partition("#")
        if text.strip() and not text.startswith("-"):
            requirement = Requirement(text.strip())
            requirements[canonicalize_name(requirement.name)] = (requirement, reason.strip())
    return requirements


def names(requirements: tuple[Requirement, ...]) -> set[str]:
    return {canonicalize_name(requirement.name) for requirement in requirements}


@cache
def licences() -> dict[str, str]:
    """What each installed package that we pin says its licence is, in one line."""
    words = {}
    for name in names(pinned("requirements-dev.txt")):
        try:
            about = distribution(name).metadata
        except PackageNotFoundError:
            continue  # pinned for another system
        classifiers = [line for line in about.get_all("Classifier") or [] if line.startswith("License")]
        # The old field often holds a whole licence, whose text may speak about others: its first line names it.
        first_line = "".join(about.get_all("License") or []).strip().partition("\n")[0]
        words[name] = " | ".join(filter(None, [*(about.get_all("License-Expression") or []), first_line, *classifiers]))
    return words


@pytest.mark.parametrize("name", PINNED)
def test_every_requirement_has_exactly_one_version(name: str) -> None:
    loose = [
        str(requirement)
        for requirement in pinned(name)
        if [part.operator for part in requirement.specifier] != ["=="] or "*" in str(requirement.specifier)
    ]
    assert loose == []
    assert pinned(name)


@pytest.mark.parametrize("name", PINNED + INPUTS)
def test_no_address_or_option_is_in(name: str) -> None:
    allowed = ["-r requirements.txt", "-r requirements-ocr.txt", "-r requirements-providers.txt"]
    wrong = [
        line
        for line in lines_of(name)
        if "://" in line or "\\" in line or " @ " in line or (line.startswith("-") and line not in allowed)
    ]
    assert not wrong, wrong


@pytest.mark.parametrize(("source", "made"), zip(INPUTS, PINNED, strict=True))
def test_what_is_pinned_fulfils_what_was_asked(source: str, made: str) -> None:
    for name, (requirement, _) in requirements_of(source).items():
        versions = [next(iter(line.specifier)).version for line in pinned(made) if canonicalize_name(line.name) == name]
        assert versions, f"{name} is not in {made}: make requirements"
        assert all(requirement.specifier.contains(version, prereleases=True) for version in versions), name


def test_development_uses_the_very_versions_that_run() -> None:
    assert set(map(str, pinned("requirements.txt"))) <= set(map(str, pinned("requirements-dev.txt")))
    for extra in ("requirements-ocr.txt", "requirements-providers.txt"):
        assert set(map(str, pinned(extra))) <= set(map(str, pinned("requirements-dev.txt")))


@pytest.mark.parametrize("extra", ["requirements-ocr.txt", "requirements-providers.txt"])
def test_an_extra_brings_only_what_the_app_has_not(extra: str) -> None:
    assert names(pinned(extra)) & names(pinned("requirements.txt")) == set()


@pytest.mark.parametrize("name", PINNED)
def test_nothing_huge_or_forbidden_comes_along(name: str) -> None:
    named = {package for package in names(pinned(name)) if package in NEVER or MODELS_AND_DRIVERS.match(package)}
    assert named == set()


def test_nothing_is_under_the_agpl() -> None:
    assert {name: words for name, words in licences().items() if AFFERO.search(words)} == {}
    assert len(licences()) > 50


def test_nothing_is_under_the_gpl_alone() -> None:
    strict = {name: words for name, words in licences().items() if COPYLEFT.search(words) and " OR " not in words}
    assert strict == {}


@pytest.mark.parametrize(
    ("words", "is_copyleft"),
    [
        ("GPL-3.0-only", True),
        ("License :: OSI Approved :: GNU General Public License v3 (GPLv3)", True),
        ("GNU Affero General Public License", True),
        ("LGPL-3.0-only", False),
        ("License :: OSI Approved :: GNU Lesser General Public License v3 (LGPLv3)", False),
        ("MPL-2.0 AND MIT", False),
    ],
)
def test_licences_are_told_apart(words: str, is_copyleft: bool) -> None:
    assert bool(COPYLEFT.search(words)) is is_copyleft


@pytest.mark.parametrize("name", INPUTS)
def test_every_direct_requirement_says_why(name: str) -> None:
    assert [package for package, (_, reason) in requirements_of(name).items() if len(reason) < 5] == []


def imported_by(*folders: str) -> dict[str, str]:
    """Every distribution that files import, in functions too, with one file that does."""
    owners = packages_distributions()
    packages: dict[str, str] = {}
    files = [path for folder in folders for path in (PROJECT / folder).rglob("*.py")]
    if "pages" in folders:
        files.extend(PROJECT.glob("*.py"))
    for path in files:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            modules = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and not node.level:
                modules = [node.module or ""]
            for module in {name.partition(".")[0] for name in modules} - OURS - sys.stdlib_module_names:
                candidates: set[str] = {canonicalize_name(owner) for owner in owners.get(module, [module])}
                known = candidates & {*requirements_of("requirements.in"), *requirements_of("requirements-dev.in")}
                packages[min(known or candidates)] = path.relative_to(PROJECT).as_posix()
    return packages


def test_what_the_app_imports_is_required_by_name() -> None:
    known = {*requirements_of("requirements.in"), *(name for extra in EXTRAS for name in requirements_of(extra))}
    unnamed = {name: path for name, path in imported_by("core", "pages").items() if name not in known}
    assert not unnamed, unnamed


def test_what_tests_import_is_required_by_name() -> None:
    known = {*requirements_of("requirements.in"), *requirements_of("requirements-dev.in")}
    # "make live" installs what it needs into an environment of its own.
    ours = {name: path for name, path in imported_by("tests").items() if not path.startswith("tests/live/")}
    assert {name: path for name, path in ours.items() if name not in known} == {}


def test_what_is_required_is_imported_or_says_why_not() -> None:
    imported = imported_by("core", "pages")
    unused = [
        name
        for name, (_, reason) in requirements_of("requirements.in").items()
        if name not in imported and not reason.startswith("not imported")
    ]
    assert not unused, unused


def test_what_says_it_is_not_imported_is_not() -> None:
    imported = imported_by("core", "pages")
    wrong = [
        name
        for name, (_, reason) in requirements_of("requirements.in").items()
        if name in imported and reason.startswith("not imported")
    ]
    assert not wrong, wrong
