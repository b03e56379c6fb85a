"""What the image runs: takes the port that the host names, gives the data folder to the app's user, starts the app.

Hosts hand over volumes that belong to root. Started as root, it gives the folder to uid 1000 and is uid 1000 from then
on; started as anybody else, it stays that.
"""

import os
import sys
from contextlib import suppress
from pathlib import Path

USER = 1000  # the image's user, and the one that Hugging Face runs every image as


def main() -> None:
    """Become the app."""
    data = Path(os.environ.get("ANSWERBOOK_DATA") or "data")
    with suppress(OSError):  # what cannot be made cannot be written either, which is said below
        data.mkdir(parents=True, exist_ok=True)
    try:
        if os.geteuid() == 0:
            hand_over(data.resolve())
            os.setgroups([])
            os.setgid(USER)
            os.setuid(USER)
    except OSError as error:
        sys.exit(f"Answerbook cannot become uid {USER}: {error.strerror}. Start it with --user {USER}:{USER}.")
    if not os.access(data, os.R_OK | os.W_OK | os.X_OK):
        say(f"{data} is not writable for uid {os.geteuid()}: start as root, or give that folder to this uid.")
    if port := os.environ.get("PORT"):
        os.environ.setdefault("STREAMLIT_SERVER_PORT", port)
    os.execv(sys.executable, [sys.executable, "-m", "streamlit", "run", "app.py"])


def hand_over(data: Path) -> None:
    """Give a folder and all that is in it to the app's user; what a link leads to stays whose it is."""
    for folder, _, files in os.walk(data):
        for path in (Path(folder), *(Path(folder, name) for name in files)):
            if path.lstat().st_uid != USER:
                os.chown(path, USER, USER, follow_symlinks=False)


def say(sentence: str) -> None:
    """Write to the host's log."""
    sys.stderr.write(f"Answerbook: {sentence}\n")


if __name__ == "__main__":
    main()
