"""params.yaml and the source files: every choice a result depends on, typed; unknown keys are refused."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, Field, RootModel, ValidationError

from corpus_tools.errors import InputError, known

Positive = Annotated[int, Field(gt=0)]
Share = Annotated[float, Field(gt=0, le=1)]
Period = Literal["day", "week", "month"]


class Section(BaseModel):
    """A part of a YAML file; frozen, strict about types, and closed to keys it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Collect(Section):
    """What is collected, and how many documents a partition holds."""

    skip: list[str] = Field(default_factory=list)
    documents_per_partition: Positive = 1000


class Clean(Section):
    """Which reports are one and the same printed twice, and how reports are counted over time."""

    duplicate_days: Annotated[int, Field(ge=0)] = 3
    duplicate_share: Share = 0.5
    period: Period = "week"


class Tokenise(Section):
    """How many documents Punkt learns from (0: all of them), and which tagger tags the tokens."""

    train_documents: Annotated[int, Field(ge=0)] = 1000
    tagger: Annotated[str, Field(pattern=r"^(masc|nltk|spacy:\S+)$")] = "masc"


class Annotate(Section):
    """Which languages the rules are for, and how far apart in days two claims may be that belong to one event."""

    languages: Annotated[list[str], Field(min_length=1)] = ["en"]
    event_gap_days: Positive = 4


class Grid(Section):
    """Which numbers of topics are looked at, in how many runs, and of at most how many documents."""

    n_topics: Annotated[list[Positive], Field(min_length=1)] = [10, 20, 30, 40, 50, 60]
    runs: Annotated[int, Field(ge=3)] = 8
    documents: Positive = 5000


class Topics(Section):
    """The topic model and the vocabulary it sees."""

    model: Literal["nmf", "lda"] = "nmf"
    n_topics: Positive | Literal["grid"] = 30
    seed: Annotated[int, Field(ge=0)] = 0
    min_documents: Positive = 10
    max_share: Share = 0.4
    leave_out: list[str] = Field(default_factory=list)
    learn_until: date | None = None
    max_iterations: Positive = 200
    batch_above: Positive = 50_000
    n_terms: Positive = 30
    period: Period = "week"
    refits: Annotated[int, Field(ge=0)] = 10
    draws: Positive = 1000

    @property
    def number(self) -> int:
        """The number of topics.

        Raises
        ------
        InputError
            If it is left to the grid, which only the pipeline asks.
        """
        if self.n_topics == "grid":
            raise InputError("topics.n_topics", "`grid` stands for no number here", "give the number of topics")
        return self.n_topics


# How news in English tells of armed conflict, chosen by what these words mean and not by looking at any corpus: what is
# reported is then told apart from how. Of some of them, the lexicon knows no form.
_WAR = """
    war battle combat fight attack assault raid ambush bomb bombing bombard blast explosion explode
    shell shelling shoot gunfire gunman weapon missile kill killer killing dead death die deadly
    wound injure casualty victim bloodshed destroy destruction devastate violence violent enemy
    hostility conflict terror terrorist terrorism rebel invade invasion siege hostage massacre
    murder
"""


class Sentiment(Section):
    """How sentiment is followed over time, without which vocabulary too, and how often days are drawn anew."""

    period: Period = "week"
    vocabulary: list[str] = _WAR.split()
    draws: Positive = 1000
    seed: Annotated[int, Field(ge=0)] = 0


class Evaluate(Section):
    """How often reports are drawn anew for the intervals of the scores, and from which seed."""

    draws: Positive = 1000
    seed: Annotated[int, Field(ge=0)] = 0


class Figures(Section):
    """Sizes of the figures, as a journal prescribes them, and whether each says below what made it."""

    widths_mm: Annotated[list[Annotated[int, Field(ge=50, le=300)]], Field(min_length=1)] = [89, 183]
    font_pt: Annotated[float, Field(ge=5, le=14)] = 7.0
    dpi: Annotated[int, Field(ge=72, le=1200)] = 300
    settings_line: bool = True


# What is often asked of reports of armed conflict.
_WORDS = ["ceasefire*", "civilian*", "refugee*", "evacuat*", "peace talks"]


class Report(Section):
    """What the page for readers is called, which words it shows in context, and how much of what is long."""

    title: Annotated[str, Field(min_length=1)] = "A corpus of news reports"
    words: list[str] = _WORDS
    lines: Positive = 100
    rows: Positive = 500
    seed: Annotated[int, Field(ge=0)] = 0


class Notebooks(Section):
    """How long one cell of a notebook may run."""

    cell_seconds: Positive = 300


class Params(Section):
    """All of params.yaml: where the partitions are computed, on which no result depends, and one section a step."""

    engine: Literal["local", "dask"] = "local"

    collect: Collect = Collect()
    clean: Clean = Clean()
    tokenise: Tokenise = Tokenise()
    annotate: Annotate = Annotate()
    grid: Grid = Grid()
    topics: Topics = Topics()
    sentiment: Sentiment = Sentiment()
    evaluate: Evaluate = Evaluate()
    figures: Figures = Figures()
    report: Report = Report()
    notebooks: Notebooks = Notebooks()


class Words(RootModel[dict[str, Annotated[list[str], Field(min_length=1)]]]):
    """Words by name, as in the files of anchors and labels."""


Model = TypeVar("Model", bound=BaseModel)


def read_yaml(path: Path, model: type[Model]) -> Model:
    """Read a YAML file into a typed record.

    Raises
    ------
    InputError
        If the file is missing, is no YAML, or holds an unknown key or a value of the wrong type; the message
        names the file and the key.
    """
    try:
        found = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise InputError(str(path), "no such file", "run in the project's folder, where params.yaml is") from None
    except UnicodeDecodeError as error:
        raise InputError(str(path), f"not UTF-8 ({error.reason} at byte {error.start})", "save it as UTF-8") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f"{path}, line {mark.line + 1}" if mark else str(path)
        raise InputError(place, f"not YAML: {getattr(error, 'problem', error)}", "mend that line") from None
    return check(found if found is not None else {}, model, str(path))


def check(found: Any, model: type[Model], where: str) -> Model:
    """Check parsed YAML against its record.

    Examples
    --------
    >>> check({"topics": {"n_topic": 20}}, Params, "params.yaml")
    Traceback (most recent call last):
    corpus_tools.errors.InputError: params.yaml, topics.n_topic: unknown key
      remedy: did you mean n_topics? There are: batch_above, ...
    """
    try:
        return model.model_validate(found)
    except ValidationError as error:
        first = error.errors()[0]
        keys = _keys_of(first["loc"], found)
        place = f"{where}, {'.'.join(keys)}" if keys else where
        if first["type"] == "extra_forbidden":
            raise InputError(place, "unknown key", known(keys[-1], _keys(model, keys[:-1]))) from None
        if first["type"] == "missing":
            raise InputError(place, "this key is needed", f"add it to {where}") from None
        # Where several forms are allowed (a number, or `grid`), each says what it wants.
        wanted = dict.fromkeys(e["msg"] for e in error.errors() if _keys_of(e["loc"], found) == keys)
        raise InputError(place, f"{'; or '.join(wanted)}, not {first['input']!r}", "correct the value") from None


def _keys_of(loc: tuple[int | str, ...], found: Any) -> list[str]:
    """Leave out what pydantic adds to the path of a value: the name of the form that did not fit."""
    keys: list[str] = []
    for key in loc:
        if isinstance(found, list) and isinstance(key, int):
            found = found[key]
        elif isinstance(found, dict):
            found = found.get(key)
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
