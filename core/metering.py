"""A model in, the same model out that is asked only as far as its cost may go: reserved before, settled after."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.language_models.chat_models import generate_from_stream
from langchain_core.messages import BaseMessage
from langchain_core.outputs import ChatGenerationChunk, ChatResult

from core.answer import MESSAGE_TOKENS, tokens
from core.errors import AnswerbookError, ModelError
from core.log import log_failure
from core.provider import answer_tokens, clean_address, is_local, price_of
from core.schema import ModelTraits, Provider
from core.spending import Request, limits, own_price, release, reserve, settle

MILLION = 1_000_000
# Tokens; what is reserved at least for a model that takes no limit of its answers, as one that thinks gets.
UNLIMITED_ANSWER = 4_000
_IN_PARTS = ("google_genai",)  # makes whose client tells usage in parts that add up; others tell the sum so far


@dataclass(frozen=True, slots=True)
class Price:
    """Micro-euros for a million tokens of prompt and of answer; ``known`` is where from: "owner", "table", "here", "".

    "here": it runs on this machine or in its own network, and costs nothing. "": nobody knows it.
    """

    prompt: int
    answer: int
    known: str

    def of(self, prompt_tokens: int, answer_tokens: int) -> int:
        """Return what so many tokens cost in micro-euros, rounded up."""
        return -(-(prompt_tokens * self.prompt + answer_tokens * self.answer) // MILLION)


def price_in_euros(service: Provider, dollar: int | None = None) -> Price:
    """Return what a model costs: by its owner's word, else by the product's table of dollars; nothing where it is here.

    ``dollar`` is what a dollar costs in micro-euros, by default as it was set.
    """
    if own := own_price(host_of(service), service.chat_model.strip()):
        return Price(*own, "owner")
    if listed := price_of(service):
        rate = dollar or limits().dollar
        return Price(round(listed.prompt * rate), round(listed.answer * rate), "table")
    return Price(0, 0, "here" if _is_here(service) else "")


def host_of(service: Provider) -> str:
    """Return the host, with its port, that a model is asked at; empty where the address cannot be used."""
    try:
        return urlsplit(clean_address(service)).netloc
    except ModelError:
        return ""


def _is_here(service: Provider) -> bool:
    try:
        return is_local(clean_address(service).partition("?")[0])
    except ModelError:
        return False


@dataclass(slots=True)
class Bill:
    """What one answer cost so far: its requests that were not in vain, micro-euros, whether all prices are known."""

    requests: int = 0
    micro_euros: int = 0
    is_known: bool = True

    @property
    def spent(self) -> int | None:
        """Return the micro-euros; None where no model was asked, or nobody knows its price."""
        return self.micro_euros if self.requests and self.is_known else None


def metered(model: BaseChatModel, service: Provider, assistant_id: str, asker: str, bill: Bill) -> BaseChatModel:
    """Return the model that reserves before each request the most it may cost, and settles what it did cost.

    Where too little is left it raises ModelError (code OVER_LIMIT) instead of asking. What was asked goes on the bill.
    """
    price = price_in_euros(service)
    return MeteredModel(inner=model, meter=_Meter(service.make, service.chat_model, price, assistant_id, asker, bill))


@dataclass(slots=True)
class _Meter:
    make: str
    model: str
    price: Price
    assistant_id: str
    asker: str
    bill: Bill

    def reserve(self, prompt: int, answer: int) -> str:
        """Reserve a request of so many tokens. Raises ModelError, also where the database is away."""
        request = Request(
            assistant_id=self.assistant_id,
            asker=self.asker,
            model=self.model,
            prompt_tokens=prompt,
            answer_tokens=answer,
            micro_euros=self.price.of(prompt, answer),
            priced=bool(self.price.known),
            free=self.price.known == "here",
            is_further=self.bill.requests > 0,
        )
        try:
            return reserve(request)
        except ModelError:
            raise
        except AnswerbookError as error:
            raise ModelError(error.what, error.remedy, code=error.code) from error

    def settle(self, reservation: str, use: "_Use", *, failed: bool) -> None:
        """Write down what was used; an answer that came must not be lost because that cannot be written."""
        try:
            if failed and not use.came:
                release(reservation)
                return
            prompt, answer = use.tokens()
            cost = self.price.of(prompt, answer)
            self.bill.requests += 1
            self.bill.micro_euros += cost
            self.bill.is_known = self.bill.is_known and bool(self.price.known)
            settle(reservation, prompt, answer, cost)
        except AnswerbookError as error:
            log_failure("spending.not_settled", error)


class _Use:
    """What a request used: as its service tells, else estimated from what was sent and what came."""

    def __init__(self, prompt: int, make: str) -> None:
        self.came = False
        self._prompt = prompt
        self._adds_up = make in _IN_PARTS
        self._told = {"input_tokens": 0, "output_tokens": 0}
        self._written: list[str] = []

    def take(self, chunk: ChatGenerationChunk) -> None:
        """Note what a piece holds and what it tells of the use so far."""
        message: Any = chunk.message
        if text := message.text or _thoughts_in(message):
            self._written.append(text)
        usage = getattr(message, "usage_metadata", None) or {}
        for name, before in self._told.items():
            count = max(0, int(usage.get(name) or 0))
            self._told[name] = before + count if self._adds_up else max(before, count)
        self.came = self.came or bool(text) or bool(usage)

    def tokens(self) -> tuple[int, int]:
        """Return the tokens of prompt and answer; a service that was cut off may have told the prompt's alone."""
        written = tokens("".join(self._written))
        return self._told["input_tokens"] or self._prompt, self._told["output_tokens"] or written


def _thoughts_in(message: Any) -> str:
    told = getattr(message, "additional_kwargs", {}) or {}
    return str(told.get("reasoning_content") or told.get("reasoning") or "")


class MeteredModel(BaseChatModel):
    """A chat model that is asked only where what it may cost could be reserved; ``meter`` is a _Meter."""

    inner: BaseChatModel
    meter: Any

    @property
    def traits(self) -> Any:
        """Return how the model wants to be asked, as it is known by now; None for a model of another's making."""
        return getattr(self.inner, "traits", None)

    @property
    def make(self) -> str:
        """Return whose protocol is spoken."""
        return str(getattr(self.inner, "make", ""))

    @property
    def _llm_type(self) -> str:
        return self.inner._llm_type

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> Iterator[ChatGenerationChunk]:
        prompt = sum(tokens(message.text) + MESSAGE_TOKENS for message in messages)
        reservation = self.meter.reserve(prompt, self._most_of_an_answer())
        use, failed = _Use(prompt, self.make), False
        try:
            stream: Any = self.inner._stream(messages, stop=stop, run_manager=run_manager, **kwargs)
            with closing(stream):
                for chunk in stream:
                    use.take(chunk)
                    yield chunk
        except Exception:
            failed = True
            raise
        finally:  # whoever hung up has used what came until then, and the prompt
            self.meter.settle(reservation, use, failed=failed)

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        return generate_from_stream(self._stream(messages, stop=stop, **kwargs))

    def _most_of_an_answer(self) -> int:
        traits = self.traits if isinstance(self.traits, ModelTraits) else ModelTraits()
        most = getattr(self.inner, "tokens", None) or answer_tokens(traits)
        return int(most) if traits.limit else max(UNLIMITED_ANSWER, int(most))
