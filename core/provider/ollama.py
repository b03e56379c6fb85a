"""Ollama's window: how many tokens a model is asked to hold, from what Ollama tells of it."""

import re
from collections.abc import Mapping
from typing import Any

from core.provider.errors import model_error
from core.provider.limits import Patience, http_client
from core.provider.makes import OLLAMA_WINDOW, clean_address
from core.provider.offers import list_headers
from core.provider.service import usable_key
from core.schema import Provider

_SET_BY_OWNER = re.compile(r"^[ \t]{0,20}num_ctx[ \t]{1,80}(\d{1,9})[ \t]*$", re.MULTILINE)


def shown_window(provider: Provider, patience: Patience) -> int:
    """Ask Ollama about its chat model, and return the window in tokens to ask it with.

    That is what its owner set for the model (num_ctx), else OLLAMA_WINDOW, and never more than it was made for. Raises
    ModelError; with code "no_model" where the model is not on that computer.
    """
    address, key = clean_address(provider), usable_key(provider.api_key)
    try:
        response = http_client(patience).post(
            f"{address}/api/show", json={"model": provider.chat_model.strip()}, headers=list_headers("ollama", key)
        )
        response.raise_for_status()
        return window_in(response.json())
    except Exception as error:  # noqa: BLE001 the seam: every failure of the client becomes sentences
        raise model_error(error) from None


def window_in(told: Any) -> int:
    """Read the window to ask with from what /api/show tells of a model; OLLAMA_WINDOW where it tells none."""
    told = told if isinstance(told, Mapping) else {}
    info = told.get("model_info")
    made_for = [
        value
        for name, value in (info.items() if isinstance(info, Mapping) else ())
        if name.endswith(".context_length") and isinstance(value, int) and value > 0
    ]
    chosen = _SET_BY_OWNER.search(str(told.get("parameters") or ""))
    return min([int(chosen[1]) if chosen else OLLAMA_WINDOW, *made_for])
