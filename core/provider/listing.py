"""What a service offers: its models by name, and how much text each may be given where it tells."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from core.errors import ModelError
from core.provider.beside import result_beside
from core.provider.errors import model_error
from core.provider.limits import NotModelApi, Patience, timeout_of
from core.provider.offers import Offered, offered_as_told, offered_models
from core.provider.service import clean_base_url, patience_for, usable_key
from core.schema import Provider

Waiting = Callable[[], None]
"""Called four times a second while a service is waited for; what it raises gives the request up."""

# Under which names services tell how many tokens a model takes: what it was started with before what it was made for.
_WINDOWS = (
    *("n_ctx", "loaded_context_length", "max_model_len", "context_length", "context_window", "max_context_length"),
    *("max_context_window_tokens", "context_size", "inputTokenLimit", "n_ctx_train"),
)
_NO_LIST = ("not_api", "no_model", "key", "no_key", "bad_answer", "redirect", "gateway")


@dataclass(frozen=True, slots=True)
class Listing:
    """A service that answers: at this ``provider``'s address, with these models, and the windows of some in tokens.

    ``offered`` is what it tells of the models besides.
    """

    provider: Provider
    models: tuple[str, ...] = ()
    windows: Mapping[str, int] = field(default_factory=dict)
    offered: tuple[Offered, ...] = ()


def list_models(provider: Provider, *, waiting: Waiting = lambda: None) -> tuple[str, ...]:
    """Return the models that a service offers, by name; none where it does not say. Raises ModelError."""
    return listed(provider, patience_for(provider), waiting).models


def listed(provider: Provider, patience: Patience, waiting: Waiting = lambda: None) -> Listing:
    """Find the address at which a service lists its models: as typed, with /v1 behind, or Azure's newer one.

    An address that lists nothing is taken as it is where a model is chosen: the model is tried next. Raises ModelError.
    """
    if provider.make != "openai":
        return _listed_by_make(provider, patience)
    refusal: ModelError | None = None
    for candidate in _addresses(provider):
        try:
            return _listed_at(candidate, patience, waiting)
        except ModelError as caught:
            error = caught
        except Exception as caught:  # noqa: BLE001 the seam: every failure of the client becomes sentences
            error = model_error(caught)
        if error.code == "forbidden":  # a key may well be allowed to chat and not to list
            return Listing(candidate)
        if error.code not in _NO_LIST:
            raise error from None
        if refusal is None or refusal.code == "not_api":
            refusal = error
    if refusal is not None and (refusal.code != "not_api" or not provider.chat_model.strip()):
        raise refusal
    return Listing(provider)


def _listed_by_make(provider: Provider, patience: Patience) -> Listing:
    """Ask a service of another protocol for its models; none where a key may chat and not list."""
    try:
        offered = offered_models(provider, patience=patience)
        return Listing(provider, tuple(each.name for each in offered), offered=offered)
    except ModelError as error:
        if not provider.chat_model.strip() or error.code not in ("forbidden", "not_api", "no_model"):
            raise
        return Listing(provider)


def _addresses(provider: Provider) -> list[Provider]:
    """Return a provider at the addresses that may have been meant."""
    address = clean_base_url(provider.base_url)
    parts = urlsplit(address)
    deployment = re.fullmatch(r"(?P<before>.*/openai)/deployments/(?P<name>[^/]+)", parts.path)
    if deployment:  # Azure's old form, of one model; its newer one speaks the protocol without a version of its own
        newer = urlunsplit((parts.scheme, parts.netloc, f"{deployment['before']}/v1", "", ""))
        return [replace(provider, base_url=newer, chat_model=provider.chat_model or deployment["name"])]
    if re.search(r"\.azure\.com$", parts.hostname or "") and not re.search(r"/v\d", parts.path):
        return [replace(provider, base_url=f"{parts.scheme}://{parts.netloc}/openai/v1")]
    addresses = [address] if re.search(r"/v\d\w*(/|$)", address) else [address, f"{address}/v1"]
    return [replace(provider, base_url=each) for each in addresses]


def _listed_at(provider: Provider, patience: Patience, waiting: Waiting) -> Listing:
    page = result_beside(lambda: _get(provider, f"{provider.base_url}/models", patience), waiting)
    entries = page.get("data", page.get("models")) if isinstance(page, dict) else page
    if not isinstance(entries, list):
        raise NotModelApi
    found = {_name(entry): _window(entry) for entry in entries if isinstance(entry, dict) and _name(entry)}
    windows = {name: window for name, window in found.items() if window}
    if any("n_ctx_train" in str(entry) or "organization_owner" in str(entry) for entry in entries):
        windows |= _told_elsewhere(provider, tuple(found), patience, waiting)
    told = (entry for entry in entries if isinstance(entry, dict) and (entry.get("id") or entry.get("name")))
    return Listing(provider, tuple(sorted(found)), windows, tuple(map(offered_as_told, told)))


def _name(entry: Mapping[str, Any]) -> str:
    return str(entry.get("id") or entry.get("name") or entry.get("model") or "").removeprefix("models/")


def _window(entry: Mapping[str, Any]) -> int | None:
    places = [entry, *(entry[key] for key in ("meta", "top_provider", "limits") if isinstance(entry.get(key), dict))]
    for name in _WINDOWS:
        for place in places:
            if isinstance(value := place.get(name), int) and value > 0:
                return value
    return None


def _told_elsewhere(
    provider: Provider, models: tuple[str, ...], patience: Patience, waiting: Waiting
) -> dict[str, int]:
    """Ask llama.cpp and LM Studio at addresses of their own, as they tell a window there; empty where none does."""
    parts = urlsplit(provider.base_url)
    root = f"{parts.scheme}://{parts.netloc}"
    windows: dict[str, int] = {}
    for path in ("/props", "/api/v0/models"):
        try:
            page = result_beside(partial(_get, provider, f"{root}{path}", patience), waiting)
        except Exception:  # noqa: BLE001 it is only asked in passing
            continue
        settings = page.get("default_generation_settings") if isinstance(page, dict) else None
        if isinstance(settings, dict) and (window := _window(settings)):
            return dict.fromkeys(models, window)
        for entry in page.get("data") or () if isinstance(page, dict) else ():
            if isinstance(entry, dict) and (window := _window(entry)):
                windows[_name(entry)] = window
    return windows


async def _get(provider: Provider, address: str, patience: Patience) -> Any:
    import openai

    from core.provider.wire import async_http_client

    client = openai.AsyncOpenAI(
        base_url=provider.base_url,
        api_key=usable_key(provider.api_key),
        max_retries=0,
        timeout=timeout_of(patience),
        http_client=async_http_client(patience),
    )
    answer = await client.get(address, cast_to=object)
    if isinstance(answer, str):
        raise NotModelApi
    return answer
