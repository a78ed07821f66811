"""Refuse wording that a technical writer would not use: `python -m tools.check_prose [PATH ...]`.

What is refused, what to write instead, and which files are read is data: `tools/prose.yaml`. Code, doctests, quoted
words and words in backticks are not prose and are left alone.
"""

from __future__ import annotations

import ast
import io
import json
import re
import sys
import tokenize
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[1]
_CODE_SPANS = re.compile(r"``.*?``|`[^`\n]*`")
_QUOTED = re.compile(r"\"[^\"\n]{1,100}\"|“[^”]{1,100}”")
_LINK_TARGETS = re.compile(r"\]\([^)]*\)|<https?:[^>]*>")
_TAGS = re.compile(r"<(script|style)\b.*?</\1>|<[^>]*>|{[%#{].*?[%#}]}", re.DOTALL)
# A message has words with spaces between them, and nothing that only a regular expression has.
_MESSAGE = re.compile(r"[A-Za-z]{2,}[,:;]? (?:\{\}|[A-Za-z]+)[,:;]? (?:\{\}|[A-Za-z]+)")
_NO_MESSAGE = re.compile(r"\\|\(\?|\[\^|\]\*|\|")


@dataclass(frozen=True)
class Habit:
    """Wording to refuse.

    Parameters
    ----------
    id
        Its name in the list.
    pattern
        A regular expression, in which a space matches a line break too.
    instead
        What to write.
    refused, accepted
        Examples; each refused one must match, and no accepted one.
    kinds
        The kinds of prose it is refused in; by default all.
    """

    id: str
    pattern: re.Pattern[str]
    instead: str
    refused: tuple[str, ...]
    accepted: tuple[str, ...]
    kinds: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Excuse:
    """A use of refused wording that is right, and why."""

    file: str
    words: str
    reason: str


@dataclass(frozen=True)
class Rules:
    """The content of `prose.yaml`."""

    habits: tuple[Habit, ...]
    excused: tuple[Excuse, ...]
    files: dict[str, list[str]]


@dataclass
class Prose:
    """A piece of prose: a docstring, a block of comments, a message, a paragraph.

    Parameters
    ----------
    kind
        docstring, comment, message or text.
    lines
        Line numbers with their words; an empty line separates paragraphs.
    """

    kind: str
    lines: list[tuple[int, str]] = field(default_factory=list)

    def search(self, pattern: re.Pattern[str]) -> Iterator[tuple[int, str]]:
        """Find a pattern across line breaks: line numbers and words."""
        starts, text = [], ""
        for _, line in self.lines:
            starts.append(len(text))
            text += line.strip() + ("" if not line.strip() else " ") if line.strip() else "\n"
        for match in pattern.finditer(text):
            yield self.lines[bisect_right(starts, match.start()) - 1][0], match.group().strip()


def read_rules(path: Path) -> Rules:
    """Read the rules."""
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    habits = (
        Habit(
            entry["id"], re.compile(entry["pattern"]), entry["instead"], tuple(entry["refused"]),
            tuple(entry["accepted"]), frozenset(entry.get("kinds", ())),
        )
        for entry in data["habits"]
    )  # fmt: skip
    return Rules(tuple(habits), tuple(Excuse(**entry) for entry in data["excused"]), data["files"])


def python_prose(source: str, *, messages: bool = True) -> Iterator[Prose]:
    r"""Return docstrings, comments and, on request, messages of Python source.

    Examples
    --------
    >>> [(prose.kind, prose.lines) for prose in python_prose('# One.\n# Two.\nx = 1  # three\n')]
    [('comment', [(1, 'One.'), (2, 'Two.')]), ('comment', [(3, 'three')])]
    """
    yield from _comments(source)
    tree = ast.parse(source)
    docstrings = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and node.body:
            first = node.body[0]
            if isinstance(first, ast.Expr) and isinstance(value := first.value, ast.Constant):
                docstrings.add(value)
                if isinstance(value.value, str):
                    yield Prose("docstring", _without_doctests(value.lineno, value.value.split("\n")))
    if messages:
        yield from _messages(tree, docstrings, source.split("\n"))


def _comments(source: str) -> Iterator[Prose]:
    block: Prose | None = None
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            line, alone = token.start[0], not token.line[: token.start[1]].strip()
            if block is None or not alone or block.lines[-1][0] != line - 1:
                if block:
                    yield block
                block = Prose("comment")
            block.lines.append((line, _plain(token.string.lstrip("#! "))))
    if block:
        yield block


def _without_doctests(start: int, lines: Sequence[str]) -> list[tuple[int, str]]:
    kept, example = [], False
    for number, line in enumerate(lines, start):
        example = (example and bool(line.strip())) or line.lstrip().startswith(">>>")
        kept.append((number, "" if example else _plain(line)))
    return kept


def _messages(tree: ast.AST, docstrings: set[ast.Constant], source: Sequence[str]) -> Iterator[Prose]:
    pieces = {id(value) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for value in node.values}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            text = "".join(str(v.value) if isinstance(v, ast.Constant) else "{}" for v in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            if node in docstrings or id(node) in pieces:
                continue
            text = node.value
        else:
            continue
        if _MESSAGE.search(text) and not _NO_MESSAGE.search(text):
            yield Prose("message", list(_placed(text, node.lineno, source[node.lineno - 1 : node.end_lineno])))


def _placed(text: str, start: int, source: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Return each word of a string with the source line that it is on."""
    line = 0
    for word in _CODE_SPANS.sub("`x`", text).split():
        line = next((n for n in range(line, len(source)) if word.strip("{}`") in source[n]), line)
        yield start + line, word


def markdown_prose(text: str, start: int = 1) -> Iterator[Prose]:
    r"""Return the prose of Markdown: all but code, except for the comments in code.

    Examples
    --------
    >>> text = "Read `this`.\n```python\nx = 1  # why\n```"
    >>> [line for prose in markdown_prose(text) for line in prose.lines]
    [(1, 'Read `x`.'), (2, ''), (3, 'why'), (3, '')]
    """
    lines, fenced = [], False
    for number, line in enumerate(text.split("\n"), start):
        fence = line.lstrip().startswith("```")
        fenced ^= fence
        words = re.split(r"(?:^|\s)#+ ", line)[1:] if fenced or fence else [_LINK_TARGETS.sub("]", line)]
        lines.append((number, "" if fence or not words else _plain(words[-1])))
        if re.match(r"\s*\|", line) or fenced:  # each row and each comment is prose of its own
            lines.append((number, ""))
    yield Prose("text", _without_double_breaks(lines))


def _without_double_breaks(lines: list[tuple[int, str]]) -> list[tuple[int, str]]:
    return [line for i, line in enumerate(lines) if line[1] or not i or lines[i - 1][1]]


def notebook_prose(text: str) -> Iterator[Prose]:
    """Return the prose of a notebook; a line number is that in the file."""
    file_lines = text.split("\n")
    line = 0
    for cell in json.loads(text)["cells"]:
        source = "".join(cell["source"])
        if not source:
            continue
        first = json.dumps(source.split("\n")[0], ensure_ascii=False)[1:-1]
        line = next((n for n in range(line, len(file_lines)) if first in file_lines[n]), line)
        pieces = markdown_prose(source) if cell["cell_type"] == "markdown" else python_prose(source)
        for prose in pieces:
            yield Prose(prose.kind, [(number + line, words) for number, words in prose.lines])
        line += source.count("\n")


def comment_prose(text: str) -> Iterator[Prose]:
    """Return the comments of YAML, TOML or a Makefile."""
    block = Prose("comment")
    for number, line in enumerate(text.split("\n"), 1):
        before, sign, words = line.partition("#") if line.lstrip().startswith("#") else line.partition(" #")
        if not sign or before.strip():
            yield block
            block = Prose("comment")
        if sign:
            block.lines.append((number, _plain(words.lstrip("# "))))
    yield block


def script_prose(text: str) -> Iterator[Prose]:
    """Return the comments of JavaScript or CSS."""
    for match in re.finditer(r"/\*.*?\*/|(?<!:)//[^\n]*", text, re.DOTALL):
        start = text.count("\n", 0, match.start()) + 1
        lines = match.group().strip("/*").split("\n")
        yield Prose("comment", [(number, _plain(line.lstrip(" *"))) for number, line in enumerate(lines, start)])


def template_prose(text: str) -> Iterator[Prose]:
    """Return the words of an HTML template."""
    plain = _TAGS.sub(lambda match: "\n" * match.group().count("\n") or " ", text)
    yield Prose("text", [(number, line) for number, line in enumerate(plain.split("\n"), 1)])


def text_prose(text: str) -> Iterator[Prose]:
    """Return all of a file that is prose, such as captions."""
    yield Prose("text", [(number, _CODE_SPANS.sub("`x`", line)) for number, line in enumerate(text.split("\n"), 1)])


def _plain(line: str) -> str:
    return _QUOTED.sub('"x"', _CODE_SPANS.sub("`x`", line))


READERS: dict[str, Callable[[str], Iterator[Prose]]] = {
    "python": python_prose,
    "python_without_messages": lambda source: python_prose(source, messages=False),
    "markdown": markdown_prose,
    "notebooks": notebook_prose,
    "comments": comment_prose,
    "scripts": script_prose,
    "templates": template_prose,
    "texts": text_prose,
}


def check_text(prose: Iterable[Prose], habits: Iterable[Habit]) -> list[tuple[int, str, Habit]]:
    """Find refused wording: line, words, habit."""
    hits = {
        (line, words, habit.id): (line, words, habit)
        for piece in prose
        for habit in habits
        if not habit.kinds or piece.kind in habit.kinds
        for line, words in piece.search(habit.pattern)
    }
    return sorted(hits.values(), key=lambda hit: (hit[0], hit[2].id))


def check(root: Path, rules: Rules, only: Sequence[Path] = ()) -> list[str]:
    """Check the files of a project.

    Parameters
    ----------
    root
        The project's folder.
    rules
        What is refused, where.
    only
        Files or folders to check; by default all.

    Returns
    -------
    One line per hit: file, line, words, and what to write instead. Excuses that excuse nothing are hits too.
    """
    lines, used = [], set()
    for path, kind in _files(root, rules, only):
        name = path.relative_to(root).as_posix()
        for line, words, habit in check_text(READERS[kind](path.read_text(encoding="utf-8")), rules.habits):
            excuse = next((e for e in rules.excused if e.file == name and e.words == words), None)
            if excuse:
                used.add(excuse)
            else:
                lines.append(f"{name}:{line}: {words!r}: {habit.instead} [{habit.id}]")
    if not only:
        lines += [
            f"tools/prose.yaml: nothing to excuse in {e.file}: {e.words!r}" for e in rules.excused if e not in used
        ]
    return lines


def _files(root: Path, rules: Rules, only: Sequence[Path]) -> Iterator[tuple[Path, str]]:
    chosen = [path.resolve() for path in only]
    for kind, globs in rules.files.items():
        for path in sorted({path for glob in globs for path in root.glob(glob) if path.is_file()}):
            if not chosen or any(path.is_relative_to(start) for start in chosen):
                yield path, kind


def main(arguments: Sequence[str]) -> int:
    """Print what is refused; return 1 if anything is."""
    rules = read_rules(ROOT / "tools" / "prose.yaml")
    lines = check(ROOT, rules, [Path(argument) for argument in arguments])
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    if lines:
        sys.stdout.write(f"{len(lines)} places to reword; the rules are in tools/prose.yaml\n")
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
