"""The tests against a real small model run where ``make live`` has made its environment, and nowhere else."""

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.schema import Provider

PYTHON = os.environ.get("ANSWERBOOK_LIVE_PYTHON", "")
"""The Python that has the model and its server; ``make live`` sets it."""


@pytest.fixture(scope="session")
def service() -> Iterator[Provider]:
    """llama.cpp's own server with a real small model, on loopback, for as long as the tests run."""
    from pydantic import SecretStr

    if not PYTHON:
        pytest.skip("a real model answers here only after `make live`")
    script = Path(__file__).with_name("serve.py")
    with subprocess.Popen(
        [PYTHON, str(script)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        assert process.stdout is not None
        told = json.loads(process.stdout.readline())
        yield Provider(told["base_url"], SecretStr(""), told["model"])
        process.communicate()  # its input ends, and so does it
