"""What the owner reads when a service refuses or fails: sentence and remedy as one line."""

KEY = (
    "The AI service did not accept the key. Check it in Settings for missing characters, "
    "or make a new key at the service and save it again."
)
NO_KEY = "The AI service wants a key. Make one at the service and enter it in Settings."
FORBIDDEN = (
    "The key is not allowed to do this. Give the key the right to use this model at the AI service, or use another key."
)
REGION = "The AI service does not serve this country or region. Choose another AI service."
NO_CREDIT = "Your account at the AI service has no credit left. Add credit there, then try again. Nothing was lost."
BUSY = "The AI service is busy: too many requests at once. Wait a moment and try again."
NO_MODEL = "The AI service does not offer this model to you. Choose another model in Settings."
NOT_AVAILABLE = "The model “fake-chat” is not available to your key. Choose one it offers, such as fake-embed."
RETIRED = "The AI service has retired this model. Choose a newer one in Settings."
RETIRED_NAMED = "The AI service has retired the model “fake-chat”. Choose one it offers, such as fake-embed."
NOT_CHAT = (
    "This model does not write answers in a chat. Choose a chat model in Settings; this "
    "one may be meant for search or for other work."
)
NOTHING_LOADED = "The AI service has no model loaded. Load one there, and try again."
MEMORY = (
    "The computer that runs the model has too little memory for it. Choose a smaller model "
    "in Settings, or close other programs there."
)
NOT_API = (
    "No AI service that speaks the OpenAI protocol answers at this address. Check the address; it often ends in /v1."
)
GATEWAY = (
    "A web page answered instead of the AI service: a login, a firewall or a proxy stands "
    "in between. Check the address, and whether this machine may use the service."
)
GATEWAY_DOWN = "The AI service cannot be reached behind its gateway just now. Nothing was lost. Try again in a while."
TOO_LARGE = (
    "What stands in front of the AI service does not let requests of this size through. "
    "Whoever runs it can raise its limit. In the chat, a new conversation makes requests "
    "smaller."
)
REDIRECT = (
    "This address sends its callers on to another one. Enter the final address; check https:// and the host's name."
)
TIMEOUT = "The AI service did not answer in time. Nothing was lost. Try again."
FAULT = "The AI service has a fault of its own just now. Nothing was lost. Try again in a while."
TOO_LONG = (
    "The question and its passages are too long for this model. Begin a new conversation, "
    "or choose a model that takes more text in Settings."
)
DECLINED = "The AI service declined this question. Ask it in other words."
BAD_REQUEST = (
    "The AI service did not accept the request. Press “Test again” in Settings: it finds "
    "out how this model wants to be asked."
)
EMPTY = "The AI service sent an empty answer. Try again."
STOPPED = "The answer stopped early. What came so far is kept. Try again."
UNREADABLE = "The AI service sent an answer that cannot be read. Try again."
CUT_SHORT = (
    "The answer was cut short: it reached the model's length limit. Ask for a shorter answer, or for a part of it."
)
TOOLS = "The model asked for a tool instead of writing an answer. Try again, or choose another model in Settings."
IN_TEST_REFUSED = (
    "The AI service did not accept the request, in whatever way it was made. Choose another model, or check the "
    "address of the service."
)
IN_TEST_TOO_LONG = "Even a short question is too long for this model. Choose a model that takes more text."
IN_TEST_DECLINED = "The AI service declined the test's question. Try again, or choose another model."
IN_TEST_STOPPED = "The answer to the test's question stopped early. Try again."
