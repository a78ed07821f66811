"""YAML files as typed records: unknown keys and values of the wrong type are refused."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, Field, RootModel, ValidationError

from corpus_tools.errors import InputError, known

Positive = Annotated[int, Field(gt=0)]
Share = Annotated[float, Field(gt=0, le=1)]
Seed = Annotated[int, Field(ge=0)]
# Start and end of a span in a file of gold: a list, as JSON has no tuples.
GoldSpan = Annotated[list[Annotated[int, Field(ge=0)]], Field(min_length=2, max_length=2)]


class Section(BaseModel):
    """A section of a YAML file: frozen, strict about types, and closed to unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class WordLists(RootModel[dict[str, Annotated[list[str], Field(min_length=1)]]]):
    """Lists of words by name, as in the files of anchors and labels."""


def read_word_lists(path: Path) -> dict[str, list[str]]:
    """Read lists of words by name; a project may do without the file."""
    return read_yaml(path, WordLists).root if path.exists() else {}


Model = TypeVar("Model", bound=BaseModel)


def read_yaml(path: Path, model: type[Model]) -> Model:
    """Read a YAML file into a typed record.

    Raises
    ------
    InputError
        If the file is missing, is not YAML, or has an unknown key or a value of the wrong type; the message
        names the file and the key.
    """
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise InputError(str(path), "no such file", "run in the project's folder, where params.yaml is") from None
    except UnicodeDecodeError as error:
        raise InputError(str(path), f"not UTF-8 ({error.reason} at byte {error.start})", "save it as UTF-8") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f"{path}, line {mark.line + 1}" if mark else str(path)
        raise InputError(place, f"not YAML: {getattr(error, 'problem', error)}", "correct that line") from None
    return check({} if content is None else content, model, str(path))


def check(content: Any, model: type[Model], where: str) -> Model:
    """Check parsed YAML against its record.

    Examples
    --------
    >>> class Size(Section):
    ...     width_mm: Positive = 89
    >>> check({"width": 20}, Size, "size.yaml")
    Traceback (most recent call last):
    corpus_tools.errors.InputError: size.yaml, width: unknown key
      remedy: did you mean width_mm? There are: width_mm
    """
    try:
        return model.model_validate(content)
    except ValidationError as error:
        first = error.errors()[0]
        keys = _keys_of(first["loc"], content)
        place = f"{where}, {'.'.join(keys)}" if keys else where
        if first["type"] == "extra_forbidden":
            raise InputError(place, "unknown key", known(keys[-1], _keys(model, keys[:-1]))) from None
        if first["type"] == "missing":
            raise InputError(place, "this key is needed", f"add it to {where}") from None
        # Where several forms are allowed (a number, or `grid`), each says what it wants.
        wanted = dict.fromkeys(e["msg"] for e in error.errors() if _keys_of(e["loc"], content) == keys)
        raise InputError(place, f"{'; or '.join(wanted)}, not {first['input']!r}", "correct the value") from None


def _keys_of(loc: tuple[int | str, ...], content: Any) -> list[str]:
    """Return the path of a value without what pydantic adds to it: the name of the form that did not fit."""
    keys: list[str] = []
    for key in loc:
        if isinstance(content, list) and isinstance(key, int):
            content = content[key]
        elif isinstance(content, dict):
            content = content.get(key)
        else:
            break
        keys.append(str(key))
    return keys


def _keys(model: type[BaseModel], path: list[str]) -> list[str]:
    for key in path:
        inner = model.model_fields[key].annotation if key in model.model_fields else None
        parts = [inner, *getattr(inner, "__args__", ())]  # a section, or `section | None`
        model = next((p for p in parts if isinstance(p, type) and issubclass(p, BaseModel)), model)
    return list(model.model_fields)
