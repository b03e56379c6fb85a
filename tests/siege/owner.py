"""An owner at work, as a process that is killed with the server: says each step before it and after it was answered.

``python -m tests.siege.owner ASSISTANT SEED``; what is there already comes as JSON on the standard input.
"""

import json
import random
import sys
import time

from core import pipeline
from core.assistants import conversations, source_rows, sources
from core.errors import AnswerbookError
from tests.siege.promises import Promises, Rule, Step, word_of

SIZES = (0, 3, 20, 120)  # paragraphs: some files are long enough to be killed in the middle of
MOST = 40
MOST_BINNED = 45  # the page lists the last fifty
REST_SECONDS = 0.2  # after a step that was refused


def main() -> None:
    """Do one step after the other until killed."""
    assistant_id, seed = sys.argv[1], int(sys.argv[2])
    known = json.loads(sys.stdin.read())
    here, binned = ({name: Rule(**rule) for name, rule in known[part].items()} for part in ("here", "binned"))
    promises = Promises(here, binned)
    dice, number = random.Random(seed), 0
    conversation = conversations.start_conversation(assistant_id)
    while True:
        number += 1
        step = chosen(promises, dice, seed * 1000 + number)
        say("will", step)
        try:
            do(assistant_id, conversation, step)
        except AnswerbookError as error:
            say("refused", step, error.what)
            time.sleep(REST_SECONDS)
        else:
            say("did", step)
            promises = promises.after(step)


def chosen(promises: Promises, dice: random.Random, number: int) -> Step:
    """Return the next step: mostly new files and new versions, now and then each of the others."""
    here, binned = sorted(promises.here), sorted(promises.binned)
    kinds = ["add"] * (8 if len(here) < MOST else 1)
    kinds += ["change", "change", "change", "rename", "ask"] if here else []
    kinds += ["delete"] * (6 if len(here) > MOST else 1) if here and len(binned) < MOST_BINNED else []
    kinds += ["restore"] if binned else []
    kind = dice.choice(kinds)
    price, size = dice.randrange(10, 10_000), dice.choice(SIZES)
    if kind == "add":
        return Step("add", f"{word_of(number)}.md", Rule(word_of(number), price, size))
    name = dice.choice(binned if kind == "restore" else here)
    if kind == "change":
        return Step("change", name, Rule(promises.here[name].word, price, size))
    if kind == "rename":
        return Step("rename", name, new_name=f"{word_of(number)}-named.md")
    if kind == "ask":
        return Step("ask", f"What does the {promises.here[name].word} parcel cost? ({number})")
    return Step("delete" if kind == "delete" else "restore", name)


def do(assistant_id: str, conversation: str, step: Step) -> None:
    """Do what a page does for this step."""
    if step.kind in ("add", "change"):
        assert step.rule is not None
        sources.add_files(assistant_id, [(step.name, step.rule.text())])
    elif step.kind == "rename":
        sources.rename_source(assistant_id, id_of(assistant_id, step.name), step.new_name)
    elif step.kind == "delete":
        sources.delete_sources(assistant_id, [id_of(assistant_id, step.name)])
    elif step.kind == "restore":
        binned = {row.name: row.id for row in source_rows.removed_rows(assistant_id)}
        sources.restore_source(assistant_id, binned[step.name])
    else:
        conversations.add_question(conversation, step.name)
        pipeline.search(assistant_id, step.name)


def id_of(assistant_id: str, name: str) -> str:
    """Return the id of the source that is shown under a name."""
    return next(row.id for row in source_rows.source_rows(assistant_id) if row.name == name)


def say(when: str, step: Step, sentence: str = "") -> None:
    """Write a line at once: what is in the pipe outlives this process."""
    sys.stdout.write(json.dumps({"when": when, **step.line(), "sentence": sentence}) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
