"""Reading YAML as plain text values, with the place of every value.

Every scalar is a string: plain YAML would read 7.10 as 7.1 and `no` as false. Tags,
anchors and aliases are refused, and so are duplicate keys; size and depth are bounded.
"""

import re
from pathlib import Path
from typing import Any, Final, TypeAlias

import yaml

from question_bank.engine.definition import Localized
from question_bank.engine.problems import Origin, Problem

MAX_BYTES: Final = 2_000_000
MAX_DEPTH: Final = 12
MAX_VALUES: Final = 100_000
MAX_KEY: Final = 128

Places: TypeAlias = dict[str, Origin]

# libyaml is ten times faster; both give strings only and build nothing else.
_LOADER: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


_FORBIDDEN = re.compile(
    "[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"
)


class SourceError(Exception):
    """A file that cannot be read as bank source; carries its problems."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


def load_file(path: Path, name: str) -> tuple[Any, Places]:
    """Return one file's data and places by path; SourceError when it cannot be read."""
    raw = path.read_bytes()
    if len(raw) > MAX_BYTES:
        raise source_error(name, 1, 1, "file_too_large", _TOO_LARGE)
    try:
        return load_text(raw.decode("utf-8-sig"), name)
    except UnicodeDecodeError as error:
        raise source_error(name, 1, 1, "not_utf8", _NOT_UTF8) from error


def load_text(text: str, name: str) -> tuple[Any, Places]:
    """Return the data of a YAML text and the place of every value in it."""
    try:
        _refuse_references(text, name)
        node = yaml.compose(text, Loader=_LOADER)
    except yaml.MarkedYAMLError as error:
        raise _yaml_error(error, name) from error
    except yaml.YAMLError as error:
        line, column = _first_unreadable(text)
        raise source_error(name, line, column, "yaml_syntax", _UNREADABLE) from error
    places: Places = {}
    reader = _Reader(name, places)
    data = {} if node is None else reader.read(node, "", 1)
    if reader.problems:
        raise SourceError(tuple(reader.problems))
    return data, places


class _Reader:
    """Turns YAML nodes into plain data, noting where each stands."""

    def __init__(self, name: str, places: Places) -> None:
        self._name = name
        self._places = places
        self.problems: list[Problem] = []

    def read(self, node: yaml.Node, path: str, depth: int) -> Any:
        self._places[path] = _place(self._name, node)
        if isinstance(node, yaml.ScalarNode):
            return node.value
        if isinstance(node, yaml.SequenceNode):
            return [
                self.read(item, join_path(path, str(index)), depth + 1)
                for index, item in enumerate(node.value)
            ]
        return self._mapping(node, path, depth)

    def _mapping(self, node: yaml.Node, path: str, depth: int) -> dict[str, Any]:
        data: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = key_node.value
            if not isinstance(key_node, yaml.ScalarNode):
                self._problem(key_node, "key_not_text", _KEY_NOT_TEXT)
            elif len(key) > MAX_KEY:
                self._problem(key_node, "key_too_long", _KEY_TOO_LONG)
            elif key in data:
                self._problem(key_node, "duplicate_key", _duplicate(key))
            else:
                data[key] = self.read(value_node, join_path(path, key), depth + 1)
        return data

    def _problem(self, node: yaml.Node, code: str, message: Localized) -> None:
        self.problems.append(_problem_at(self._name, node.start_mark, code, message))


def _place(name: str, node: yaml.Node) -> Origin:
    # A rule's column counts from its first character, not from the quotation mark.
    offset = 1 if isinstance(node, yaml.ScalarNode) and node.style in ("'", '"') else 0
    mark = node.start_mark
    return Origin(name, mark.line + 1, mark.column + 1 + offset)


def join_path(path: str, key: str) -> str:
    """Return the path of a part, such as "questions/3/text"."""
    return f"{path}/{key}" if path else key


def _refuse_references(text: str, name: str) -> None:
    """Refuse aliases, anchors, tags, further documents and deep nesting, early.

    Looking at events alone costs nothing for hostile input: nothing is built.
    """
    depth = documents = values = 0
    for event in yaml.parse(text, Loader=_LOADER):
        mark = event.start_mark
        documents += isinstance(event, yaml.DocumentStartEvent)
        if documents > 1:
            raise _error_at(name, mark, "several_documents", _ONE_DOCUMENT)
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise _error_at(name, mark, "alias", _NO_ALIAS)
        if getattr(event, "tag", None):
            raise _error_at(name, mark, "tag", _NO_TAG)
        values += isinstance(event, yaml.NodeEvent)
        if values > MAX_VALUES:
            raise _error_at(name, mark, "too_many_values", _TOO_MANY_VALUES)
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > MAX_DEPTH:
            raise _error_at(name, mark, "too_deep", _TOO_DEEP)


def _first_unreadable(text: str) -> tuple[int, int]:
    """Return line and column of the first character that YAML forbids."""
    match = _FORBIDDEN.search(text)
    before = text[: match.start()] if match else ""
    return before.count("\n") + 1, len(before) - before.rfind("\n")


def _yaml_error(error: yaml.MarkedYAMLError, name: str) -> SourceError:
    mark = error.problem_mark or error.context_mark
    detail = error.problem or "unreadable"
    message = {"zh": f"YAML 语法错误：{detail}。", "en": f"YAML syntax: {detail}."}
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    return source_error(name, line, column, "yaml_syntax", message, _QUOTE_HINT)


def _error_at(name: str, mark: Any, code: str, message: Localized) -> SourceError:
    return SourceError((_problem_at(name, mark, code, message),))


def _problem_at(name: str, mark: Any, code: str, message: Localized) -> Problem:
    return Problem("error", code, message, name, mark.line + 1, mark.column + 1)


def source_error(
    name: str,
    line: int,
    column: int,
    code: str,
    message: Localized,
    hint: Localized | None = None,
) -> SourceError:
    """Return the error of one place in one file."""
    return SourceError((Problem("error", code, message, name, line, column, hint),))


def _duplicate(key: str) -> Localized:
    return {"zh": f"键 {key} 重复。", "en": f"The key {key} appears twice."}


_KEY_NOT_TEXT = {"zh": "键须为文字。", "en": "A key must be text."}
_NO_ALIAS = {
    "zh": "不能用锚点和别名（& *）。",
    "en": "Anchors and aliases are refused.",
}
_NO_TAG = {"zh": "不能用标签（!）。", "en": "Tags are refused."}
_ONE_DOCUMENT = {"zh": "一个文件只能有一份文档。", "en": "One document per file."}
_TOO_DEEP = {"zh": f"嵌套超过 {MAX_DEPTH} 层。", "en": f"Nested beyond {MAX_DEPTH}."}
_TOO_LARGE = {
    "zh": f"文件超过 {MAX_BYTES} 字节。",
    "en": f"The file exceeds {MAX_BYTES} bytes.",
}
_UNREADABLE = {"zh": "含 YAML 不允许的字符。", "en": "Characters that YAML forbids."}
_QUOTE_HINT = {
    "zh": "含“: ”或以特殊符号开头的文字要加引号；缩进只用空格。",
    "en": "Quote texts that contain “: ” or start with a special character; "
    "indent with spaces.",
}
_TOO_MANY_VALUES = {
    "zh": f"文件中的值超过 {MAX_VALUES} 个。",
    "en": f"The file holds more than {MAX_VALUES} values.",
}
_KEY_TOO_LONG = {
    "zh": f"键超过 {MAX_KEY} 字符。",
    "en": f"A key exceeds {MAX_KEY} characters.",
}
_NOT_UTF8 = {"zh": "文件须为 UTF-8 编码。", "en": "The file must be UTF-8."}
