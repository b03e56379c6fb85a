"""Mails as programs really write them: every word of the message is read, every attached file handed over."""

import base64
import email.message
import struct
from pathlib import Path

import pytest

from core.errors import LoadError
from core.load import LoadLimits, Sandbox, load
from core.schema import Document
from tests.core.load.test_real_files import check_contract

CASES = Path(__file__).parent / "cases"
HEAD = b"From: a@b.example\nTo: c@d.example\nSubject: Pumps\nMIME-Version: 1.0\n"


def read(data: bytes, name: str, sandbox: Sandbox, limits: LoadLimits) -> Document:
    document = load(data, name, limits=limits, sandbox=sandbox)
    check_contract(document)
    return document


def body(document: Document) -> list[str]:
    """Return the paragraphs behind the mail's head."""
    return [document.text[block.start : block.end] for block in document.blocks][2:]


def multipart(kind: str, *parts: bytes, boundary: bytes = b"BB") -> bytes:
    inner = b"".join(b"--" + boundary + b"\n" + part + b"\n" for part in parts)
    return (
        b"Content-Type: multipart/"
        + kind.encode()
        + b"; boundary="
        + boundary
        + b"\n\n"
        + inner
        + b"--"
        + boundary
        + b"--\n"
    )


def test_a_mail_hands_over_its_attached_files(sandbox: Sandbox, limits: LoadLimits) -> None:
    document = read((CASES / "e01_mail_with_attachments.eml").read_bytes(), "e01.eml", sandbox, limits)
    names = [attachment.name for attachment in document.attachments]
    assert names[:2] == ["pumps.txt", "Datenblatt.pdf"]
    assert document.attachments[0].data == b"Pump list: P30 costs 240 EUR."
    assert document.attachments[1].data.startswith(b"%PDF-")
    assert "der Preis beträgt 4.800 EUR." in document.text
    assert document.title == "Angebot für die Münzfeld-Anlage"
    assert "Attachments were not read" not in " ".join(warning.what for warning in document.warnings)


def test_every_mail_of_a_folder_is_read_on_a_page_of_its_own(sandbox: Sandbox, limits: LoadLimits) -> None:
    document = read((CASES / "e02_two_mails.mbox").read_bytes(), "mails.mbox", sandbox, limits)
    assert (document.kind, document.page_word, document.page_names) == ("mbox", "mail", ("First", "Second"))
    assert [document.page_at(document.text.index(day)) for day in ("Monday", "Friday")] == [1, 2]
    assert document.warnings == ()


def test_a_sentence_that_begins_with_from_does_not_part_mails(sandbox: Sandbox, limits: LoadLimits) -> None:
    folder = b"From a@b.example Tue Mar  3 10:00:00 2026\nSubject: One\nFrom: a@b.example\n\nHello,\n\n"
    folder += b"From Monday on: we are open.\n>From now on.\n\n"
    folder += b"From c@d.example Wed Mar  4 10:00:00 2026\nSubject: Two\n\nBye"
    document = read(folder, "mails.txt", sandbox, limits)
    assert document.page_names == ("One", "Two")
    assert "From Monday on: we are open.\nFrom now on." in document.text


def test_text_behind_an_attached_file_is_part_of_the_message(sandbox: Sandbox, limits: LoadLimits) -> None:
    first, last = b"Content-Type: text/plain\n\nBefore the file.", b"Content-Type: text/plain\n\nBehind the file."
    file = b'Content-Type: application/pdf\nContent-Disposition: attachment; filename="a.pdf"\n\ncontents'
    document = read(HEAD + multipart("mixed", first, file, last), "a.eml", sandbox, limits)
    assert body(document) == ["Before the file.", "Behind the file."]
    assert document.attachments == (("a.pdf", b"contents"),)


@pytest.mark.parametrize("boundary", [b"----=_Part_1_2", b"a/b=c:d"])
def test_a_boundary_without_quotation_marks_parts_all_the_same(
    boundary: bytes, sandbox: Sandbox, limits: LoadLimits
) -> None:
    parts = [b"Content-Type: text/plain\n\nfirst words", b"Content-Type: text/html\n\n<p>second words</p>"]
    document = read(HEAD + multipart("mixed", *parts, boundary=boundary), "a.eml", sandbox, limits)
    assert body(document) == ["first words", "second words"]


def test_a_boundary_other_than_the_stated_one_is_found(sandbox: Sandbox, limits: LoadLimits) -> None:
    mail = HEAD + multipart("mixed", b"Content-Type: text/plain\n\nfirst words", b"\nsecond words").replace(
        b"boundary=BB", b"boundary=other"
    )
    assert body(read(mail, "a.eml", sandbox, limits)) == ["first words", "second words"]


@pytest.mark.parametrize(
    ("plain", "page", "said"),
    [
        (b"The fee is 12 EUR.", b"<html><body></body></html>", ["The fee is 12 EUR."]),
        (b"The fee is 12 EUR.", b"", ["The fee is 12 EUR."]),
        (b"Good day,\n\nThe fee is 12 EUR.", b"<p>Good <b>d</b>ay,</p>", ["Good day,", "The fee is 12 EUR."]),
        (b"Good day https://a.example/b", b"<p>Good day</p>", ["Good day"]),
        (b"Your program shows no HTML.", b"<p>Good day</p>", ["Good day"]),
    ],
)
def test_what_only_the_plain_text_says_is_not_lost(
    plain: bytes, page: bytes, said: list[str], sandbox: Sandbox, limits: LoadLimits
) -> None:
    parts = [b"Content-Type: text/plain\n\n" + plain, b"Content-Type: text/html\n\n" + page]
    assert body(read(HEAD + multipart("alternative", *parts), "a.eml", sandbox, limits)) == said


@pytest.mark.parametrize(
    ("stated", "codec"),
    [
        ("iso-8859-1", "cp1252"),
        ("us-ascii", "utf-8"),
        ("iso-8859-1", "utf-8"),
        ("nonsense", "utf-8"),
        ("gb2312", "gbk"),
        ("x-sjis", "cp932"),
        ("ks_c_5601-1987", "cp949"),
        ("iso-2022-jp", "iso2022_jp"),
        ("us-ascii", "iso2022_jp"),
        ("hz-gb-2312", "hz"),
    ],
)
def test_letters_are_right_whatever_the_mail_says(
    stated: str, codec: str, sandbox: Sandbox, limits: LoadLimits
) -> None:
    words = {"cp1252": "“Zölle” – 12 €", "utf-8": "Zölle – 12 €", "gbk": "朱镕基 价格", "hz": "价格 十二"}
    text = words.get(codec, "한국어 가격" if codec == "cp949" else "価格は十二ユーロ")
    mail = HEAD + f"Content-Type: text/plain; charset={stated}\n\n".encode() + text.encode(codec)
    assert body(read(mail, "a.eml", sandbox, limits)) == [text]


def test_headers_are_read_however_they_are_written(sandbox: Sandbox, limits: LoadLimits) -> None:
    # Cut within a letter, as some programs do.
    cut = base64.b64encode(b"M\xc3") + b"?= =?utf-8?b?" + base64.b64encode(b"\xbcller")
    mail = b'From: "=?utf-8?b?' + cut + b'?=" <m@b.example>\nTo: J\xf6rg <j@b.example>\nSubject: Fr\xc3\xbchling\n'
    document = read(mail + b"Date: Tue, 3 Mar 2026 10:00:00 +0100\n\nwords", "a.eml", sandbox, limits)
    assert document.text.startswith(
        "Frühling\n\nFrom: Müller <m@b.example>\nTo: Jörg <j@b.example>\nDate: Tue, 3 Mar 2026"
    )


def test_a_long_list_of_people_is_whole(sandbox: Sandbox, limits: LoadLimits) -> None:
    people = ", ".join(f"person{number}@b.example" for number in range(1000))
    document = read(f"From: a@b.example\nTo: {people}\nSubject: s\n\nwords".encode(), "a.eml", sandbox, limits)
    assert people in document.text


def der(tag: int, *parts: bytes, unstated: bool = False) -> bytes:
    inner = b"".join(parts)
    if unstated:
        return bytes([tag, 0x80]) + inner + b"\0\0"
    size = len(inner).to_bytes(2, "big")
    return bytes([tag, 0x82]) + size + inner


def signed(content: bytes, kind: int, *, unstated: bool) -> bytes:
    data, signed_data = bytes.fromhex("06092a864886f70d010701"), bytes.fromhex("06092a864886f70d0107") + bytes([kind])
    half = len(content) // 2
    pieces = [der(0x04, content[:half]), der(0x04, content[half:])]
    text = der(0x24, *pieces, unstated=True) if unstated else der(0x04, content)
    inner = der(0x30, data, der(0xA0, text, unstated=unstated), unstated=unstated)
    outer = der(0x30, b"\x02\x01\x01", b"\x31\x00", inner, b"\x31\x00", unstated=unstated)
    return der(0x30, signed_data, der(0xA0, outer, unstated=unstated), unstated=unstated)


@pytest.mark.parametrize("unstated", [False, True])
def test_what_is_only_signed_is_read(unstated: bool, sandbox: Sandbox, limits: LoadLimits) -> None:
    envelope = signed(b"Content-Type: text/plain\r\n\r\nThe fee is 12 EUR.\r\n", 2, unstated=unstated)
    head = b'Content-Type: application/pkcs7-mime; smime-type=signed-data; name="smime.p7m"\n'
    mail = HEAD + head + b"Content-Transfer-Encoding: base64\n\n" + base64.encodebytes(envelope)
    assert body(read(mail, "a.eml", sandbox, limits)) == ["The fee is 12 EUR."]


def test_an_encrypted_mail_is_refused_and_one_among_others_is_named(sandbox: Sandbox, limits: LoadLimits) -> None:
    head = b"Content-Type: application/pkcs7-mime; smime-type=enveloped-data\nContent-Transfer-Encoding: base64\n\n"
    locked = HEAD + head + base64.encodebytes(signed(b"x" * 50, 3, unstated=False))
    with pytest.raises(LoadError) as caught:
        load(locked, "a.eml", limits=limits, sandbox=sandbox)
    assert caught.value.code == "encrypted"
    mark = b"From a@b.example Tue Mar  3 10:00:00 2026\n"
    folder = mark + HEAD + b"\nopen words\n\n" + mark + locked
    document = read(folder, "a.mbox", sandbox, limits)
    assert "open words" in document.text
    assert [warning.what for warning in document.warnings] == ["An encrypted message in it was not read."]


def test_a_mail_within_a_mail_is_read_and_its_files_are_handed_over(sandbox: Sandbox, limits: LoadLimits) -> None:
    file = b'Content-Type: text/csv; name="list.csv"\nContent-Disposition: attachment\n\na,b'
    inner = HEAD.replace(b"Pumps", b"Within") + multipart("mixed", b"\ninner words", file, boundary=b"CC")
    outer = multipart("mixed", b"\nouter words", b"Content-Type: message/rfc822\n\n" + inner)
    document = read(HEAD + outer, "a.eml", sandbox, limits)
    assert body(document) == ["outer words", "Within", "From: a@b.example\nTo: c@d.example", "inner words"]
    assert document.attachments == (("list.csv", b"a,b"),)


def test_a_report_says_what_became_of_a_mail(sandbox: Sandbox, limits: LoadLimits) -> None:
    status = b"Content-Type: message/delivery-status\n\nReporting-MTA: dns; b.example\n\nStatus: 5.1.1\n"
    document = read(HEAD + multipart("report", b"\nNot delivered.", status), "a.eml", sandbox, limits)
    assert body(document) == ["Not delivered.", "Reporting-MTA: dns; b.example\nStatus: 5.1.1"]


def test_pictures_in_the_text_are_no_attachments_and_too_many_files_are_named(
    sandbox: Sandbox, limits: LoadLimits
) -> None:
    message = email.message.EmailMessage()
    message["Subject"] = "Many"
    message.set_content('<p>See</p><img src="cid:logo">', subtype="html")
    message.add_related(b"\x89PNG", "image", "png", cid="<logo>", filename="logo.png", disposition="inline")
    for number in range(52):
        message.add_attachment(b"x", maintype="application", subtype="pdf", filename=f"{number}.pdf")
    document = read(message.as_bytes(), "a.eml", sandbox, limits)
    assert [attachment.name for attachment in document.attachments] == [f"{number}.pdf" for number in range(50)]
    assert [warning.what for warning in document.warnings] == ["Attachments were not read: 50.pdf, 51.pdf."]


def test_files_of_one_name_are_told_apart_and_none_is_larger_than_a_file_may_be(
    sandbox: Sandbox, limits: LoadLimits
) -> None:
    message = email.message.EmailMessage()
    message["Subject"] = "Many"
    message.set_content("words")
    for size in (3, 3, 1_500_000, 700_000, 700_000):
        message.add_attachment(b"x" * size, maintype="application", subtype="pdf", filename="../a.pdf")
    small = LoadLimits(limits.seconds, limits.memory_megabytes, limits.pages, 1)
    with pytest.raises(LoadError):
        load(message.as_bytes(), "a.eml", limits=small, sandbox=sandbox)
    document = read(message.as_bytes(), "a.eml", sandbox, limits)
    assert [each.name for each in document.attachments] == ["a.pdf", "a (2).pdf", "a (3).pdf", "a (4).pdf", "a (5).pdf"]


def tnef(*parts: tuple[int, bytes]) -> bytes:
    packed = b"".join(struct.pack("<BII", 1, number, len(data)) + data + b"\0\0" for number, data in parts)
    return struct.pack("<IH", 0x223E9F78, 1) + packed


def test_what_outlook_packs_for_other_outlooks_is_unpacked(sandbox: Sandbox, limits: LoadLimits) -> None:
    name = "Preisliste für Bo.csv".encode("utf-16-le")
    named = struct.pack("<IHHII", 1, 0x1F, 0x3707, 1, len(name)) + name + b"\0" * (-len(name) % 4)
    winmail = tnef(
        (0x2800C, b"Only in here: 12 EUR.\0"),
        (0x69002, bytes(14)),
        (0x18010, b"PREISL~1.CSV\0"),
        (0x6800F, b"a,b"),
        (0x69005, named),
        (0x69002, bytes(14)),
        (0x18010, b"a mail\0"),
    )
    head = b'Content-Type: application/ms-tnef; name="winmail.dat"\nContent-Transfer-Encoding: base64\n\n'
    parts = multipart("mixed", b"\nSee the list.", head + base64.encodebytes(winmail))
    document = read(HEAD + parts, "a.eml", sandbox, limits)
    assert body(document) == ["See the list.", "Only in here: 12 EUR."]
    assert document.attachments == (("Preisliste für Bo.csv", b"a,b"),)
    assert [warning.what for warning in document.warnings] == ["Attachments were not read: a mail."]
    broken = multipart("mixed", b"\nSee the list.", head + base64.encodebytes(winmail[:60]))
    document = read(HEAD + broken, "a.eml", sandbox, limits)
    assert [warning.what for warning in document.warnings] == ["Attachments were not read: winmail.dat."]


def test_alternatives_that_share_no_word_end_soon(sandbox: Sandbox) -> None:
    plain = b"Content-Type: text/plain\n\n" + b"\n\n".join(b"w%d" % number for number in range(30_000))
    page = b"Content-Type: text/html\n\n<p>" + b" ".join(b"q%d" % number for number in range(100_000)) + b"</p>"
    short = LoadLimits(seconds=25, memory_megabytes=1024, pages=5000, megabytes=100)
    document = read(HEAD + multipart("alternative", plain, page), "a.eml", sandbox, short)
    assert "w29999" in document.text
    assert document.warnings == ()
