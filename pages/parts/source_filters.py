"""Which sources the Knowledge page shows: by name, folder, tag, kind and how they are, and in which order."""

import streamlit as st

from core.assistants import source_filter, source_folders
from core.assistants.source_filter import How, SourceFilter
from pages.parts import source_state, state
from pages.parts.words import KIND_NAMES, kind_name

SORTS = {
    "Newest first": "newest",
    "Oldest first": "oldest",
    "Name": "name",
    "Size": "size",
    "Problems first": "problems",
}
HOW: dict[str, How] = {
    "Answers": "answers",
    "Kept back": "rests",
    "Preferred": "preferred",
    "Not changed for a year": "old",
    "Could not be read": "problems",
    "Being read": "reading",
}
FIELDS = ("folder", "tag", "kind", "how")


def draw_filters(assistant_id: str) -> None:
    """The box for names, the order, and behind a button what else sources can be told apart by."""
    narrowed = sum(bool(source_state.source_narrowed(assistant_id, field).get()) for field in FIELDS)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.text_input("Find a source", key=state.source_filter.key, icon=":material/search:", live=True)
        st.selectbox("Sort by", list(SORTS), key=state.source_sort.key, width=180)
        label, icon = f"Filter ({narrowed})" if narrowed else "Filter", ":material/filter_list:"
        box = st.popover(label, icon=icon, key="filter_sources", on_change="rerun")
        if box.open:  # what there is to choose from is asked for only then
            with box:
                _draw_fields(assistant_id)
                if narrowed:
                    st.button("Show all", key="show_all_sources", on_click=_forget, args=(assistant_id,))


def _draw_fields(assistant_id: str) -> None:
    folders, tags = source_folders.folders(assistant_id), source_folders.tags(assistant_id)
    kinds = list(dict.fromkeys(kind_name(kind) for kind in source_filter.kinds(assistant_id)))
    _choice(assistant_id, "Folder", "folder", list(folders), {each: f"{each} ({n:,})" for each, n in folders.items()})
    _choice(assistant_id, "Tag", "tag", list(tags), {each: f"{each} ({n:,})" for each, n in tags.items()})
    _choice(assistant_id, "Kind", "kind", kinds, {})
    _choice(assistant_id, "How it is", "how", list(HOW), {})


def _choice(assistant_id: str, label: str, field: str, options: list[str], shown: dict[str, str]) -> None:
    st.selectbox(
        label,
        options,
        index=None,
        format_func=lambda each: shown.get(each, each),
        placeholder="All" if options else "There is none yet",
        disabled=not options,
        key=source_state.source_narrowed(assistant_id, field).key,
        persist_state="session",
    )


def _forget(assistant_id: str) -> None:
    for field in FIELDS:
        source_state.source_narrowed(assistant_id, field).forget()


def chosen_filter(assistant_id: str) -> SourceFilter:
    """Return what the boxes stand on."""
    folder, tag, kind, how = (source_state.source_narrowed(assistant_id, field).get() or "" for field in FIELDS)
    kinds = tuple(each for each in {**KIND_NAMES, kind.lower(): kind} if kind and kind_name(each) == kind)
    return SourceFilter(state.source_filter.get() or "", folder, tag, kinds, HOW.get(how, ""))


def chosen_sort() -> str:
    """Return the order that was chosen."""
    return SORTS.get(state.source_sort.get() or "", "newest")
