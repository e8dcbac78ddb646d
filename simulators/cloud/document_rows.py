"""Documents of JSON that the cloud keeps for somebody, as rows. Times are milliseconds since 1970, UTC."""

from __future__ import annotations

import json

from attrs import evolve, field, frozen
from attrs.validators import instance_of

from particle_cli.simulators.cloud.replies import Plain

_text = instance_of(str)
_number = instance_of(int)


@frozen
class Document:
    """A document.

    Attributes:
        key: whose it is, and which of his.
        text: the document as JSON.
        created: when it was made, and by whom.
        updated: when it was last changed, and by whom.
    """

    key: str = field(validator=_text)
    text: str = field(repr=False, validator=_text)
    created: int = field(validator=_number)
    created_by: str = field(validator=_text)
    updated: int = field(validator=_number)
    updated_by: str = field(validator=_text)

    @property
    def value(self) -> dict[str, Plain]:
        """The document."""
        found: dict[str, Plain] = json.loads(self.text)
        return found

    def changed(self, value: Plain, *, now: int, by: str) -> Document:
        """Return it with other content."""
        return evolve(self, text=as_text(value), updated=now, updated_by=by)


def new_document(key: str, value: Plain, *, now: int, by: str) -> Document:
    """Return a new document."""
    return Document(key, as_text(value), now, by, now, by)


def as_text(value: Plain) -> str:
    """Return a document as JSON."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
