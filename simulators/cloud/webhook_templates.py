"""Mustache templates in what a webhook sends, rendered as the cloud does that.

`{{x}}` escapes `&<>"'`, `{{{x}}}` does not; paths have dots, with numbers for places in lists; numbers and
truths are written as in JavaScript. The work is chevron's. It prints values as Python does, and escapes no
`'`, so it is handed values of our own, which know how they are written: escaping is one more step of a path.
"""

from __future__ import annotations

import html
import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from particle_cli.simulators.cloud.replies import Plain

_ESCAPED: Final = "&"  # the last step of the path to a value, which leads to the value escaped
_LARGEST_PLAIN: Final = 1e21  # from here on JavaScript writes numbers with exponents


class TemplateWrong(Exception):
    """A template cannot be rendered; the text says why."""


def render(template: str, variables: Plain) -> str:
    """Return a template with the variables put in; what is not there is left out.

    Raises: TemplateWrong.
    """
    if "{{" not in template:
        return template
    import chevron  # few worlds have webhooks
    from chevron.tokenizer import ChevronError, tokenize

    try:
        tokens = [_unescaped(kind, key) for kind, key in tokenize(template)]
        scopes: Any = [_value(variables)]  # chevron's types know of numbers only
        return chevron.render(tokens, scopes=scopes, partials_path=None)
    except ChevronError as error:
        raise TemplateWrong(" ".join(str(error).split())) from error
    except (IndexError, RecursionError) as error:
        raise TemplateWrong("a tag is empty, or sections are too deep") from error


def render_all(document: Plain, variables: Plain) -> Plain:
    """Return a document with all its texts rendered, those that are keys, too. Raises: TemplateWrong."""
    if isinstance(document, str):
        return render(document, variables)
    if isinstance(document, Mapping):
        return {render(key, variables): render_all(value, variables) for key, value in document.items()}
    if isinstance(document, list | tuple):
        return [render_all(value, variables) for value in document]
    return document


def _unescaped(kind: str, key: str) -> tuple[str, str]:
    """Turn a tag that escapes into one that does not, at the escaped value."""
    if kind != "variable":
        return kind, key
    return "no escape", _ESCAPED if key == "." else f"{key}.{_ESCAPED}"


class _Scalar:
    """A text, number, truth or nothing."""

    _CHEVRON_return_scope_when_falsy = True  # else false, and what is empty, would be looked for further out

    def __init__(self, text: str, truth: bool) -> None:
        self._text = text
        self._truth = truth

    def __str__(self) -> str:
        return self._text

    def __bool__(self) -> bool:
        return self._truth

    def __getitem__(self, step: str) -> _Scalar:
        if step == _ESCAPED:
            return _escaped(self)
        raise KeyError(step)

    def as_item(self) -> _Scalar:
        """Return the value as a section over its list sees it: chevron shows nothing of what is false."""
        return _Scalar(self._text, True)


class _Object(dict[str, Any]):
    """An object; there is always something in a section about it."""

    def __str__(self) -> str:
        return "[object Object]"

    def __bool__(self) -> bool:
        return True

    def __missing__(self, step: str) -> _Scalar:
        if step == _ESCAPED:
            return _escaped(self)
        raise KeyError(step)


class _List(list[Any]):
    """A list, whose places are called by their numbers."""

    def __str__(self) -> str:
        return ",".join(map(str, list.__iter__(self)))

    def __getitem__(self, step: Any) -> Any:
        if step == _ESCAPED:
            return _escaped(self)
        if isinstance(step, str) and not (step.isascii() and step.isdigit()):
            raise KeyError(step)  # else chevron would go on to the attributes of the list
        return super().__getitem__(int(step))

    def __iter__(self) -> Iterator[Any]:
        for item in super().__iter__():
            yield item.as_item() if isinstance(item, _Scalar) else item


def _escaped(value: object) -> _Scalar:
    text = html.escape(str(value)).replace("&#x27;", "&#39;")
    return _Scalar(text, bool(text))


def _value(plain: Plain) -> _Scalar | _Object | _List:
    """Return a value of JSON as templates see it."""
    if isinstance(plain, Mapping):
        return _Object({key: _value(value) for key, value in plain.items()})
    if isinstance(plain, list | tuple):
        return _List(map(_value, plain))
    if isinstance(plain, str):
        return _Scalar(plain, bool(plain))
    if isinstance(plain, int | float):
        return _Scalar(_number(plain), bool(plain))
    return _Scalar("", False)


def _number(value: float) -> str:
    """Write a number, or a truth, as JavaScript does."""
    if isinstance(value, float) and value.is_integer() and abs(value) < _LARGEST_PLAIN:
        value = int(value)
    return json.dumps(value).replace("e-0", "e-")
