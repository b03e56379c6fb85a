"""Who may sign in, from which browser and as what; on SQLite and on Postgres."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from core.database import session
from core.database.people_tables import Invitation, PersonRow, SignInSession, SignInTry
from core.errors import AnswerbookError, NotFound
from core.people import (
    Person,
    Role,
    accept_invitation,
    begin_try,
    change_password,
    create_owner,
    deactivate,
    forgive_try,
    has_owner,
    invite,
    invite_to_new_password,
    lines,
    people,
    person_of,
    set_role,
    sign_in,
    sign_out,
    sign_out_everywhere,
    standing,
)

pytestmark = pytest.mark.usefixtures("database")
PASSWORD = "correct horse battery"


def owner() -> Person:
    return create_owner("Owner@Example.com ", "The owner", PASSWORD)


def joined(by: Person, role: Role, email: str = "new@example.com") -> Person:
    return accept_invitation(invite(by, role), email, "New", PASSWORD)


def refusal(*arguments: str) -> AnswerbookError:
    with pytest.raises(AnswerbookError) as refused:
        sign_in(*arguments)
    return refused.value


def test_an_owner_signs_in_and_out() -> None:
    assert not has_owner()
    assert standing("").owner is False
    made = owner()
    token = sign_in("OWNER@example.com", PASSWORD, "192.0.2.1")
    assert person_of(token) == made
    assert standing("").owner is True
    sign_out(token)
    assert person_of(token) is None
    assert [line.deed for line in lines()] == ["signed_out", "signed_in", "owner_created"]


def test_neither_password_nor_cookie_nor_link_is_kept() -> None:
    made = owner()
    token, code = sign_in("owner@example.com", PASSWORD, "a"), invite(made, Role.TESTER)
    with session() as db:
        kept = [row.model_dump_json() for table in (PersonRow, SignInSession, Invitation) for row in db.query(table)]
    assert len(kept) == 3
    assert not [row for row in kept if PASSWORD in row or token in row or code in row]


def test_of_two_who_become_the_owner_at_once_one_does() -> None:
    def become(number: int) -> str:
        try:
            return create_owner(f"owner{number}@example.com", "", PASSWORD).email
        except AnswerbookError:
            return ""

    with ThreadPoolExecutor(4) as pool:
        made = list(filter(None, pool.map(become, range(4))))
    assert len(made) == 1
    assert [person.email for person in people()] == made


@pytest.mark.parametrize("weak", ["short", "aaaaaaaaaaaa", "owner@example.com", "x" * 201])
def test_a_password_that_is_guessed_at_once_is_not_taken(weak: str) -> None:
    with pytest.raises(AnswerbookError) as refused:
        create_owner("owner@example.com", "", weak)
    assert refused.value.code == "weak_password"
    assert not has_owner()


def test_ten_wrong_tries_lock_the_account_for_everyone_and_say_for_how_long() -> None:
    owner()
    codes = [refusal("owner@example.com", "wrong", f"192.0.2.{n}") for n in range(10)]
    assert [error.code for error in codes] == ["wrong_password"] * 9 + ["locked"]
    assert "1 more wrong try" in codes[8].remedy
    locked = refusal("owner@example.com", PASSWORD, "198.51.100.1")
    assert (locked.code, "in 15 minutes" in locked.remedy) == ("locked", True)


def test_ten_wrong_tries_lock_the_address_and_only_that() -> None:
    made = owner()
    joined(made, Role.TESTER)
    for n in range(10):
        refusal(f"nobody{n}@example.com", "wrong", "192.0.2.1")
    assert refusal("owner@example.com", PASSWORD, "192.0.2.1").code == "locked"
    assert sign_in("owner@example.com", PASSWORD, "192.0.2.2")


def test_right_tries_lock_nobody() -> None:
    owner()
    for _ in range(12):
        refusal("owner@example.com", "wrong", "192.0.2.1") if _ % 3 == 0 else None
        sign_in("owner@example.com", PASSWORD, "192.0.2.1")


def test_a_right_try_whose_rows_are_gone_gives_nobody_more_tries() -> None:
    """Another process may have forgotten them, or the try was judged for longer than they are kept."""
    for forgotten in (False, True):
        begin_try("owner@example.com", "192.0.2.1")
        with session() as db:
            for row in db.query(SignInTry) if forgotten else ():
                db.delete(row)
        for _ in range(3):  # also where it is said more than once
            forgive_try("owner@example.com", "192.0.2.1")
        with session() as db:
            assert db.query(SignInTry).all() == []
    lefts = [begin_try(f"nobody{n}@example.com", "192.0.2.1") for n in range(10)]
    assert lefts == list(range(9, -1, -1))


def test_many_tries_at_once_are_counted_each() -> None:
    owner()
    with ThreadPoolExecutor(8) as pool:
        codes = list(pool.map(lambda n: refusal("owner@example.com", "wrong", f"192.0.2.{n}").code, range(16)))
    assert codes.count("wrong_password") == 9


def test_a_lock_ends_by_itself() -> None:
    owner()
    for n in range(10):
        refusal("owner@example.com", "wrong", f"192.0.2.{n}")
    with session() as db:
        for row in db.query(SignInTry):
            row.last_at -= timedelta(minutes=16)
            row.locked_until = row.locked_until and row.locked_until - timedelta(minutes=16)
    assert sign_in("owner@example.com", PASSWORD, "192.0.2.1")


def test_an_invitation_makes_one_person_once() -> None:
    made = owner()
    code = invite(made, Role.EDITOR, "ed@example.com")
    person = accept_invitation(code, "other@example.com", "Ed", PASSWORD)
    assert (person.email, person.role) == ("ed@example.com", Role.EDITOR)
    with pytest.raises(NotFound):
        accept_invitation(code, "", "Again", PASSWORD)
    late = invite(made, Role.OWNER)
    with session() as db:
        for row in db.query(Invitation):
            row.expires_at -= timedelta(days=8)
    with pytest.raises(NotFound):
        accept_invitation(late, "late@example.com", "Late", PASSWORD)


@pytest.mark.parametrize("role", [Role.EDITOR, Role.TESTER, Role.VIEWER])
def test_only_an_owner_changes_people(role: Role) -> None:
    made = owner()
    other = joined(made, role)
    for act in (
        lambda: set_role(other, other.id, Role.OWNER),
        lambda: deactivate(other, made.id),
        lambda: invite(other, Role.OWNER),
        lambda: invite_to_new_password(other, made.id),
    ):
        with pytest.raises(AnswerbookError) as refused:
            act()
        assert refused.value.code == "role"


def test_a_role_and_its_end_are_there_at_the_next_look() -> None:
    made = owner()
    other = joined(made, Role.OWNER)
    token = sign_in(other.email, PASSWORD, "a")
    set_role(made, other.id, Role.VIEWER)
    seen = person_of(token)
    assert seen is not None
    assert seen.role == Role.VIEWER
    with pytest.raises(AnswerbookError):
        set_role(other, made.id, Role.VIEWER)  # what it was when it came in does not count
    deactivate(made, other.id)
    assert person_of(token) is None
    assert refusal(other.email, PASSWORD, "a").code == "wrong_password"


def test_the_last_owner_stays() -> None:
    made = owner()
    for act in (lambda: set_role(made, made.id, Role.EDITOR), lambda: deactivate(made, made.id)):
        with pytest.raises(AnswerbookError) as refused:
            act()
        assert refused.value.code == "last_owner"


def test_a_new_password_ends_all_other_sessions() -> None:
    made = owner()
    here, there = (sign_in(made.email, PASSWORD, "a") for _ in range(2))
    with pytest.raises(AnswerbookError):
        change_password(made, "wrong", "another long password")
    change_password(made, PASSWORD, "another long password", standing(here).session_id)
    assert (person_of(here), person_of(there)) == (made, None)
    assert refusal(made.email, PASSWORD, "a").code == "wrong_password"
    sign_out_everywhere(made)
    assert person_of(here) is None


def test_a_link_gives_a_new_password_and_ends_what_was_open() -> None:
    made = owner()
    token = sign_in(made.email, PASSWORD, "a")
    accept_invitation(invite_to_new_password(made, made.id), "", "", "another long password")
    assert person_of(token) is None
    assert sign_in(made.email, "another long password", "a")


@pytest.mark.parametrize(("created", "seen", "lives"), [(29, 6, True), (31, 0, False), (8, 8, False)])
def test_a_session_ends_by_its_age(created: int, seen: int, lives: bool) -> None:
    token = sign_in(owner().email, PASSWORD, "a")
    with session() as db:
        for row in db.query(SignInSession):
            row.created_at -= timedelta(days=created)
            row.seen_at -= timedelta(days=seen)
    assert (person_of(token) is not None) == lives
