"""A really damaged database in front of a person: a sentence, one click, and answers again."""

import os
import re
import sqlite3
from contextlib import closing
from pathlib import Path

from playwright.sync_api import Page, expect

from core.database import copy_database
from tests.e2e.server import Server
from tests.e2e.steps import ask, no_sideways_scroll, open_page, settled, try_sample, visit


def test_a_damaged_database_is_mended_with_one_click(page: Page, server: Server, screens: Path) -> None:
    try_sample(page, server)
    server.stop()
    database = server.data / "answerbook.db"
    (copy,) = (server.data / "backups").glob("*.db")
    copy_database(database, copy)  # as an hour later; the server made its own before there was anything
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    os.truncate(database, database.stat().st_size * 2 // 3)
    server.start()
    visit(page, server)
    expect(page.get_by_role("heading", name="The database cannot be used")).to_be_visible()
    expect(page.get_by_text("The database is damaged and cannot be read.")).to_be_visible()
    no_sideways_scroll(page)
    page.screenshot(path=screens / "damaged.png")
    page.emulate_media(color_scheme="dark")
    page.set_viewport_size({"width": 360, "height": 800})
    page.wait_for_timeout(500)
    no_sideways_scroll(page)
    page.screenshot(path=screens / "damaged-dark-phone.png")
    page.set_viewport_size({"width": 1280, "height": 900})
    page.emulate_media(color_scheme="light")
    page.get_by_role("button", name="Bring back").dblclick()
    settled(page)
    expect(page.get_by_role("heading", name="The database cannot be used")).to_have_count(0)
    open_page(page, "Chat")
    answer = ask(page, "By when must I report a damaged parcel?")
    expect(answer.get_by_role("button", name=re.compile("1 · "))).to_be_visible()
    assert len(list(server.data.glob("answerbook.damaged-*.db"))) == 1
    open_page(page, "Settings")
    copies = page.get_by_role("heading", name="Copies of the database")
    copies.scroll_into_view_if_needed()
    page.screenshot(path=screens / "copies.png")
    page.set_viewport_size({"width": 360, "height": 800})
    page.emulate_media(color_scheme="dark")
    copies.scroll_into_view_if_needed()
    page.wait_for_timeout(500)
    no_sideways_scroll(page)
    page.screenshot(path=screens / "copies-dark-phone.png")
    page.set_viewport_size({"width": 1280, "height": 900})
    page.emulate_media(color_scheme="light")
    page.get_by_role("button", name="Bring back").click()
    expect(page.get_by_role("dialog")).to_contain_text("The database of now becomes a copy first")
    page.screenshot(path=screens / "copies-ask.png")
