"""Documents of JSON that the cloud keeps for somebody, as rows. Times are milliseconds since 1970, UTC."""

from __future__ import annotations

import json

from attrs import field, frozen
from attrs.validators import instance_of

from particle_cli.simulators.cloud.replies import Plain

_text = instance_of(str)
_number = instance_of(int)


@frozen
class Document:
    """A document.

    Attributes:
        key: what it is, whose, and which of his; see `documents`.
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
