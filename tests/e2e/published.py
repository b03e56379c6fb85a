"""Fills a data folder, in a process of its own: an assistant that has read what is given, online.

``python -m tests.e2e.published FOLDER FILE.json``: the file names the documents ("documents", name to text; none: the
ShipIt sample), what is set of the publication besides ("set"), and limits ("limits"). With "key" a program's key
lies in key.txt beside the database.
"""

import json
import os
import sys
from pathlib import Path


def publish(wanted: dict[str, dict[str, object]]) -> None:
    """Make the assistant, have its documents read, and put it online with all of them open."""
    from core.assistants import lifecycle, source_rows, sources
    from core.publish import Handover, Look, create_key, save_publication
    from core.sample import sample_assistant
    from core.spending import save_limits
    from tests.core.work import work_off

    if documents := wanted.get("documents"):
        made = lifecycle.create_assistant("Help")
        sources.add_files(made, [(name, str(text).encode()) for name, text in documents.items()])
    else:
        made = sample_assistant()
    work_off()
    save_publication(
        made,
        name="help",
        state="link",
        public_sources=[source.id for source in source_rows.source_names(made)],
        look=Look(owner="ShipIt Parcels"),
        handover=Handover(mail="help@shipit.example", form=True),
        **wanted.get("set", {}),
    )
    if limits := wanted.get("limits"):
        save_limits({name: int(str(most)) for name, most in limits.items()})
    if wanted.get("key"):
        key, _ = create_key(made, "A test", ["ask"])
        (Path(os.environ["ANSWERBOOK_DATA"]) / "key.txt").write_text(key)


if __name__ == "__main__":
    os.environ["ANSWERBOOK_DATA"] = sys.argv[1]
    publish(json.loads(Path(sys.argv[2]).read_text(encoding="utf-8")))
