"""What an owner was promised: each step that was answered, to be held against what is there after a kill."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

LETTERS = "abcdefghijklmnopqrstuvwxyz"
Kind = Literal["add", "change", "rename", "delete", "restore", "ask"]


@dataclass(frozen=True)
class Rule:
    """What a file says: a word of its own, a price, and how long it is (in paragraphs)."""

    word: str
    price: int
    paragraphs: int

    def text(self) -> bytes:
        """The file. Only its first paragraph names the price."""
        first = f"# Rules\n\nThe {self.word} parcel costs {self.price} euros."
        parts = range(self.paragraphs)
        return "\n\n".join(
            [first, *(f"## Part {n}\n\nThe {self.word} parcel goes by route {n}." for n in parts)]
        ).encode()


@dataclass(frozen=True)
class Step:
    """One thing an owner does. ``rule``: what the file says after it; ``new_name``: of a rename."""

    kind: Kind
    name: str
    rule: Rule | None = None
    new_name: str = ""

    def line(self) -> dict[str, Any]:
        """The step as JSON."""
        return asdict(self)


def step_of(line: dict[str, Any]) -> Step:
    """Return a step from its JSON."""
    rule = line["rule"]
    return Step(line["kind"], line["name"], Rule(**rule) if rule else None, line["new_name"])


def steps_in(written: bytes) -> tuple[list[Step], Step | None]:
    """Return the steps that were answered, and the one that was begun and not answered, if there is one."""
    lines = [json.loads(line) for line in written.splitlines() if line.endswith(b"}")]
    done = [step_of(line) for line in lines if line["when"] == "did"]
    return done, step_of(lines[-1]) if lines and lines[-1]["when"] == "will" else None


@dataclass
class Promises:
    """Files that are there and files in the bin, by name, and the questions that were kept."""

    here: dict[str, Rule] = field(default_factory=dict)
    binned: dict[str, Rule] = field(default_factory=dict)
    questions: list[str] = field(default_factory=list)

    def after(self, step: Step) -> "Promises":
        """Return what is promised once a step has been answered."""
        here, binned, questions = dict(self.here), dict(self.binned), list(self.questions)
        if step.kind in ("add", "change"):
            assert step.rule is not None
            here[step.name] = step.rule
        elif step.kind == "rename":
            here[step.new_name] = here.pop(step.name)
        elif step.kind == "delete":
            binned[step.name] = here.pop(step.name)
        elif step.kind == "restore":
            here[step.name] = binned.pop(step.name)
        else:
            questions.append(step.name)
        return Promises(here, binned, questions)

    def after_all(self, steps: Sequence[Step]) -> "Promises":
        """Return what is promised once all these steps have been answered."""
        promises = self
        for step in steps:
            promises = promises.after(step)
        return promises


def word_of(number: int) -> str:
    """Return a word of its own for each number, in letters only: "aaab" for 1."""
    return "".join(LETTERS[number // 26**place % 26] for place in (3, 2, 1, 0)) + "ite"
