"""Outlook mails: letters of every code page, bodies in rich text, mails and files attached."""

import struct

import pytest

from core.errors import LoadError
from core.load import LoadLimits, Sandbox, load
from core.schema import Document
from tests.core.load.outlook_maker import Folder, binary, make_msg, properties, text
from tests.core.load.test_real_files import check_contract

CLASS, SUBJECT, HEADERS, BODY, HTML, RICH, SENDER, SENDER_MAIL = 0x1A, 0x37, 0x7D, 0x1000, 0x1013, 0x1009, 0xC1A, 0xC1F
DATA, LONG_NAME, CONTENT_ID, CODE_PAGE, INTERNET_CODE_PAGE = 0x3701, 0x3707, 0x3712, 0x3FFD, 0x3FDE


def read(root: Folder, sandbox: Sandbox, limits: LoadLimits) -> Document:
    document = load(make_msg(root), "a.msg", limits=limits, sandbox=sandbox)
    check_contract(document)
    return document


def mail(head: int = 32, **numbers: int) -> Folder:
    pages = {CODE_PAGE: numbers.get("page", 0), INTERNET_CODE_PAGE: numbers.get("internet", 0)}
    return properties(head, {number: page for number, page in pages.items() if page})


def test_letters_are_those_of_the_mails_code_page(sandbox: Sandbox, limits: LoadLimits) -> None:
    page = "<html><body><p>Цена 12</p></body></html>".encode("koi8-r")
    root = mail(page=1251, internet=20866) | text(SUBJECT, "Насосы", "cp1251") | text(BODY, "Цена 12", "cp1251")
    root |= {"__recip_version1.0_#00000000": properties(8, {0xC15: 1}) | text(0x3001, "Анна", "cp1251")}
    assert read(root | binary(HTML, page), sandbox, limits).text == "Насосы\n\nTo: Анна\n\nЦена 12"


def test_a_body_in_rich_text_alone_is_read(sandbox: Sandbox, limits: LoadLimits) -> None:
    rtf = rb"{\rtf1\ansi\ansicpg1252 The fee is 12 EUR, caf\'e9.\par}"
    plain = struct.pack("<II", len(rtf) + 12, len(rtf)) + b"MELA" + bytes(4) + rtf
    document = read(mail() | text(SUBJECT, "Fee") | binary(RICH, plain), sandbox, limits)
    assert document.text == "Fee\n\nThe fee is 12 EUR, café."


def test_a_compressed_body_is_read(sandbox: Sandbox, limits: LoadLimits) -> None:
    # The example of [MS-OXRTFCP], section 3.1: "{\rtf1\ansi\ansicpg1252\pard hello world}".
    compressed = bytes.fromhex(
        "2d0000002b0000004c5a4675f1c5c7a703000a007263706731323542320af32068656c090020627705b06c647d0a800fa0"
    )
    document = read(mail() | text(SUBJECT, "Fee") | binary(RICH, compressed), sandbox, limits)
    assert document.text == "Fee\n\nhello world"


def test_senders_are_read_as_they_are_written(sandbox: Sandbox, limits: LoadLimits) -> None:
    root = mail() | text(SUBJECT, "Fee") | text(BODY, "words")
    headers = text(HEADERS, "From: =?utf-8?q?J=C3=B6rg?= <j@b.example>\r\nCc: c@d.example\r\n\r\n")
    assert "From: Jörg <j@b.example>\nCc: c@d.example" in read(root | headers, sandbox, limits).text
    inside = text(SENDER, "Jörg") | text(SENDER_MAIL, "/O=ORG/OU=EXCHANGE/CN=RECIPIENTS/CN=J")
    assert "From: Jörg\n\nwords" in read(root | inside, sandbox, limits).text


def test_attached_mails_are_read_and_attached_files_handed_over(sandbox: Sandbox, limits: LoadLimits) -> None:
    file = properties(8, {}) | binary(DATA, b"a,b") | text(LONG_NAME, "list.csv")
    picture = properties(8, {}) | binary(DATA, b"\x89PNG") | text(LONG_NAME, "logo.png") | text(CONTENT_ID, "logo")
    inner = mail(24) | text(SUBJECT, "Within") | text(BODY, "inner words") | {"__attach_version1.0_#00000000": file}
    attached = properties(8, {}) | {"__substg1.0_3701000D": inner}
    page = b'<html><body><p>outer words</p><img src="cid:logo"></body></html>'
    root = mail() | text(SUBJECT, "Outer") | binary(HTML, page)
    root |= {"__attach_version1.0_#00000000": picture, "__attach_version1.0_#00000001": attached}
    document = read(root, sandbox, limits)
    assert document.text == "Outer\n\nouter words\n\nWithin\n\ninner words"
    assert document.attachments == (("list.csv", b"a,b"),)
    assert document.warnings == ()


def test_a_signed_mail_is_read_and_an_encrypted_one_refused(sandbox: Sandbox, limits: LoadLimits) -> None:
    signed = (
        b"MIME-Version: 1.0\r\nContent-Type: multipart/signed; boundary=B\r\n\r\n--B\r\n\r\nopen words\r\n--B--\r\n"
    )
    root = mail() | text(CLASS, "IPM.Note.SMIME.MultipartSigned") | text(SUBJECT, "Fee")
    attached = {"__attach_version1.0_#00000000": properties(8, {}) | binary(DATA, signed)}
    assert read(root | attached, sandbox, limits).text == "Fee\n\nopen words"
    attached = {"__attach_version1.0_#00000000": properties(8, {}) | binary(DATA, b"\x30\x03\x02\x01\x00")}
    with pytest.raises(LoadError) as caught:
        load(make_msg(root | attached), "a.msg", limits=limits, sandbox=sandbox)
    assert caught.value.code == "encrypted"
