"""The version of UniPact, which every release records; `pyproject.toml` says the same."""

from typing import Final

VERSION: Final = "0.1.0"
