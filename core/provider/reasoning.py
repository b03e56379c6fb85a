"""LangChain's client of the OpenAI protocol drops what a model thinks; here it is kept."""

from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import BaseMessage

_FIELDS = ("reasoning_content", "reasoning")  # DeepSeek's, vLLM's and llama.cpp's; OpenRouter's and Ollama's


def with_reasoning(model: "BaseChatModel") -> "BaseChatModel":
    """Let a model of the OpenAI protocol put its thoughts into ``additional_kwargs["reasoning_content"]``.

    Any other model comes back as it is.
    """
    from langchain_openai.chat_models.base import BaseChatOpenAI

    if isinstance(model, BaseChatOpenAI):
        model.__class__ = _keeping_reasoning(type(model))  # made by init_chat_model, which takes no class of ours
    return model


@cache
def _keeping_reasoning(base: Any) -> Any:
    class KeepingReasoning(base):
        """The same client, which also reads the fields of thoughts."""

        def _convert_chunk_to_generation_chunk(self, chunk: dict[str, Any], *given: Any) -> Any:
            made = super()._convert_chunk_to_generation_chunk(chunk, *given)
            choices = chunk.get("choices") or (chunk.get("chunk") or {}).get("choices") or [{}]
            if made is not None:
                _note(made.message, choices[0].get("delta"))
            return made

        def _create_chat_result(self, response: Any, *given: Any) -> Any:
            made = super()._create_chat_result(response, *given)
            whole = response if isinstance(response, dict) else response.model_dump(warnings="none")
            for generation, choice in zip(made.generations, whole.get("choices") or [], strict=False):
                _note(generation.message, choice.get("message"))
            return made

    return KeepingReasoning


def _note(message: "BaseMessage", told: Any) -> None:
    fields = told if isinstance(told, dict) else {}
    if thought := next((fields[name] for name in _FIELDS if isinstance(fields.get(name), str) and fields[name]), ""):
        message.additional_kwargs["reasoning_content"] = thought
