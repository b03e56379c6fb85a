"""Model servers on this computer: looked for at their usual ports when the owner asks, and nowhere else."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from pydantic import SecretStr

from core.errors import ModelError
from core.provider.limits import Patience
from core.provider.offers import Offered, offered_models
from core.schema import Provider

LOOK = Patience(connect=0.5, silence=0.5, total=1.0)  # seconds; a server on the same machine answers in milliseconds


@dataclass(frozen=True, slots=True)
class LocalPort:
    """A program that serves models, and where it does unless it is told otherwise."""

    name: str
    make: str
    address: str


PORTS = (
    LocalPort("Ollama", "ollama", "http://127.0.0.1:11434"),
    LocalPort("LM Studio", "openai", "http://127.0.0.1:1234/v1"),
    LocalPort("llama.cpp", "openai", "http://127.0.0.1:8080/v1"),
    LocalPort("vLLM", "openai", "http://127.0.0.1:8000/v1"),
)


@dataclass(frozen=True, slots=True)
class LocalService:
    """A model server that answered on this computer, with the models it has."""

    name: str
    make: str
    address: str
    models: tuple[Offered, ...]


def look_on_this_computer(ports: tuple[LocalPort, ...] = PORTS) -> tuple[LocalService, ...]:
    """Ask the usual ports of this computer at the same time for their models; takes a second at most.

    Only loopback is asked, and no key goes along. What does not answer, or answers as something else, is left out.
    """
    with ThreadPoolExecutor(len(ports), thread_name_prefix="look") as pool:
        return tuple(found for found in pool.map(_look, ports) if found is not None)


def _look(port: LocalPort) -> LocalService | None:
    try:
        models = offered_models(Provider(port.address, SecretStr(""), "", make=port.make), patience=LOOK)
    except ModelError:
        return None
    return LocalService(port.name, port.make, port.address, models)
