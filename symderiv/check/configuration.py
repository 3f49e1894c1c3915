"""`[tool.symderiv]` of pyproject.toml, under what the command line says."""

from __future__ import annotations

import argparse
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from symderiv.errors import SymderivError, UnknownName


@dataclass(frozen=True, slots=True)
class Settings:
    """What to check, and how to report it."""

    paths: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    format: str = "pretty"
    strict: bool = False
    verbose: bool = False
    second_reader: bool = False
    second_reader_python: str = ""


_TYPES: Final[dict[str, tuple[type[list[str]] | type[str] | type[bool], str]]] = {
    "paths": (list, "a list of texts"),
    "exclude": (list, "a list of texts"),
    "format": (str, "a text"),
    "strict": (bool, "true or false"),
    "verbose": (bool, "true or false"),
    "second-reader": (bool, "true or false"),
    "second-reader-python": (str, "a text"),
}


def read(folder: Path, options: argparse.Namespace) -> Settings:
    """The settings of the nearest pyproject.toml, with the options in front. Raises SymderivError for a table that is not understood."""
    table = _table(folder)
    for key, value in table.items():
        if key not in _TYPES:
            raise UnknownName.among("setting of [tool.symderiv]", key, _TYPES)
        kind, words = _TYPES[key]
        if not isinstance(value, kind) or (isinstance(value, list) and not all(isinstance(v, str) for v in value)):
            raise SymderivError(f"[tool.symderiv] {key} must be {words}")
    return Settings(
        tuple(options.paths or table.get("paths", ())),
        (*table.get("exclude", ()), *options.exclude),
        options.format or table.get("format", "pretty"),
        bool(table.get("strict", False) if options.strict is None else options.strict),
        bool(table.get("verbose", False) if options.verbose is None else options.verbose),
        bool(options.second_reader or options.second_reader_python or table.get("second-reader", False)),
        options.second_reader_python or table.get("second-reader-python", ""),
    )


def _table(folder: Path) -> dict[str, Any]:
    for place in (folder, *folder.parents):
        path = place / "pyproject.toml"
        if path.is_file():
            try:
                content = tomllib.loads(path.read_text(encoding="utf-8"))
            except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
                raise SymderivError(f"{path} cannot be read: {error}") from None
            table = content.get("tool", {}).get("symderiv", {})
            return dict(table) if isinstance(table, dict) else {}
    return {}
