"""Hand edits on the passages of a source as its owner sees them: each is anchored in the text, kept, and listed."""

from dataclasses import dataclass, replace

from core import edits
from core.chunk import Places, anchor_of, rewording, without_furniture
from core.errors import AnswerbookError
from core.schema import EditKind, HandEdit, Passage, document_place
from core.text import segments_of
from core.viewer.passages import CutSource, cut_source

MOST_CHARACTERS = 8000  # of a passage that an owner writes or joins, as of one that is cut
QUESTION_CHARACTERS = 300
TAIL = 80  # characters of the words behind which a passage is added, and before which one is split


@dataclass(frozen=True, slots=True)
class PassageSeen:
    """The passage that an owner looked at: where it began and what it said then."""

    start: int
    text: str


@dataclass(frozen=True, slots=True)
class UnfitEdit:
    """A hand edit that does not fit its document any more, what it stood for, and what stands there now ("": unclear).

    ``page`` and ``words`` lead to the place: its page, from 1, and the first words there.
    """

    edit: HandEdit
    now: str
    page: int | None
    place: int


def seen(passage: Passage) -> PassageSeen:
    """Return what tells a passage from others, for a click that comes later."""
    return PassageSeen(passage.start, passage.text)


def editable_text(cut: CutSource, passage: Passage) -> str:
    """Return a passage's words as they are found and quoted: without the page headers inside it."""
    return passage.text if passage.patches else without_furniture(cut.document, passage).text


def change_words(assistant_id: str, source_id: str, of: PassageSeen, text: str, by: str) -> bool:
    """Let other words stand in a passage; False where nothing but blanks changed. An added one is written anew.

    Raises AnswerbookError where the words are none or too many, or the passage was changed meanwhile; NotFound.
    """
    text = _checked(text, "A passage needs words.", "Write some, or switch the passage off.", MOST_CHARACTERS)
    if any(each.start == of.start and each.text == text for each in cut_source(assistant_id, source_id).passages):
        return text != of.text  # as by a second click
    cut, passage = _found(assistant_id, source_id, of)
    if passage.origin == "added":
        edit = _edit_of(source_id, EditKind.ADD, passage.text)
        if edit is None or text == passage.text:
            return False
        edits.add_edit(assistant_id, source_id, EditKind.ADD, edit.anchor, text, by)
        edits.end_edit(assistant_id, source_id, edit.id, by)
        return True
    shown = editable_text(cut, passage)
    change = rewording(replace(passage, text=shown), text)
    if change is None:
        return False
    anchor = anchor_of(cut.document.text, change.first, change.last)
    edits.add_edit(assistant_id, source_id, EditKind.CHANGE, anchor, change.words, by)
    return True


def split_passage(assistant_id: str, source_id: str, of: PassageSeen, before: int, by: str) -> None:
    """End a passage before the character ``before`` of its text; what follows is a passage of its own.

    Raises AnswerbookError where nothing would be left of one of the two, or within words of the owner's; NotFound.
    """
    cut, passage = _found(assistant_id, source_id, of)
    start, _, edited = document_place(passage, before, min(before + 1, len(passage.text)))
    if edited or not passage.text[:before].strip() or not passage.text[before:].strip():
        raise AnswerbookError(
            "A passage cannot be split there.", "Choose another place, not inside words of your own.", code="split"
        )
    end = min(start + TAIL, len(cut.document.text))
    edits.add_edit(assistant_id, source_id, EditKind.SPLIT, anchor_of(cut.document.text, start, end), "", by)


def split_places(passage: Passage) -> list[tuple[int, str]]:
    """List where a passage can be split: the character of its text before which, and the first words that follow."""
    segments = [each for each in segments_of(passage) if each.start]
    kept = (each for each in segments if not document_place(passage, each.start, each.start + 1)[2])
    return [(each.start, " ".join(passage.text[each.start : each.start + TAIL].split())) for each in kept]


def join_with_next(assistant_id: str, source_id: str, of: PassageSeen, by: str) -> None:
    """Make one passage of a passage and the one behind it. Raises AnswerbookError where that is too long; NotFound."""
    if _is_done(source_id, EditKind.JOIN, of):
        return
    cut, passage = _found(assistant_id, source_id, of)
    following = _following(cut, passage)
    if following is None:
        raise AnswerbookError("There is no passage behind this one.", "Nothing was changed.", code="join")
    end = max(passage.end, following.end)
    if end - passage.start > MOST_CHARACTERS:
        raise AnswerbookError(
            f"Together they have {end - passage.start:,} characters; a passage has at most {MOST_CHARACTERS:,}.",
            "Nothing was changed.",
            code="join",
        )
    edits.add_edit(assistant_id, source_id, EditKind.JOIN, anchor_of(cut.document.text, passage.start, end), "", by)


def switch_off(assistant_id: str, source_id: str, of: PassageSeen, by: str) -> None:
    """Let a passage's words be found and quoted no more, wherever else they stand in the source by overlap.

    Raises AnswerbookError where the passage was changed meanwhile; NotFound.
    """
    if _is_done(source_id, EditKind.OFF, of):
        return
    cut, passage = _found(assistant_id, source_id, of)
    if passage.origin == "added":
        if edit := _edit_of(source_id, EditKind.ADD, passage.text):
            edits.end_edit(assistant_id, source_id, edit.id, by)
        return
    anchor = anchor_of(cut.document.text, passage.start, passage.end)
    edits.add_edit(assistant_id, source_id, EditKind.OFF, anchor, "", by)


def ask_as(assistant_id: str, source_id: str, of: PassageSeen, question: str, by: str) -> None:
    """Let a passage be found by a question in people's own words. Raises AnswerbookError; NotFound."""
    question = " ".join(
        _checked(question, "No question was typed.", "Type one as people ask it.", QUESTION_CHARACTERS).split()
    )
    cut, passage = _found(assistant_id, source_id, of)
    if passage.origin == "added":
        raise AnswerbookError(
            "This passage is your own.", "Write the question into it: it is found by its words.", code="ask"
        )
    anchor = anchor_of(cut.document.text, passage.start, passage.end)
    edits.add_edit(assistant_id, source_id, EditKind.ASK, anchor, question, by)


def add_passage(assistant_id: str, source_id: str, behind: PassageSeen | None, text: str, by: str) -> None:
    """Add a passage of the owner's own behind another one; None: at the end. Raises AnswerbookError; NotFound."""
    text = _checked(text, "The passage has no words.", "Type what it is to say.", MOST_CHARACTERS)
    if behind is None:
        cut = cut_source(assistant_id, source_id)
        end = len(cut.document.text.rstrip())
    else:
        cut, passage = _found(assistant_id, source_id, behind)
        end = passage.end
    anchor = anchor_of(cut.document.text, max(0, end - TAIL), end)
    edits.add_edit(assistant_id, source_id, EditKind.ADD, anchor, text, by)


# --- What fits no more ------------------------------------------------------------------------------------------------


def unfit_edits(cut: CutSource) -> list[UnfitEdit]:
    """List the edits that do not fit the document any more, each with what stands at its place now."""
    finder = Places(cut.document.text)
    listed = []
    for edit in cut.unfit:
        span = finder.between(edit.anchor)
        now = cut.document.text[slice(*span)] if span else ""
        place = span[0] if span else -1
        listed.append(UnfitEdit(edit, now, cut.document.page_at(place) if span else None, place))
    return listed


def keep_my_words(assistant_id: str, source_id: str, edit_id: str, by: str) -> None:
    """Put an edit that fits no more over what stands at its place now; where that is unclear, as a passage of its own.

    Raises AnswerbookError where there is nothing to keep; NotFound.
    """
    cut = cut_source(assistant_id, source_id)
    listed = next((each for each in unfit_edits(cut) if each.edit.id == edit_id), None)
    if listed is None:
        return  # decided already, as in another window
    text = cut.document.text
    if listed.place >= 0:
        anchor = anchor_of(text, listed.place, listed.place + len(listed.now))
        edits.change_edit(assistant_id, source_id, edit_id, by, anchor=anchor)
    elif listed.edit.kind is EditKind.CHANGE:
        end = len(text.rstrip())
        anchor = anchor_of(text, max(0, end - TAIL), end)
        edits.change_edit(assistant_id, source_id, edit_id, by, kind=EditKind.ADD, anchor=anchor)
    else:
        raise AnswerbookError(
            "Nothing in the document stands where this was.",
            "Take the document's, and do it once more at its new place.",
            code="no_place",
        )


# --- Inside -----------------------------------------------------------------------------------------------------------


def _checked(words: str, missing: str, remedy: str, most: int) -> str:
    """Return an owner's words. Raises AnswerbookError where there are none, or too many."""
    words = words.replace("\0", "").replace("\r\n", "\n").strip()
    if not words:
        raise AnswerbookError(missing, remedy, code="no_words")
    if len(words) > most:
        raise AnswerbookError(
            f"That is {len(words):,} characters long.", f"Use at most {most:,}; what you typed is kept.", code="long"
        )
    return words


def _found(assistant_id: str, source_id: str, of: PassageSeen) -> tuple[CutSource, Passage]:
    """Return the passage that was seen. Raises AnswerbookError where it is not as it was seen."""
    cut = cut_source(assistant_id, source_id)
    passage = next((each for each in cut.passages if (each.start, each.text) == (of.start, of.text)), None)
    if passage is None:
        raise AnswerbookError(
            "This passage was changed meanwhile, here or in another window.",
            "Look at it once more; nothing was written over it.",
            code="changed_meanwhile",
        )
    return cut, passage


def _is_done(source_id: str, kind: EditKind, of: PassageSeen) -> bool:
    """Tell whether this was done with the passage already, as by a second click."""
    return any(
        edit.kind is kind and edit.anchor.start == of.start and len(edit.anchor.exact) >= len(of.text)
        for edit in edits.edits_of(source_id)
    )


def _following(cut: CutSource, passage: Passage) -> Passage | None:
    behind = [each for each in cut.passages if each.ordinal > passage.ordinal and each.origin != "added"]
    return behind[0] if behind else None


def _edit_of(source_id: str, kind: EditKind, words: str) -> HandEdit | None:
    """Return the newest edit of a kind with these words."""
    here = [edit for edit in edits.edits_of(source_id) if edit.kind is kind and edit.words == words]
    return here[-1] if here else None
