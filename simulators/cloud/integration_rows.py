"""Integrations and what they have under way, as rows that JSON can hold. Times: ms since 1970, UTC."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from attrs import field, frozen
from attrs.validators import instance_of, optional

from particle_cli.simulators.cloud.broker import Channel
from particle_cli.simulators.cloud.replies import Plain

WEBHOOK: Final = "Webhook"
ORGANIZATION: Final = "organization"

_text = instance_of(str)
_number = instance_of(int)
_settings = instance_of(dict)


def _channels(value: Iterable[Iterable[str]]) -> tuple[Channel, ...]:
    return tuple((kind, key) for kind, key in value)


def _entries(value: Iterable[Mapping[str, Plain]]) -> tuple[Mapping[str, Plain], ...]:
    return tuple(value)


@frozen
class Integration:
    """What is to happen when an event is published.

    Attributes:
        scope: whose events those are: kind and key of a channel, joined by a slash; of an organization
            `organization` and its id.
        type: `Webhook`, `AzureIotHub`, …
        event: how their names begin.
        device_id: whose they are, or None for everybody's.
        disabled: it does nothing.
        settings: all else that was given, as the API calls it; may hold secrets.
    """

    id: str = field(validator=_text)
    scope: str = field(validator=_text)
    type: str = field(validator=_text)
    event: str = field(validator=_text)
    created: int = field(validator=_number)
    device_id: str | None = field(default=None, validator=optional(_text))
    disabled: bool = field(default=False, validator=instance_of(bool))
    settings: Mapping[str, Plain] = field(factory=dict, repr=False, validator=_settings)


@frozen
class IntegrationLog:
    """The last times that an integration was used, the newest first, in the form in which they are shown."""

    id: str = field(validator=_text)
    entries: tuple[Mapping[str, Plain], ...] = field(default=(), repr=False, converter=_entries)


@frozen
class Delivery:
    """An event that has triggered an integration, until it is delivered or given up.

    Attributes:
        name, data, source, channels, published, product_id, version: of the event, see `broker.Event`.
        event_id: 32 hexadecimal digits, the same for all that the event has triggered.
        attempt: the next one, from 1.
        due: when that is to be made.
    """

    id: str = field(validator=_text)
    integration_id: str = field(validator=_text)
    event_id: str = field(validator=_text)
    name: str = field(validator=_text)
    data: str | None = field(repr=False, validator=optional(_text))
    source: str = field(validator=_text)
    channels: tuple[Channel, ...] = field(converter=_channels)
    published: int = field(validator=_number)
    product_id: int | None = field(default=None, validator=optional(_number))
    version: int | None = field(default=None, validator=optional(_number))
    attempt: int = field(default=1, validator=_number)
    due: int = field(default=0, validator=_number)


@frozen
class ReachableHost:
    """A host that webhooks may be sent to, besides this machine."""

    name: str = field(validator=_text)
