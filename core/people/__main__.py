"""``python -m core.people you@company.com``: a link that lets an owner who forgot it choose a new password."""

import sys

from core.errors import AnswerbookError
from core.people.invitations import password_link_from_the_machine


def main(words: list[str]) -> int:
    """Write the link's last part for the e-mail that was named; returns the exit status."""
    if len(words) != 1:
        sys.stderr.write("Which e-mail? python -m core.people you@company.com\n")
        return 2
    try:
        code = password_link_from_the_machine(words[0])
    except AnswerbookError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(f"Open Answerbook's address with this behind it, once, within seven days:\n/invite/{code}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
