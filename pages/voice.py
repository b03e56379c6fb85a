"""Voice: how the assistant speaks, tried out on the draft before any visitor hears it."""

from collections.abc import Mapping

import streamlit as st

from core.answer import CLOSENESS, LANGUAGES, LENGTHS, TONES, Choice
from core.assistants import voices
from core.assistants.assistants import NAME_LENGTH
from core.assistants.provider_settings import provider
from core.errors import AnswerbookError
from core.schema import Voice
from pages.parts import state
from pages.parts.drafts import begin_draft, current_draft, follow_saved, keep_draft, set_draft
from pages.parts.screen import chosen_assistant, confirm, show_error
from pages.parts.try_voice import try_it
from pages.parts.voice_words import in_short, language_name
from pages.parts.words import ago, plain

VERSIONS = 20

assistant = chosen_assistant()
saved = voices.voice(assistant.id)
versions = voices.voice_versions(assistant.id)
begin_draft(assistant.id, saved)


def key(field: str) -> str:
    """The key of a field's widget."""
    return state.voice_field(assistant.id, field).key


def draw_choice(label: str, field: str, choices: Mapping[str, Choice]) -> None:
    """A few choices side by side, with a sample of what the chosen one sounds like."""
    picked = st.segmented_control(
        label, list(choices), required=True, format_func=lambda name: choices[name].label, key=key(field), wrap=True
    )
    choice = choices[picked or next(iter(choices))]
    st.markdown(f":small[:gray[{plain(choice.description)}]]  \n:small[“{plain(choice.sample)}”]")


def draw_character() -> None:
    """Name, tone, length and language; tone and length with a sample of what they sound like."""
    st.text_input(
        "Name",
        max_chars=NAME_LENGTH,
        key=key("name"),
        help="What the assistant calls itself in its answers. The name on Home is another one.",
    )
    draw_choice("Tone", "tone", TONES)
    draw_choice("Length", "length", LENGTHS)
    st.selectbox("Language", ["visitor", *LANGUAGES], format_func=language_name, key=key("language"))


def draw_closeness() -> None:
    """How closely it sticks to the owner's text."""
    st.radio(
        "How closely it sticks to your text",
        list(CLOSENESS),
        format_func=lambda name: CLOSENESS[name].label,
        captions=[choice.description for choice in CLOSENESS.values()],
        key=key("closeness"),
        help="In technical words: how far the model is bound to the passages that were found (its grounding).",
    )


def draw_sentences() -> None:
    """The sentences that are always the same, and rules of the owner's own."""
    usual = Voice()
    st.text_input("Greeting", max_chars=300, key=key("greeting"), placeholder=usual.greeting)
    st.text_input(
        "When it does not know",
        max_chars=300,
        key=key("unknown"),
        placeholder=usual.unknown,
        help="Said word for word when your sources do not hold the answer.",
    )
    st.text_area(
        "Your own rules",
        max_chars=4000,
        key=key("rules"),
        placeholder="For example: Call customers by “you”. For anything about invoices, name our phone number.",
    )


def save() -> None:
    """Make the draft the live voice; what another window saved meanwhile and this one did not change stays."""
    try:
        live = voices.voice(assistant.id)
        meanwhile = follow_saved(assistant.id, live)
        draft = current_draft(assistant.id)
        if draft == live:
            st.toast("This voice is live already.", icon=":material/check:")
            return
        voices.save_voice(assistant.id, draft)
    except AnswerbookError as error:
        state.voice_error.set(error)
        return
    set_draft(assistant.id, draft)
    state.voice_base(assistant.id).set(draft)
    other = " What was saved in another window meanwhile is under “Earlier voices”." if meanwhile else ""
    st.toast(f"Saved. The next answer speaks like this.{other}", icon=":material/check_circle:")


def bring_back(voice: Voice) -> None:
    """Make an earlier voice the live one again."""
    voices.save_voice(assistant.id, voice)
    state.voice_to_show.set(voice)


def draw_save_bar(draft: Voice) -> None:
    """Whether the draft is saved, and the page's main action; always in sight."""
    changed = draft != saved
    with st.bottom, st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        if changed:
            st.caption(":orange[:material/edit:] Not saved yet. Visitors hear the saved voice.", width="content")
        else:
            st.caption(f":green[:material/check_circle:] Saved {ago(versions[0].saved_at)}", width="content")
        with st.container(horizontal=True, width="content"):
            if changed:
                st.button("Discard", key="discard_voice", on_click=set_draft, args=(assistant.id, saved))
            # Never disabled: a click that comes straight from a text field would be lost on a disabled button.
            st.button("Save voice", type="primary" if changed else "secondary", key="save_voice", on_click=save)


def draw_versions() -> None:
    """Every voice this assistant had, each one click away."""
    with st.expander(f"Earlier voices ({len(versions) - 1})", icon=":material/history:", key="voice_versions"):
        for version in versions[1 : VERSIONS + 1]:
            with st.container(horizontal=True, vertical_alignment="center"):
                short = f":small[:gray[{plain(in_short(version.voice))}]]"
                st.markdown(f"**Voice {version.number}** · {ago(version.saved_at)}  \n{short}", width="stretch")
                same = version.voice == saved
                if st.button("Restore", key=f"restore_voice_{version.id}", icon=":material/undo:", disabled=same):
                    state.voice_to_restore.set(version)
                    st.rerun()
        if len(versions) > VERSIONS + 1:
            st.caption(f"and {len(versions) - VERSIONS - 1} older ones")


if shown := state.voice_to_show.take():
    set_draft(assistant.id, shown)

st.title("Voice", anchor=False)
st.write(f"How **{plain(assistant.name)}** speaks. Change something, try it, and save it when it sounds right.")
if error := state.voice_error.take():
    show_error(error)
if wanted := state.voice_to_restore.take():
    earlier, number = wanted.voice, wanted.number
    sentence = f"It speaks like voice {number} from then on: {in_short(earlier)}. What is live now stays in the list."
    if current_draft(assistant.id) != saved:
        sentence += " What you changed on this page and did not save is given up."
    confirm(f"Restore voice {number}?", sentence, "Restore", lambda: bring_back(earlier))

settings_side, try_side = st.columns([5, 4], gap="medium")
with settings_side:
    draw_character()
    draw_closeness()
    draw_sentences()
    draft = current_draft(assistant.id)
    keep_draft(assistant.id, draft, saved)
    prompt = st.expander("Show the full prompt", icon=":material/code:", key=state.full_prompt.key, on_change="rerun")
    if prompt.open:
        from core.pipeline import full_prompt

        prompt.caption("This is what the model is told before each question, word for word.")
        prompt.code(full_prompt(draft), language=None, wrap_lines=True)
    if len(versions) > 1:
        draw_versions()
with try_side, st.container(border=True):
    try:
        quotes_only = provider() is None
    except AnswerbookError as error:
        quotes_only = False
        show_error(error)
    try_it(assistant)
    if quotes_only:
        st.caption(
            ":material/format_quote: Without a model, answers are quotes: tone and length take effect once a model is "
            "connected."
        )
draw_save_bar(draft)
