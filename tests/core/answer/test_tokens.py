"""The estimate of tokens is above what real vocabularies make of a text, and not far above for plain prose."""

import json
import random

import pytest

from core.answer.tokens import beginning, tokens
from tests.core.answer.real_tokens import LLAMA_2, WORD_PIECE, counter
from tests.source_code import PROJECT

SENTENCES = {
    "English": "A parcel to Norway takes nine working days, and its sender pays for the insurance of the goods. ",
    "German": "Die Zustellung eines Pakets nach Norwegen dauert neun Werktage; Übergepäck zahlt der Absender. ",
    "French": "La livraison d'un colis en Norvège prend neuf jours et l'expéditeur paie les frais à l'avance. ",
    "Spanish": "La entrega de un paquete en Noruega tarda nueve días hábiles y el remitente paga los gastos de envío. ",
    "Polish": "Dostawa paczki do Norwegii trwa dziewięć dni roboczych, a nadawca płaci za przesyłkę i ubezpieczenie. ",
    "Finnish": "Paketin toimitus Norjaan kestää yhdeksän arkipäivää ja lähettäjä maksaa kulut sekä vakuutuksen. ",
    "Turkish": "Norveç'e paket teslimatı dokuz iş günü sürer ve gönderen kargo ücretini ile sigortayı öder. ",
    "Vietnamese": "Việc giao bưu kiện đến Na Uy mất chín ngày làm việc và người gửi trả phí vận chuyển. ",
    "Russian": "Доставка посылки в Норвегию занимает девять дней. Отправитель оплачивает стоимость пересылки. ",
    "Greek": "Η παράδοση του δέματος στη Νορβηγία διαρκεί εννέα ημέρες και ο αποστολέας πληρώνει τα έξοδα. ",
    "Hebrew": "משלוח חבילה לנורווגיה נמשך תשעה ימי עסקים והשולח משלם את דמי המשלוח והביטוח. ",
    "Arabic": "يستغرق تسليم الطرد إلى النرويج تسعة أيام عمل ويدفع المرسل رسوم الشحن والتأمين على البضائع. ",
    "Hindi": "नॉर्वे में पार्सल की डिलीवरी में नौ दिन लगते हैं और भेजने वाला शुल्क का भुगतान करता है। ",
    "Thai": "การจัดส่งพัสดุไปยังนอร์เวย์ใช้เวลาเก้าวันและผู้ส่งเป็นผู้ชำระค่าขนส่ง ",
    "Chinese": "寄往挪威的包裹需要九个工作日，寄件人支付运费和保险费。超过三十公斤的包裹不予受理。",
    "Japanese": "ノルウェーへの小包の配達には九日かかります。送料は差出人が負担し、保険料は含まれません。",
    "Korean": "노르웨이로 보내는 소포는 배송에 아홉 날이 걸리며 발송인이 배송비와 보험료를 지불합니다. ",
    "capitals": "THE PARCEL IS DELIVERED WITHIN NINE WORKING DAYS AND THE SENDER PAYS ALL CHARGES IN ADVANCE. ",
    "addresses": "https://www.example.com/path/to/Page?id=8f3a&utm_source=x%20y ",
    "a table": "| Zone 1 | 4,90 EUR | 6,90 EUR | 12.05.2024 |\n|---|---|---|---|\n",
    "pictures": "🎉📦✅❤️👨‍👩‍👧 → ★ ",
}
MADE = random.Random(7)
TEXTS = {name: text * 20 for name, text in SENTENCES.items()} | {
    "numbers": "".join(
        f"{MADE.randrange(100_000)}.{MADE.randrange(100):02d};{MADE.randrange(1000)}\n" for _ in range(300)
    ),
    "codes": "".join(
        f"AX-{MADE.randrange(10_000)}-B QZ{MADE.randrange(99)}XV-{MADE.randrange(999):03d} " for _ in range(300)
    ),
    "questions": (PROJECT / "core" / "sample" / "questions.jsonl").read_text(encoding="utf-8"),
    "a program": (PROJECT / "core" / "answer" / "quote.py").read_text(encoding="utf-8"),
}
DOCUMENTS = [
    path
    for folder in ("core/sample/files", "tests/benchmarks/answer_sets")
    for path in sorted((PROJECT / folder).rglob("*"))
    if path.suffix in (".md", ".txt", ".csv", ".html")
]


@pytest.mark.parametrize("name", TEXTS)
def test_no_script_is_more_than_is_estimated(name: str) -> None:
    assert counter(LLAMA_2)(TEXTS[name]) <= tokens(TEXTS[name]) * 1.04
    assert counter(WORD_PIECE)(TEXTS[name]) <= tokens(TEXTS[name]) * 1.04


def test_no_document_at_hand_is_more_than_is_estimated() -> None:
    assert len(DOCUMENTS) > 8
    for path in DOCUMENTS:
        text = path.read_text(encoding="utf-8")
        assert counter(LLAMA_2)(text) <= tokens(text) * 1.02, path.name
        assert counter(WORD_PIECE)(text) <= tokens(text) * 1.02, path.name


def test_plain_prose_is_not_far_below_its_estimate() -> None:
    said = [json.loads(line)["quote"] for line in TEXTS["questions"].splitlines() if '"quote"' in line]
    prose = " ".join(quote for quote in said if quote)
    assert tokens(prose) < 1.45 * counter(LLAMA_2)(prose)
    assert len(prose) > 2.5 * tokens(prose)


def test_a_beginning_is_what_fits_up_to_a_whole_word() -> None:
    for text in TEXTS.values():
        begun = beginning(text, 50)
        assert text.startswith(begun)
        assert 0 < tokens(begun) <= 50
    assert beginning("one two three four", 3) == "one two"
    assert beginning("word", 100) == "word"
