"""What an owner chooses for the public address is checked, kept, and off until switched on; on both databases."""

import pytest

from core.assistants import lifecycle
from core.errors import AnswerbookError, NotFound
from core.publish import Handover, Look, publication, published, save_publication
from core.publish.colours import DARK_PAPER, LIGHT_PAPER, READABLE, contrast, shades


@pytest.mark.usefixtures("database")
def test_it_is_off_until_switched_on_and_gone_with_its_assistant() -> None:
    made = lifecycle.create_assistant("Über Hilfe!")
    assert (publication(made).state, publication(made).name) == ("off", "uber-hilfe")
    save_publication(made, notice="I am a machine.")
    with pytest.raises(NotFound):
        published("uber-hilfe")
    save_publication(made, state="link")
    assert published("uber-hilfe").notice == "I am a machine."
    lifecycle.delete_assistant(made)
    with pytest.raises(NotFound):
        published("uber-hilfe")
    lifecycle.restore_assistant(made)
    lifecycle.erase_assistant(made)
    with pytest.raises(NotFound):
        publication(made)


@pytest.mark.usefixtures("database")
def test_two_of_a_name_have_two_addresses_and_one_cannot_take_the_others() -> None:
    first, second = lifecycle.create_assistant("Help"), lifecycle.create_assistant("Help")
    save_publication(first, state="link")
    assert save_publication(second, state="link").name == "help-2"
    with pytest.raises(AnswerbookError, match="taken by another"):
        save_publication(second, name="help", notice="Changed.")
    assert (publication(second).name, publication(second).notice) == ("help-2", "")


@pytest.mark.usefixtures("data_folder")
def test_sites_are_kept_as_browsers_name_them_and_nothing_else_is_taken() -> None:
    made = lifecycle.create_assistant("Help")
    typed = ["shop.example/page?x", "HTTPS://Shop.example", "http://localhost:3000", "https://bücher.example", " "]
    kept = ("https://shop.example", "http://localhost:3000", "https://xn--bcher-kva.example")
    assert save_publication(made, origins=typed).origins == kept
    for wrong in ("*", "javascript:alert(1)", "ftp://a.example", "a b", "u@a.example", "a;b"):
        with pytest.raises(AnswerbookError, match="not the address of a site"):
            save_publication(made, origins=[wrong])
    assert publication(made).origins == kept


@pytest.mark.usefixtures("data_folder")
@pytest.mark.parametrize(
    "wrong",
    [
        {"name": "Has Blanks"},
        {"name": "../up"},
        {"name": "-"},
        {"look": Look(colour="red;}")},
        {"look": Look(title="x" * 81)},
        {"handover": Handover(mail='a@b.de" onclick="x')},
        {"handover": Handover(mail="a@b.de?bcc=c@d.de")},
        {"handover": Handover(phone="call me")},
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(wrong: dict[str, object]) -> None:
    made = lifecycle.create_assistant("Help")
    with pytest.raises(AnswerbookError) as refused:
        save_publication(made, **wrong)
    assert refused.value.what.endswith(".")
    assert refused.value.remedy.endswith(".")


@pytest.mark.parametrize("colour", ["#000000", "#ffffff", "#ffee00", "#1c6b58", "#777777", "#ff0000", "#0000ff"])
def test_every_colour_can_be_read(colour: str) -> None:
    made = shades(colour)
    assert contrast(made["on-colour"], colour) >= READABLE
    assert contrast(made["accent-light"], LIGHT_PAPER) >= READABLE
    assert contrast(made["accent-dark"], DARK_PAPER) >= READABLE
