"""What a service said when it refused a prompt as too long in, its model's window out."""

import re

_LEAST, _MOST = 256, 20_000_000  # tokens; no model in use has another window
# Each as services word it: OpenAI and vLLM; llama.cpp; Anthropic; Mistral; LM Studio; Google; Ollama.
_TOLD = re.compile(
    r"(?:maximum context length (?:is|of)|maximum context length:|context size \(|\bn_ctx\W{1,4}|tokens > |"
    r"too large for model with|context length of(?: only)?|maximum number of tokens allowed \(|"
    r"context window (?:is|of)|num_ctx\W{1,4}) ?(\d[\d,]{2,10})"
)


def window_told(words: str) -> int | None:
    """Return how many tokens prompt and answer may have together by a service's own words in small letters, or None."""
    told = [int(match[1].replace(",", "")) for match in _TOLD.finditer(words)]
    return min((window for window in told if _LEAST <= window <= _MOST), default=None)
