"""The explorer of a notebook: type a pattern, choose outlets and days, read the lines, open a line's report."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any, ClassVar

import anywidget
import traitlets
from ipywidgets import HTML, Button, Combobox, DatePicker, Dropdown, HBox, Layout, SelectMultiple, Text, VBox

from corpus_tools.display.document import ShownReport
from corpus_tools.display.html import fill_in, resource, safe
from corpus_tools.display.result import SHOWN
from corpus_tools.errors import InputError
from corpus_tools.explore.concordance import Concordance, concordance, lines_table
from corpus_tools.explore.methods import FILTERS
from corpus_tools.explore.pattern import parse
from corpus_tools.explore.word_index import CorpusWords

_MATCHES = [("with * and ?", ("glob", "word")), ("lemma", ("glob", "lemma")), ("regular expression", ("regex", "word"))]
_SORTS = [("as in the corpus", "text"), ("left context", "left"), ("right context", "right"), ("words found", "match")]
_SORTS += [("day", "date"), ("outlet", "outlet")]
_VOICES = [("any voice", None), ("between quotation marks", "quoted"), ("the narrator's", "narrator")]
_VISIBLE_OUTLETS = 4
_COMMA = re.compile(r",(?!\d)|(?<!\d),")
_ROW = Layout(flex_flow="row wrap", align_items="flex-end")


class Reader(anywidget.AnyWidget):
    """The lines, and the report of the line that was clicked.

    Attributes
    ----------
    lines, report
        Their HTML.
    chosen
        Number of the line that was clicked, from 0; -1 for none.
    """

    # table.js runs first, and defines the element that the lines use.
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
        The words of the corpus.
    show
        Shows a report, given its doc_id and the spans that were searched for.
    pattern
        The first pattern to search for.

    Attributes
    ----------
    result
        The concordance that is shown, or None.
    call
        The line of Python that makes the same search.
    """

    def __init__(
        self, words: CorpusWords, show: Callable[[str, list[tuple[int, int]]], ShownReport], pattern: str = ""
    ) -> None:
        self._words, self._show = words, show
        self.result: Concordance | None = None
        self.call = ""
        self.pattern = Text(pattern, description="words", placeholder="evacuat*, peace talks", continuous_update=False)
        self.match = Dropdown(options=_MATCHES, description="read as")
        self.outlet = SelectMultiple(
            options=words.outlets, description="outlets", rows=min(len(words.outlets), _VISIBLE_OUTLETS)
        )
        self.since, self.until = DatePicker(description="since"), DatePicker(description="until")
        # Searched once a name is complete, not at each letter.
        self.place = Combobox(options=words.places, description="place", continuous_update=False)
        self.speaker = Combobox(
            options=words.speakers, description="speaker", placeholder="*Trump", continuous_update=False
        )
        self.voice = Dropdown(options=_VOICES, description="voice")
        self.sort = Dropdown(options=_SORTS, description="sorted by")
        self.status = HTML()
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
        super().__init__([*rows, self.status, self.reader])
        self._search()

    @property
    def _controls(self) -> dict[str, Any]:
        names = ("pattern", "match", "sort", "outlet", "since", "until", "place", "speaker", "voice")
        return {name: getattr(self, name) for name in names}

    def _chosen(self) -> dict[str, Any]:
        """Return the arguments of `corpus.concordance` that differ from its defaults."""
        (match, unit), sort = self.match.value, self.sort.value
        options = {"match": (match, "glob"), "unit": (unit, "word"), "sort": (sort, "text")}
        chosen = {name: value for name, (value, default) in options.items() if value != default}
        for name in FILTERS:
            value = self._controls[name].value
            if value:
                chosen[name] = str(value) if isinstance(value, date) else list(value) if name == "outlet" else value
        return chosen

    def _search(self, _: object = None) -> None:
        chosen = self._chosen()
        # A comma separates alternatives, but not the digits of `1,000`, and nothing in a regular expression.
        typed = self.pattern.value
        texts = [text.strip() for text in (_COMMA.split(typed) if "match" not in chosen else [typed])]
        texts = [text for text in texts if text]
        self.reader.chosen, self.reader.report = -1, ""
        if not texts:
            self._clear("<em>Type words to look for, then press Enter.</em>")
            return
        try:
            pattern = parse(texts, chosen.get("match", "glob"), chosen.get("unit", "word"))
            selection = self._words.select({name: value for name, value in chosen.items() if name in FILTERS})
            self.result = concordance(self._words, pattern, selection, sort=self.sort.value, limit=SHOWN)
        except InputError as error:
            self._clear(f'<div role="alert">{safe(error)}</div>')
            return
        arguments = [repr(texts[0] if len(texts) == 1 else texts), *(f"{k}={v!r}" for k, v in chosen.items())]
        self.call = f"corpus.concordance({', '.join(arguments)})"
        self.status.value = f"<code>{safe(self.call)}</code>"
        lines = lines_table(self.result.frame, self.result.hits)
        self.reader.lines = fill_in("result.html", title=self.result.title, notes=self.result.notes[:1], table=lines)

    def _clear(self, status: str) -> None:
        # Lines of the last search would look like the answer to this one.
        self.result, self.call, self.reader.lines = None, "", ""
        self.status.value = status

    def _open(self, change: dict[str, Any]) -> None:
        if self.result is not None and 0 <= change["new"] < len(self.result):
            line = self.result.frame.row(change["new"], named=True)
            self.reader.report = self._show(line["doc_id"], [(line["start"], line["end"])]).html

    def _repr_mimebundle_(self, **options: Any) -> Any:
        # Where no widget can be shown, as in an exported notebook, the lines can still be read.
        bundle = super()._repr_mimebundle_(**options)
        data, *metadata = bundle if isinstance(bundle, tuple) else (bundle,)
        html = self.reader.lines or self.status.value
        data = {**(data or {}), "text/html": html, "text/plain": repr(self.result) if self.result else "Explorer"}
        return (data, *metadata) if metadata else data
