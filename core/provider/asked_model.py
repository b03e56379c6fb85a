"""A LangChain chat model that is asked as its traits say, learns from a refusal, and lets go when it is given up."""

from collections.abc import AsyncGenerator, Generator, Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.language_models.chat_models import generate_from_stream
from langchain_core.messages import AIMessageChunk, BaseMessage
from langchain_core.outputs import ChatGenerationChunk, ChatResult

from core.provider.beside import pieces_beside
from core.provider.learn import second_tries
from core.provider.refusal import window_named
from core.provider.shape import answer_tokens, limit_options, shaped
from core.schema import ModelTraits

MOST_TRIES = 8  # ways to ask of one request; a thorough test of four traits needs six


class AskedModel(BaseChatModel):
    """A chat model behind its traits, which change where a refusal taught something (``traits`` is read after a test).

    ``tokens`` limits an answer (default: by the traits); ``thorough`` tries what no refusal named, too. While it waits
    for its service it gives empty chunks.
    """

    inner: BaseChatModel
    traits: ModelTraits
    make: str = "openai"
    tokens: int | None = None
    thorough: bool = False

    @property
    def _llm_type(self) -> str:
        return self.inner._llm_type

    @property
    def _identifying_params(self) -> dict[str, Any]:
        return {"model": getattr(self.inner, "model_name", ""), "make": self.make}

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> Iterator[ChatGenerationChunk]:
        known = self.traits
        ways, tried = [known], {known}
        refused: Exception | None = None
        while ways:
            way = ways.pop(0)
            begun = False
            pieces = self._pieces(way, messages, stop=stop, **kwargs)
            try:
                for piece in pieces:
                    if piece is not None and not begun:
                        begun, self.traits = True, way
                    yield piece or ChatGenerationChunk(message=AIMessageChunk(content=""))
                return
            except Exception as error:
                if window := window_named(error):
                    self.traits = _with_window(self.traits, window)
                others = None if begun else second_tries(way, error, thorough=self.thorough and way == known)
                if others is None or len(tried) > MOST_TRIES:
                    raise
                refused = refused or error
                ways = [other for other in others if other not in tried] + ways
                if not ways:
                    raise refused from None
                tried.update(ways)
            finally:
                pieces.close()

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        return generate_from_stream(self._stream(messages, stop=stop, **kwargs))

    def _pieces(
        self, traits: ModelTraits, messages: Sequence[BaseMessage], **kwargs: Any
    ) -> Generator[ChatGenerationChunk | None]:
        """Make one request, in one way: beside its caller where its client can (None while it waits), else here."""
        asked = shaped(messages, traits)
        if self.make in ("openai", "azure_openai"):  # other makes take their limit when they are made
            kwargs = {**limit_options(traits.limit, self.tokens or answer_tokens(traits)), **kwargs}
        if self.make == "ollama" or getattr(self.inner, "http_async_client", None) is not None:
            yield from pieces_beside(partial(self._asked_beside, traits, asked, **kwargs))
        elif traits.streams:
            yield from self.inner._stream(asked, **kwargs)
        else:
            yield from _as_chunks(self.inner._generate(asked, **kwargs))

    async def _asked_beside(
        self, traits: ModelTraits, asked: list[BaseMessage], **kwargs: Any
    ) -> AsyncGenerator[ChatGenerationChunk, None]:
        if traits.streams:
            async for chunk in self.inner._astream(asked, **kwargs):
                yield chunk
        else:
            for chunk in _as_chunks(await self.inner._agenerate(asked, **kwargs)):
                yield chunk


def _as_chunks(result: ChatResult) -> Iterator[ChatGenerationChunk]:
    """Give a whole answer as a stream of one piece; of none where there is no answer."""
    for generation in result.generations[:1]:
        whole = generation.message
        yield ChatGenerationChunk(
            message=AIMessageChunk(
                content=whole.content,
                additional_kwargs=whole.additional_kwargs,
                usage_metadata=getattr(whole, "usage_metadata", None),
            ),
            generation_info={**(generation.generation_info or {}), **whole.response_metadata},
        )


def _with_window(traits: ModelTraits, window: int) -> ModelTraits:
    return replace(traits, window=min(window, traits.window or window))
