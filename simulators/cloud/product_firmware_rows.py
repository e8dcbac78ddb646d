"""The firmware of products, as rows that JSON can hold. Times are milliseconds since 1970, UTC."""

from __future__ import annotations

from attrs import field, frozen
from attrs.validators import instance_of

from particle_cli.simulators.cloud.binary_rows import as_content
from particle_cli.simulators.cloud.rows import as_names

_text = instance_of(str)
_number = instance_of(int)
_truth = instance_of(bool)


@frozen
class ProductFirmware:
    """A version of a product's firmware.

    Attributes:
        key: product and version, joined by a slash.
        id: what it is known by besides.
        name: of the file that it was in.
        mandatory: whether devices have to have it before a later one.
        product_default: whether all devices get it that nothing else is meant for.
        groups: names of the groups whose devices get it.
        released: whether it has ever been released.
    """

    key: str = field(validator=_text)
    id: str = field(validator=_text)
    product_id: int = field(validator=_number)
    version: int = field(validator=_number)
    title: str = field(validator=_text)
    description: str = field(validator=_text)
    name: str = field(validator=_text)
    content: bytes = field(repr=False, converter=as_content)
    uploaded: int = field(validator=_number)
    updated: int = field(validator=_number)
    uploaded_by: str = field(validator=_text)
    mandatory: bool = field(default=False, validator=_truth)
    product_default: bool = field(default=False, validator=_truth)
    groups: tuple[str, ...] = field(default=(), converter=as_names)
    released: bool = field(default=False, validator=_truth)
