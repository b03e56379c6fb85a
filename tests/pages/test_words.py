"""Words on the pages: quotes letter for letter, written answers as Markdown without what is Streamlit's own."""

import pytest

from core.assistants import conversations, lifecycle, sources
from core.index import Cost
from core.markdown import quote_and_number
from core.schema import Citation
from pages.parts.words import answer_markdown, cost_words, duration, plain, spoken
from tests.core.work import work_off
from tests.pages.kit import opened, run

WORDS = (
    "The star fee costs $12, A_B*C, (#4) [1] 1. item ~x~ `code` <b> & &amp; $a$ ![i](http://fee.example/i.png) :smile:"
)


@pytest.mark.parametrize("page", ["chat", "voice"])
@pytest.mark.usefixtures("data_folder")
def test_a_quote_is_drawn_once_escaped_and_kept_as_it_is(page: str) -> None:
    assistant_id = lifecycle.create_assistant("Help")
    sources.add_files(assistant_id, [("fees.txt", WORDS.encode())])
    work_off()
    at = opened(page, assistant_id)
    if page == "chat":
        at.chat_input[0].set_value("What is the star fee?")
    else:
        at.text_input(key="try_question").set_value("What is the star fee?")
        at.button(key="try_ask").click()
    run(at)
    shown = plain(f"“{WORDS}”").replace(r" \$12", r"&#32;**\$12**", 1)  # the words that answer are set off
    assert f"{shown} :green-badge[1]" in [element.value for element in at.markdown]
    if page == "chat":
        (row,) = conversations.conversations(assistant_id, "A_B*C")
        assert conversations.messages(row.id)[1].text == f"“{WORDS}” [1]"


def test_only_the_marker_behind_a_quote_is_a_badge() -> None:
    text = "“As said in [1] and” [7] before” [1]\n\n“[2]” [2]"
    assert answer_markdown(text, "quotes") == (
        r"“As said in \[1\] and” \[7\] before” :green-badge[1]" + "\n\n" + r"“\[2\]” :green-badge[2]"
    )
    assert quote_and_number("“[2]” [2]") == ("“[2]”", "2")


def cited(*spans: tuple[int, int]) -> Citation:
    return Citation(1, "s", "v", "prices.csv", None, 0, 9, "Zone 1,$5", 0, 9, spans=spans)


def test_the_words_that_answer_are_bold_in_a_quote_and_every_word_stays_itself() -> None:
    text = "“Zone: 1 · up to 5 kg: $4.90 · to 9 kg: *8*” [1]"
    spans = [(text.index(cell), text.index(cell) + len(cell)) for cell in ("$4.90", "*8*")]
    shown = answer_markdown(text, "quotes", [cited(*spans)])
    assert "**\\$4.90**" in shown
    assert "**\\*8\\***” :green-badge[1]" in shown
    bare = shown.replace("**\\$4.90**", "\\$4.90").replace("**\\*8\\***", "\\*8\\*").replace("&#32;", " ")
    assert bare == answer_markdown(text, "quotes")
    assert answer_markdown(text, "quotes", [cited()]) == answer_markdown(text, "quotes")


@pytest.mark.parametrize("span", [(2, 4), (4, 6), (5, 5), (90, 99)])
def test_what_markdown_would_not_take_for_bold_stays_plain(span: tuple[int, int]) -> None:
    text = "“a$b c$” [1]"
    assert answer_markdown(text, "quotes", [cited(span)]) == answer_markdown(text, "quotes")


def test_the_owners_own_sentence_is_no_markdown() -> None:
    assert answer_markdown("I do *not* know [1].", "unknown") == r"I do \*not\* know \[1\]."


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("It costs **$5** [1].", r"It costs **\$5** :green-badge[1]."),
        (":smile: at 10:30", r"\::small[]smile: at 10\::small[]30"),
        ("`a:b $c$ [1]` :red[x]", r"`a:b $c$ [1]` \::small[]red[x]"),
        ("```\nx:y [1]\n```\n~y~ [1]", "```\nx:y [1]\n```\n\\~y\\~ :green-badge[1]"),
        ("| a |\n|:-:|\n| 1 |", "| a |\n|:-:|\n| 1 |"),
        (
            "[f](https://ok.example:80/a:b~c) https://ok.example/~a$b",
            "[f](https://ok.example:80/a:b~c) https://ok.example/~a$b",
        ),
        ("a ` b [1] and :x", r"a ` b :green-badge[1] and \::small[]x"),
    ],
)
def test_a_written_answer_keeps_its_markdown_and_has_no_signs_of_streamlits_own(written: str, shown: str) -> None:
    assert answer_markdown(written, "written") == shown


@pytest.mark.usefixtures("data_folder")
def test_a_screen_reader_says_which_source_is_chosen_by_its_name_alone() -> None:
    assistant_id = lifecycle.create_assistant("Help")
    sources.add_files(assistant_id, [("price-list_(2026).txt", WORDS.encode())])
    work_off()
    at = opened("knowledge", assistant_id)
    assert [box.label for box in at.checkbox] == ["Choose price-list (2026).txt"]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("terms & fees #1.pdf", "terms & fees #1.pdf"),
        ("www.evil.example.txt", "www\u2060.evil.example.txt"),
        ("http://evil.example", "http:\u2060//evil.example"),
        ("a@b.example.txt", "a@\u2060b.example.txt"),
        ("![i](x.png) <b>.txt", "!(i)(x.png) ‹b›.txt"),
        ("*a* _b_ `c` $d$ ~e~", " a   b   c   d   e "),
        (":smile: :material/home:", ":\u2060smile: :\u2060material/home:"),
    ],
)
def test_a_name_in_a_hidden_label_has_no_backslash_and_does_not_come_alive(name: str, said: str) -> None:
    assert spoken(name) == said


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (None, ""),
        (0.0, "less than a minute"),
        (61.0, "about 2 minutes"),
        (60.0, "about 1 minute"),
        (5_399.0, "about 90 minutes"),
        (5_401.0, "about 2 hours"),
    ],
)
def test_an_estimate_of_time_is_said_on_the_safe_side(seconds: float | None, said: str) -> None:
    assert duration(seconds) == said


@pytest.mark.parametrize(
    ("cost", "said"),
    [
        (
            Cost(7, 200, "", seconds=1.0),
            "7 passages are prepared on this machine; it costs nothing and takes less than a minute.",
        ),
        (
            Cost(2, 400, "m at 127.0.0.1", True),
            "2 passages go to m at 127.0.0.1, on your own machine; it costs nothing but time.",
        ),
        (
            Cost(2, 400, "m at 127.0.0.1", True, seconds=130.0),
            "2 passages go to m at 127.0.0.1, on your own machine; it costs nothing and takes about 3 minutes.",
        ),
        (
            Cost(9_000, 2_100_400, "m at api.example.com", False, 0.27, 200.0),
            "9,000 passages, about 2,100,000 tokens of text, go to m at api.example.com. About $0.30, at its prices of "
            "November 2026. It takes about 4 minutes.",
        ),
        (
            Cost(2, 400, "m at api.example.com"),
            "2 passages, about 400 tokens of text, go to m at api.example.com. Its price list says what that costs; "
            "prices are per million tokens.",
        ),
    ],
)
def test_a_change_of_search_says_its_cost_and_its_time(cost: Cost, said: str) -> None:
    assert cost_words(cost) == said
