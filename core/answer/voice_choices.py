"""What an owner may choose of a voice: each choice with its name, a sample, and what the model reads."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Choice:
    """A value of a voice setting for the Voice page: its name, one sentence about it, a sample, what the model reads.

    The sample is always the answer to the same question: "How long do I have to send something back?" ``in_short`` is
    the instruction for a model with a small window.
    """

    label: str
    description: str
    sample: str
    instruction: str
    in_short: str


TONES: Mapping[str, Choice] = {
    "friendly": Choice(
        "Friendly",
        "Relaxed and personal, like a helpful colleague.",
        "You have 30 days, so there's no rush. Just keep the receipt.",
        "Write like a helpful colleague: relaxed, personal, in everyday words. No exclamation marks, no emoji.",
        "Write in a relaxed way.",
    ),
    "professional": Choice(
        "Professional",
        "Courteous and exact, as in a good business letter.",
        "Items may be returned within 30 days of delivery. Please include the receipt.",
        "Write as in a good business letter: courteous, exact, in complete sentences, without small talk.",
        "Write courteously.",
    ),
    "plain": Choice(
        "Plain",
        "Short words and short sentences, nothing else.",
        "30 days from delivery. You need the receipt.",
        "Write in short words and short sentences. Leave out everything that does not answer the question.",
        "Write in short, simple words.",
    ),
    "warm": Choice(
        "Warm",
        "Patient and caring, for people who may be worried.",
        "Please don't worry, you have a full 30 days. If the receipt is still there, we can sort it out easily.",
        "Write with patience and care, as to someone who may be worried. Say first what helps most.",
        "Write with patience and care.",
    ),
}
LENGTHS: Mapping[str, Choice] = {
    "short": Choice(
        "Short",
        "One or two sentences.",
        "30 days from delivery.",
        "Answer in one or two sentences.",
        "Answer in one or two sentences.",
    ),
    "medium": Choice(
        "Medium",
        "A short paragraph, or a few steps.",
        "You have 30 days from delivery. Keep the receipt and put it in the parcel.",
        "Answer in one short paragraph, or in a few steps where it is asked how something is done.",
        "Answer in a short paragraph.",
    ),
    "long": Choice(
        "Long",
        "Everything the documents say about it, in order.",
        "You have 30 days from delivery. Put the receipt in the parcel and use the label that came with it. Sale items "
        "are different: they can be exchanged within 14 days, but not refunded.",
        "Answer in full: give the conditions, exceptions and steps that the passages hold, in order, with a list where "
        "it helps. Never pad.",
        "Answer in full, with every condition.",
    ),
}
CLOSENESS: Mapping[str, Choice] = {
    "strict": Choice(
        "Only your text",
        "Says only what your documents say; otherwise it says that it does not know.",
        "You have 30 days from delivery.",
        "Say only what the passages say: no other knowledge, no conclusions of your own, no guesses.",
        "Say only what the passages say.",
    ),
    "balanced": Choice(
        "Your text, explained",
        "Every fact comes from your documents, but it may explain and connect them.",
        "You have 30 days from delivery. A parcel that came on 1 May can go back until 31 May.",
        "Take every fact from the passages. You may explain and connect them and do simple sums, but add no facts of "
        "your own.",
        "Take every fact from the passages.",
    ),
    "open": Choice(
        "Your text first",
        "May add general knowledge where your documents are silent, and says so.",
        "You have 30 days from delivery. Not from your documents: many shops refund within two weeks after that.",
        "Answer from the passages first. Where they are silent you may add general knowledge: begin each such sentence "
        "with words that say it is not from the documents, and give it no number.",
        "Use the passages first; say what is not from them.",
    ),
}
LANGUAGES: Mapping[str, str] = {
    "en": "English", "de": "German", "fr": "French", "es": "Spanish", "it": "Italian", "pt": "Portuguese",
    "nl": "Dutch", "pl": "Polish", "sv": "Swedish", "da": "Danish", "no": "Norwegian", "fi": "Finnish",
    "tr": "Turkish", "ar": "Arabic", "hi": "Hindi", "zh": "Chinese", "ja": "Japanese", "ko": "Korean",
}  # fmt: skip
SAMPLE_QUESTION = "How long do I have to send something back?"
