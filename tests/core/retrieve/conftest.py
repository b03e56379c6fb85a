"""Assistants to be asked."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.core.retrieve.retrieve_kit import HANDBOOK, Assistant


@pytest.fixture
def assistant(tmp_path: Path) -> Iterator[Assistant]:
    made = Assistant(tmp_path / "passages")
    yield made
    made.store.close()


@pytest.fixture
def handbook(assistant: Assistant) -> Assistant:
    for name, texts in HANDBOOK.items():
        assistant.put(name, *texts)
    return assistant


@pytest.fixture
def reports(assistant: Assistant) -> Assistant:
    """Reports that read alike: only their first page says whose they are, only their name says of which quarter."""
    for company, code in (("Northwind Corp", "NWND"), ("Contoso Inc", "CTSO"), ("Fabrikam Ltd", "FBKM")):
        for period in ("2022_Q3", "2023_Q1", "2023_Q2", "2023_Q3"):
            assistant.put(
                f"{period}_{code}.pdf",
                f"Form 10-Q. Quarterly report of {company}. Address of principal executive offices.",
                f"Total net sales of the quarter were {len(assistant.sources) * 111} million.",
                "Risk factors. Exchange rates may lower our net sales and our gross margin.",
                "Inventory rose as we prepared for the season.",
            )
    return assistant
