"""The explorer of a notebook: type a pattern, choose outlets and days, read the lines, open the report of one."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any, ClassVar

import anywidget
import traitlets
from ipywidgets import HTML, Button, Combobox, DatePicker, Dropdown, HBox, Layout, SelectMultiple, Text, VBox

from corpus_tools.display.document import ShownReport
from corpus_tools.display.html import resource, safe, tag
from corpus_tools.display.result import SHOWN, more, page
from corpus_tools.errors import InputError
from corpus_tools.explore.concordance import Concordance, concordance, lines_table
from corpus_tools.explore.pattern import parse
from corpus_tools.explore.word_index import CorpusWords

_MATCHES = [("with * and ?", ("glob", "word")), ("lemma", ("glob", "lemma")), ("regular expression", ("regex", "word"))]
_SORTS = [("as in the corpus", "text"), ("left context", "left"), ("right context", "right"), ("words found", "match")]
_SORTS += [("day", "date"), ("outlet", "outlet")]
_VOICES = [("any voice", None), ("between quotation marks", "quoted"), ("the narrator's", "narrator")]
_OUTLETS = 4  # of the list of outlets, so many are seen at once
_BETWEEN = re.compile(r",(?!\d)|(?<!\d),")
_ROW = Layout(flex_flow="row wrap", align_items="flex-end")


class Reader(anywidget.AnyWidget):
    """Lines to choose from, and the report of the chosen one.

    Attributes
    ----------
    lines, report
        HTML of both.
    chosen
        Row of the line that was clicked, counted from 0; -1 for none.
    """

    # table.js runs for itself, before what the browser is to render.
    _esm: ClassVar[str] = resource("table.js") + resource("explorer.js")
    _css: ClassVar[str] = resource("explorer.css")
    lines = traitlets.Unicode().tag(sync=True)
    report = traitlets.Unicode().tag(sync=True)
    chosen = traitlets.Int(-1).tag(sync=True)


class Explorer(VBox):
    """Search a corpus in a notebook.

    Parameters
    ----------
    words
        Of the corpus.
    show
        Shows a report, by its doc_id and the stretches that were looked for.
    pattern
        What to begin with.

    Attributes
    ----------
    found
        The concordance that is shown; its `.frame` is the table.
    call
        The line of Python that finds the same again.
    """

    def __init__(
        self, words: CorpusWords, show: Callable[[str, list[tuple[int, int]]], ShownReport], pattern: str = ""
    ) -> None:
        self._words, self._show = words, show
        self.found: Concordance | None = None
        self.call = ""
        self.pattern = Text(pattern, description="words", placeholder="evacuat*, peace talks", continuous_update=False)
        self.match = Dropdown(options=_MATCHES, description="read as")
        self.outlet = SelectMultiple(
            options=words.outlets, description="outlets", rows=min(len(words.outlets), _OUTLETS)
        )
        self.since, self.until = DatePicker(description="since"), DatePicker(description="until")
        # Looked for when a name is whole, not at each letter of it.
        self.place = Combobox(options=words.places, description="place", continuous_update=False)
        self.speaker = Combobox(
            options=words.speakers, description="speaker", placeholder="*Trump", continuous_update=False
        )
        self.voice = Dropdown(options=_VOICES, description="voice")
        self.sort = Dropdown(options=_SORTS, description="sorted by")
        self.says = HTML()
        self.reader = Reader()
        button = Button(description="Search", icon="search", button_style="primary")
        button.on_click(self._search)
        for control in self._controls.values():
            control.observe(self._search, "value")
        self.reader.observe(self._open, "chosen")
        rows = [
            HBox([self.pattern, self.match, self.sort, button], layout=_ROW),
            HBox(
                [self.outlet, VBox([self.since, self.until]), VBox([self.place, self.speaker]), self.voice], layout=_ROW
            ),
        ]
        super().__init__([*rows, self.says, self.reader])
        self._search()

    @property
    def _controls(self) -> dict[str, Any]:
        names = ("pattern", "match", "sort", "outlet", "since", "until", "place", "speaker", "voice")
        return {name: getattr(self, name) for name in names}

    def _chosen(self) -> dict[str, Any]:
        """Give what has been chosen, as arguments of `corpus.concordance`; what is left as it was is left out."""
        (match, unit), sort = self.match.value, self.sort.value
        given = {"match": (match, "glob"), "unit": (unit, "word"), "sort": (sort, "text")}
        found = {name: value for name, (value, usual) in given.items() if value != usual}
        for name in ("outlet", "since", "until", "place", "speaker", "voice"):
            value = self._controls[name].value
            if value:
                found[name] = str(value) if isinstance(value, date) else list(value) if name == "outlet" else value
        return found

    def _search(self, _: object = None) -> None:
        chosen = self._chosen()
        # A comma stands between texts of which any one may be found; in a regular expression it is its own, and `1,000`
        # is one number.
        typed = self.pattern.value
        texts = [text.strip() for text in (_BETWEEN.split(typed) if "match" not in chosen else [typed])]
        texts = [text for text in texts if text]
        self.reader.chosen, self.reader.report = -1, ""
        if not texts:
            self.found, self.call, self.reader.lines = None, "", ""
            self.says.value = tag("em", "Type words to look for, then press Enter.")
            return
        where = {name: value for name, value in chosen.items() if name not in {"match", "unit", "sort"}}
        try:
            pattern = parse(texts, chosen.get("match", "glob"), chosen.get("unit", "word"))
            self.found = concordance(self._words, pattern, self._words.where(where), sort=self.sort.value, limit=SHOWN)
        except InputError as error:
            # What stood there answered another question.
            self.found, self.call, self.reader.lines = None, "", ""
            self.says.value = tag("div", safe(error), role="alert")
            return
        arguments = [repr(texts[0] if len(texts) == 1 else texts), *(f"{k}={v!r}" for k, v in chosen.items())]
        self.call = f"corpus.concordance({', '.join(arguments)})"
        self.says.value = tag("code", safe(self.call))
        head, *_ = self.found.notes
        self.reader.lines = page(self.found.title, [head], lines_table(self.found.frame), more(self.found.hits))

    def _open(self, change: dict[str, Any]) -> None:
        if self.found is not None and 0 <= change["new"] < len(self.found):
            line = self.found.frame.row(change["new"], named=True)
            self.reader.report = self._show(line["doc_id"], [(line["start"], line["end"])]).html

    def _repr_mimebundle_(self, **options: Any) -> Any:
        # Where no widget can be shown, as in an exported notebook, the lines can be read.
        bundle = super()._repr_mimebundle_(**options)
        data, *metadata = bundle if isinstance(bundle, tuple) else (bundle,)
        told = self.reader.lines or self.says.value
        data = {**(data or {}), "text/html": told, "text/plain": repr(self.found) if self.found else "Explorer"}
        return (data, *metadata) if metadata else data
