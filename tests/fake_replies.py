"""What the fake provider says: answers from numbered passages, rewritten questions, vectors, limits."""

import base64
import hashlib
import re
import struct
from typing import Any

UNKNOWN = "I don't know: I found nothing about this in the documents."
MOST_INPUTS = 2048
MOST_TOKENS = 300_000
MOST_TOKENS_AN_INPUT = 8192
_WORD = re.compile(r"[^\W_]+")
_STOP = set(
    _WORD.findall(
        """a about an and are as at be by can could did do does for from had has have how i if in is it its me my
not of on or our so tell than that the their them there these they this to was we were what when where which who whose
why will with would you your please"""
    )
)


def vector(text: str, dimension: int) -> list[float]:
    """Hash the words of a text into a vector of length 1: texts that share words are near each other."""
    numbers = [0.0] * dimension
    for word in _words(text) or ["nothing"]:
        digest = hashlib.sha256(word.encode()).digest()
        numbers[int.from_bytes(digest[:4]) % dimension] += 1.0 if digest[4] % 2 else -1.0
    norm = sum(number * number for number in numbers) ** 0.5
    return [number / norm for number in numbers] if norm else [1.0, *numbers[1:]]


def packed(numbers: list[float]) -> str:
    return base64.b64encode(struct.pack(f"<{len(numbers)}f", *numbers)).decode()


def refusal(texts: list[str], most_inputs: int) -> str:
    """Say why the real service would not take these inputs; empty when it would."""
    if not texts or not all(texts):
        return "'$.input' is invalid: input cannot be an empty string."
    if len(texts) > most_inputs:
        return f"'$.input' is invalid: array too long, at most {most_inputs}."
    sizes = [_tokens(text) for text in texts]
    if max(sizes) > MOST_TOKENS_AN_INPUT:
        return f"This model's maximum context length is {MOST_TOKENS_AN_INPUT} tokens."
    if sum(sizes) > MOST_TOKENS:
        return f"Requested {sum(sizes)} tokens, max {MOST_TOKENS} tokens per request."
    return ""


def _tokens(text: str) -> int:
    plain = len(text.encode("ascii", "ignore"))
    return plain // 4 + len(text) - plain + 1


def prompt_tokens(messages: list[dict[str, Any]]) -> int:
    """Count a prompt's tokens, four characters each."""
    return sum(_tokens(_content(message)) for message in messages)


def reply(messages: list[dict[str, Any]]) -> str:
    """Answer as a well-behaved model would: from the numbered passages, or by rewriting a follow-up question."""
    turns = [(str(message.get("role")), _content(message)) for message in messages]
    if any("stand-alone question" in text.lower() for role, text in turns if role == "system"):
        return _rewritten(turns)
    question = _question(next((text for role, text in reversed(turns) if role == "user"), ""))
    passages = [passage for _, text in turns for passage in _passages(text)]
    if not passages:
        return "OK."
    asked = {_stem(word) for word in _words(question)}
    scored = [
        (len(asked & {_stem(word) for word in _words(sentence)}), _is_whole(sentence), -order, sentence, number)
        for order, (number, sentence) in enumerate(
            (number, sentence) for number, text in passages for sentence in _sentences(text)
        )
    ]
    best = sorted(scored, reverse=True)[:2]
    if not best or best[0][0] == 0:
        return _unknown(turns)
    kept = [one for one in best if one[0] >= max(1, best[0][0] * 0.8)]
    return " ".join(f"{sentence} [{number}]" for *_, sentence, number in kept)


def _unknown(turns: list[tuple[str, str]]) -> str:
    """Return the sentence the prompt wants where nothing fits, or the usual one."""
    wanted = re.search(r"exactly this sentence[^\n]*\n([^\n]+)", "\n".join(text for _, text in turns))
    return wanted[1].strip() if wanted else UNKNOWN


def _content(message: dict[str, Any]) -> str:
    content = message.get("content") or ""
    return content if isinstance(content, str) else " ".join(str(part.get("text", "")) for part in content)


def _passages(text: str) -> list[tuple[int, str]]:
    """Find passages in their frames; else those that begin with [1], [2], … and go on to the next or to a question."""
    framed = re.findall(r'<passage number="(\d+)"[^>]*>(.*?)</passage>', text, flags=re.DOTALL)
    found = framed or re.findall(
        r"^\s*\[(\d+)\]\s*(.*?)(?=^\s*\[\d+\]|^\s*(?:question|visitor|follow-up)\b[^\n]*:|^\s*</|\Z)",
        text,
        flags=re.MULTILINE | re.DOTALL | re.IGNORECASE,
    )
    return [(int(number), body.strip()) for number, body in found if body.strip()]


def _sentences(text: str) -> list[str]:
    """Cut a passage into sentences, without quotation fences and tags."""
    pieces = re.split(r"(?<=[.!?。])\s+|\n+", re.sub(r"<[^>]{1,400}>|\"{3}|`{3}", "\n", text))
    return [piece.strip() for piece in pieces if len(_words(piece)) >= 2]


def _is_whole(sentence: str) -> bool:
    """Tell a sentence from a heading or a file's name."""
    return sentence.endswith((".", "!", "。"))


def _question(text: str) -> str:
    """Return the question in the last message of a user: in its frame or behind its label, else its last block."""
    if framed := re.search(r"<question>(.*?)</question>", text, flags=re.DOTALL):
        return framed[1].strip()
    labelled = re.split(r"(?:^|\n)\s*(?:the )?question[^\n:]{0,40}:", text, flags=re.IGNORECASE)
    if len(labelled) > 1:
        return labelled[-1].strip()
    return text.strip().split("\n\n")[-1]


def _rewritten(turns: list[tuple[str, str]]) -> str:
    """Put the words of the question before into the last one: "And by plane?" -> "And by plane, parcel price?"."""
    text = "\n".join(text for role, text in turns if role == "user")
    lines = [line.strip() for line in re.sub(r"<[^>]{1,40}>", "\n", text).splitlines()]
    said = [line for line in lines if line and not line.endswith(":") and not line.startswith("Assistant:")]
    said = [re.sub(r"^[A-Z][a-z ]{1,40}:\s*", "", line) for line in said]
    if not said:
        return "?"
    last = said[-1]
    topics = [word for word in _words(said[-2] if len(said) > 1 else "") if word not in _words(last)][:4]
    return f"{last.rstrip('?').strip()}, {' '.join(topics)}?" if topics else last


def _words(text: str) -> list[str]:
    return [word for word in _WORD.findall(text.lower()) if word not in _STOP]


def _stem(word: str) -> str:
    return word[:-1] if word.endswith("s") and len(word) > 3 else word
