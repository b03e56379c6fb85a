"""What goes wrong with a model service, in words for the owner: what happened, and what to do in this app or there."""

from math import ceil

from core.errors import ModelError

# code: (what happened, what to do, whether trying again may help)
_SENTENCES: dict[str, tuple[str, str, bool]] = {
    "key": (
        "The AI service did not accept the key.",
        "Check it in Settings for missing characters, or make a new key at the service and save it again.",
        False,
    ),
    "no_key": ("The AI service wants a key.", "Make one at the service and enter it in Settings.", False),
    "forbidden": (
        "The key is not allowed to do this.",
        "Give the key the right to use this model at the AI service, or use another key.",
        False,
    ),
    "region": ("The AI service does not serve this country or region.", "Choose another AI service.", False),
    "no_model": ("The AI service does not offer this model to you.", "Choose another model in Settings.", False),
    "retired": ("The AI service has retired this model.", "Choose a newer one in Settings.", False),
    "not_chat": (
        "This model does not write answers in a chat.",
        "Choose a chat model in Settings; this one may be meant for search or for other work.",
        False,
    ),
    "no_loaded": ("The AI service has no model loaded.", "Load one there, and try again.", True),
    "loading": (
        "The AI service is still loading its model.",
        "Wait a minute and try again. Nothing was lost.",
        True,
    ),
    "memory": (
        "The computer that runs the model has too little memory for it.",
        "Choose a smaller model in Settings, or close other programs there.",
        False,
    ),
    "not_api": (
        "No AI service that speaks the OpenAI protocol answers at this address.",
        "Check the address; it often ends in /v1.",
        False,
    ),
    "gateway": (
        "A web page answered instead of the AI service: a login, a firewall or a proxy stands in between.",
        "Check the address, and whether this machine may use the service.",
        False,
    ),
    "gateway_down": (
        "The AI service cannot be reached behind its gateway just now.",
        "Nothing was lost. Try again in a while.",
        True,
    ),
    "too_large": (
        "What stands in front of the AI service does not let requests of this size through.",
        "Whoever runs it can raise its limit. In the chat, a new conversation makes requests smaller.",
        False,
    ),
    "redirect": (
        "This address sends its callers on to another one.",
        "Enter the final address; check https:// and the host's name.",
        False,
    ),
    "address": ("The address of the AI service cannot be used.", "Copy it from the service's own pages.", False),
    "no_host": (
        "No computer with this name was found.",
        "Check the address for typing errors, and this machine's connection.",
        False,
    ),
    "refused": (
        "Nothing answers at this address.",
        "If the AI service runs on your own machine, start it; else check the address and its port.",
        True,
    ),
    "unreachable": ("The AI service could not be reached.", "Check this machine's connection and try again.", True),
    "tls": (
        "The secure connection to the AI service failed.",
        "Check the address (http:// or https://) and the service's certificate.",
        False,
    ),
    "quota": (
        "Your account at the AI service has no credit left.",
        "Add credit there, then try again. Nothing was lost.",
        False,
    ),
    "rate": ("The AI service is busy: too many requests at once.", "Wait a moment and try again.", True),
    "timeout": ("The AI service did not answer in time.", "Nothing was lost. Try again.", True),
    "server": ("The AI service has a fault of its own just now.", "Nothing was lost. Try again in a while.", True),
    "too_long": (
        "The question and its passages are too long for this model.",
        "Begin a new conversation, or choose a model that takes more text in Settings.",
        False,
    ),
    "content_filter": ("The AI service declined this question.", "Ask it in other words.", False),
    "length": (
        "The answer was cut short: it reached the model's length limit.",
        "Ask for a shorter answer, or for a part of it.",
        False,
    ),
    "tools": (
        "The model asked for a tool instead of writing an answer.",
        "Try again, or choose another model in Settings.",
        True,
    ),
    "only_thoughts": (
        "The model thought until its end, and wrote no answer.",
        "Ask a shorter question, or choose another model in Settings.",
        True,
    ),
    "repeats": (
        "The model began to repeat itself, so it was stopped.",
        "What came before that is kept. Ask in other words, or choose another model in Settings.",
        True,
    ),
    "empty": ("The AI service sent an empty answer.", "Try again.", True),
    "bad_answer": ("The AI service sent an answer that cannot be read.", "Try again.", True),
    "bad_request": (
        "The AI service did not accept the request.",
        "Press “Test again” in Settings: it finds out how this model wants to be asked.",
        False,
    ),
    "stopped_early": ("The answer stopped early.", "What came so far is kept. Try again.", True),
}


def sentence(code: str, wait: float | None = None) -> ModelError:
    """Return the ModelError of a code of this list; ``wait`` is the seconds that the service asks to wait."""
    what, remedy, passing = _SENTENCES[code]
    if wait is not None and wait >= 1 and code in ("rate", "server", "loading"):
        why = {"rate": "too many requests at once", "server": "it has too much to do"}
        what = f"The AI service asks to wait {_in_words(wait)}: {why.get(code, 'it is still loading its model')}."
        remedy = "Nothing was lost. Try again then."
    return ModelError(what, remedy, code=code, passing=passing)


def _in_words(seconds: float) -> str:
    for size, unit in ((3600, "hour"), (60, "minute"), (1, "second")):
        if seconds >= 1.5 * size or size == 1:
            number = ceil(seconds / size)
            return f"{number} {unit}{'s' if number != 1 else ''}"
    return ""
