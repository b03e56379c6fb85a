"""On a narrow screen the menu lies over the page: it closes by itself once a page or an assistant is chosen in it."""

import streamlit as st

# Streamlit closes it only for a link on what calls itself a phone: not for the picker, not in a narrow window. It also
# remembers an opened menu beyond the visit, and would open it over the next page; that memory is let go of.
_JS = """
const NARROW = 768;

export default function ({ data }) {
  const before = document.body.dataset.place;
  document.body.dataset.place = data.place;
  if (before === undefined || before === data.place || window.innerWidth > NARROW) return;
  document.querySelector('[data-testid="stSidebarCollapseButton"] button')?.click();
  setTimeout(() => {
    for (const name of Object.keys(localStorage)) {
      if (name.startsWith("stSidebarCollapsed-")) localStorage.removeItem(name);
    }
  });
}
"""

_MENU_CLOSER = st.components.v2.component("answerbook_menu_closer", js=_JS)


def close_menu_after_choice(page: str, assistant_id: str | None) -> None:
    """Close the menu on a narrow screen when the page or the assistant is another one than before."""
    _MENU_CLOSER(key="menu_closer", data={"place": f"{page}/{assistant_id or ''}"}, height=1)
