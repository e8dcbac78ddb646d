"""From a sketch (`.ino`) to C++: prototypes for functions that are used before they are defined.

The cloud does this to sketches when it compiles. It reads the text by patterns, not as C++, and what it makes
of unusual code is kept: methods get prototypes that mean nothing, templates lose their head, functions with
default arguments get none (behaviour of Particle's wiring-preprocessor 2.3.0, which the cloud runs).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

_STARS: Final = f"/{'*' * 54}/"
BANNER: Final = f"{_STARS}\n//       THIS IS A GENERATED FILE - DO NOT EDIT       //\n{_STARS}\n\n"
"""What the result begins with."""

_SWITCHED_OFF: Final = re.compile(r"^([ \t]*#pragma (?:SPARK|PARTICLE)_NO_PREPROCESSOR)", re.MULTILINE)
_APP_INCLUDE: Final = re.compile(
    r"^[ \t]*#include[ \t]+[<\"](?:application|Particle|Arduino)\.h[>\"]", re.MULTILINE
)
_LEADING: Final = re.compile(r"(?:\s+|/\*.*?\*/|//[^\n]*|#include[^\n]*)*", re.DOTALL)
_NO_CODE: Final = re.compile(
    r"'(?:\\.|[^'\\])'" r'|"(?:\\.|[^"\\])*"' r"|//[^\n]*|/\*.*?\*/|^[ \t]*#(?:\\\n|[^\n])*",
    re.DOTALL | re.MULTILINE,
)
_HEAD: Final = r"[\w\[\]*]+\s+[&\[\]*\w\s]+\([&,\[\]*\w\s]*\)"
_DEFINED: Final = re.compile(rf"({_HEAD})(?=\s*\{{)")
_DECLARED: Final = re.compile(rf"({_HEAD});")
_NAMED_TYPE: Final = re.compile(r"\b(?:class|struct|enum(?!\s+class\b))\s+(\w+)")
_TYPEDEF: Final = re.compile(r"\btypedef\s+(?:struct|enum)\s*\{[^{}]*\}\s*(\w+)")


def preprocess(text: str, name: str) -> str:
    """Return the C++ that a sketch stands for.

    Args:
        text: the sketch.
        name: what compilers are to call it in their messages; it is not escaped.
    """
    if _SWITCHED_OFF.search(text):
        return _SWITCHED_OFF.sub(r"// \1", text, count=1)
    text = text.replace("\r\n", "\n")
    include = _APP_INCLUDE.search(text)
    at = _LEADING.match(text).end()  # type: ignore[union-attr]
    if include is not None and include.start() >= at:
        at = text.find("\n", include.end()) + 1 or at
    line = text.count("\n", 0, at) + 1
    prototypes = "".join(f"{prototype};\n" for prototype in _missing_prototypes(text))
    head = "" if include else '#include "Particle.h"\n'
    return f'{BANNER}{head}#line 1 "{name}"\n{text[:at]}{prototypes}#line {line} "{name}"\n{text[at:]}'


def _missing_prototypes(text: str) -> Iterator[str]:
    """Yield what functions are declared like, for those that no line declares."""
    code = _NO_CODE.sub("", text)
    declared = {found.strip() for found in _DECLARED.findall(code)}
    own_types = {*_NAMED_TYPE.findall(code), *_TYPEDEF.findall(code)}
    for found in _DEFINED.findall(code):
        prototype = found.strip()
        if prototype in declared or re.search(r"\belse\s+if\b", prototype):
            continue
        if not own_types.intersection(re.findall(r"\w+", prototype)):
            yield prototype
