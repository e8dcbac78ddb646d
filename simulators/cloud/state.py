"""The cloud's memory: tables of rows, written down as JSON and read back."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar

from attrs import Attribute, AttrsInstance, asdict

from particle_cli.ports.errors import ParticleError
from particle_cli.simulators.cloud.product_rows import Organization, Product
from particle_cli.simulators.cloud.rows import DeviceRecord, Token, User

if TYPE_CHECKING:
    from particle_cli.simulators.cloud.binary_rows import Binary
    from particle_cli.simulators.cloud.claim_rows import ClaimCode, Transfer
    from particle_cli.simulators.cloud.client_rows import Client
    from particle_cli.simulators.cloud.document_rows import Document
    from particle_cli.simulators.cloud.group_rows import Group
    from particle_cli.simulators.cloud.integration_rows import (
        Delivery,
        Integration,
        IntegrationLog,
        ReachableHost,
    )
    from particle_cli.simulators.cloud.key_rows import DeviceKey, Unprotection
    from particle_cli.simulators.cloud.library_rows import Library
    from particle_cli.simulators.cloud.login_rows import Enrolment, HalfLogin, RefreshToken
    from particle_cli.simulators.cloud.product_firmware_rows import ProductFirmware
    from particle_cli.simulators.cloud.product_rows import TeamMember
    from particle_cli.simulators.cloud.sim_card_rows import SimCard
    from particle_cli.simulators.cloud.trait_rows import Trait
    from particle_cli.simulators.cloud.update_rows import OpenUpdate

FIRST_USER: Final = "you@example.com"
FIRST_PASSWORD: Final = "password"
FIRST_TOKEN: Final = "5eed" * 10
"""The token that the built-in profile `sim` carries; it opens nothing but a simulated cloud."""
CAREFUL_USER: Final = "mfa@example.com"
"""A second account, with the first one's password, that is asked for a login code as well."""
LOGIN_CODE: Final = "123456"
"""That code, always the same one."""
FIRST_PRODUCT: Final = 12345
FIRST_PRODUCT_SLUG: Final = "example-product"
"""What a product without devices is known by, which the first account has."""
FIRST_PRODUCT_PLATFORM: Final = 13
"""Its devices are Borons."""

FIRST_ORGANIZATION_SLUG: Final = "example-organization"
"""What an organization is known by, to which the first account belongs."""

_VERSION: Final = 1

Row = TypeVar("Row", bound=AttrsInstance)


class CloudStateDamaged(ParticleError):
    """What was written down of a simulated cloud cannot be read."""

    code = "cloud_state_damaged"


_TABLES: Final = {
    "users": "rows:User:id",
    "tokens": "rows:Token:value",
    "devices": "rows:DeviceRecord:id",
    "half_logins": "login_rows:HalfLogin:value",
    "refresh_tokens": "login_rows:RefreshToken:value",
    "enrolments": "login_rows:Enrolment:value",
    "clients": "client_rows:Client:id",
    "binaries": "binary_rows:Binary:id",
    "claim_codes": "claim_rows:ClaimCode:code",
    "transfers": "claim_rows:Transfer:id",
    "products": "product_rows:Product:key",
    "team_members": "product_rows:TeamMember:key",
    "traits": "trait_rows:Trait:name",
    "open_updates": "update_rows:OpenUpdate:device_id",
    "integrations": "integration_rows:Integration:id",
    "integration_logs": "integration_rows:IntegrationLog:id",
    "deliveries": "integration_rows:Delivery:id",
    "reachable_hosts": "integration_rows:ReachableHost:name",
    "libraries": "library_rows:Library:key",
    "device_keys": "key_rows:DeviceKey:device_id",
    "unprotections": "key_rows:Unprotection:device_id",
    "organizations": "product_rows:Organization:id",
    "groups": "group_rows:Group:key",
    "product_firmware": "product_firmware_rows:ProductFirmware:key",
    "documents": "document_rows:Document:key",
    "sim_cards": "sim_card_rows:SimCard:iccid",
}
"""Of each table: module and class of its rows, and the field that identifies one. The classes of a table
without rows are not loaded."""


class Table(Generic[Row]):
    """Rows by key, in the order in which they were first put.

    Attributes:
        changed: keys of the rows that were put or removed since somebody last emptied it, in that order.
    """

    def __init__(self, kind: str) -> None:
        """Start empty; see `_TABLES` for the form of `kind`."""
        self._module, self._class, self._key = kind.split(":")
        self._rows: dict[str, Row] = {}
        self.changed: dict[str, None] = {}

    def get(self, key: str) -> Row | None:
        """Return the row of that key, or None."""
        return self._rows.get(key)

    def put(self, row: Row) -> None:
        """Add a row, or replace the one of its key."""
        key = getattr(row, self._key)
        self._rows[key] = row
        self.changed[key] = None

    def remove(self, key: str) -> None:
        """Remove a row; nothing happens when there is none."""
        if self._rows.pop(key, None) is not None:
            self.changed[key] = None

    def __iter__(self) -> Iterator[Row]:
        """Iterate over the rows as they are now."""
        return iter(tuple(self._rows.values()))

    def clear(self) -> None:
        """Remove all rows."""
        self.changed |= dict.fromkeys(self._rows)
        self._rows.clear()

    def __len__(self) -> int:
        """Return how many rows there are."""
        return len(self._rows)

    def dump(self) -> list[dict[str, object]]:
        """Return the rows as JSON can say them."""
        return [asdict(row, value_serializer=_plain) for row in self]

    def load(self, rows: list[dict[str, object]]) -> None:
        """Put rows that `dump` returned. Raises: TypeError, ValueError for others."""
        if not rows:
            return
        kind: type[Row] = getattr(import_module(f"{__package__}.{self._module}"), self._class)
        for row in rows:
            self.put(kind(**row))


class CloudState:
    """All that the cloud remembers, in tables: each attribute is one of them."""

    users: Table[User]
    tokens: Table[Token]
    half_logins: Table[HalfLogin]
    refresh_tokens: Table[RefreshToken]
    enrolments: Table[Enrolment]
    clients: Table[Client]
    devices: Table[DeviceRecord]
    binaries: Table[Binary]
    claim_codes: Table[ClaimCode]
    transfers: Table[Transfer]
    products: Table[Product]
    team_members: Table[TeamMember]
    traits: Table[Trait]
    open_updates: Table[OpenUpdate]
    integrations: Table[Integration]
    integration_logs: Table[IntegrationLog]
    deliveries: Table[Delivery]
    reachable_hosts: Table[ReachableHost]
    libraries: Table[Library]
    device_keys: Table[DeviceKey]
    unprotections: Table[Unprotection]
    organizations: Table[Organization]
    groups: Table[Group]
    product_firmware: Table[ProductFirmware]
    documents: Table[Document]
    sim_cards: Table[SimCard]

    def __init__(self, seed: str = "simulated cloud") -> None:
        """Start with two accounts, a product and an organization.

        The first account is logged in with the token that the profile `sim` carries, and has the product.

        Args:
            seed: what all ids and tokens made later derive from.
        """
        self._make_tables()
        self._seed = seed
        self._made_kept = -1
        self.begin_anew()

    def begin_anew(self) -> None:
        """Forget everything but what is there from the beginning."""
        for name in _TABLES:
            self.table(name).clear()
        self._made = 0
        first = User(self.fresh("user"), FIRST_USER, FIRST_PASSWORD, "You", "Example")
        self.users.put(first)
        self.users.put(
            User(
                self.fresh("user"), CAREFUL_USER, FIRST_PASSWORD, "Careful", "Example", login_code=LOGIN_CODE
            )
        )
        self.tokens.put(Token(FIRST_TOKEN, first.id, "particle-cli", None))
        self.products.put(
            Product(
                str(FIRST_PRODUCT), FIRST_PRODUCT_SLUG, "Example product", FIRST_PRODUCT_PLATFORM, first.id
            )
        )
        self.organizations.put(
            Organization("0ea1" * 6, FIRST_ORGANIZATION_SLUG, "Example organization", (first.id,))
        )

    def _make_tables(self) -> None:
        for name, kind in _TABLES.items():
            setattr(self, name, Table(kind))

    def table(self, name: str) -> Table[AttrsInstance]:
        """Return the table of that name. Raises: KeyError."""
        if name not in _TABLES:
            raise KeyError(name)
        table: Table[AttrsInstance] = getattr(self, name)
        return table

    def fresh(self, what: str, digits: int = 24) -> str:
        """Return an id or token never given before: so many hexadecimal digits.

        Two clouds that start alike and are asked alike give the same ones.
        """
        self._made += 1
        text = f"{self._seed}/{what}/{self._made}"
        return hashlib.sha256(text.encode()).hexdigest()[:digits]

    def derived(self, what: str) -> bytes:
        """Return a secret that is always the same one for clouds that start alike."""
        return f"{self._seed}/{what}".encode()

    def user_named(self, username: str) -> User | None:
        """Return the account of that e-mail address, whatever its case, or None."""
        return self.customer_named(None, username)

    def customer_named(self, product_id: int | None, username: str) -> User | None:
        """Return the customer of a product, or with None the account, of that e-mail address; or None."""
        wanted = username.casefold()
        for user in self.users:
            if user.product_id == product_id and user.username.casefold() == wanted:
                return user
        return None

    def product_named(self, word: str) -> Product | None:
        """Return the product of that number or slug, or None."""
        found = self.products.get(word)
        return found or next((product for product in self.products if product.slug == word), None)

    def devices_of(self, owner_id: str) -> tuple[DeviceRecord, ...]:
        """Return the devices that somebody owns, the one with the newest session first."""
        owned = [device for device in self.devices if device.owner_id == owner_id]
        return tuple(sorted(owned, key=lambda device: -(device.last_handshake or 0)))

    def forget_expired(self, now: int) -> None:
        """Drop binaries, tokens and half-made logins whose time is over."""
        for binary in self.binaries:
            if binary.expires <= now:
                self.binaries.remove(binary.id)
        for half in (*self.half_logins, *self.refresh_tokens, *self.enrolments):
            if half.expires <= now:
                self.half_logins.remove(half.value)
                self.refresh_tokens.remove(half.value)
                self.enrolments.remove(half.value)
        for token in self.tokens:
            if token.expires is not None and token.expires + _REMEMBERED_EXPIRED <= now:
                self.tokens.remove(token.value)

    def dump(self) -> bytes:
        """Return everything as one JSON document; the same state gives the same bytes."""
        document = {
            "version": _VERSION,
            "seed": self._seed,
            "made": self._made,
            **{name: self.table(name).dump() for name in _TABLES},
        }
        return _json(document)

    def changes(self) -> dict[str, bytes | None]:
        """Return what is to be kept since `saved`: rows as JSON by `table/key`, None for one that is gone.

        With any of them comes the key `meta`.
        """
        found: dict[str, bytes | None] = {}
        for name in _TABLES:
            table = self.table(name)
            for key in table.changed:
                row = table.get(key)
                found[f"{name}/{key}"] = None if row is None else _json(asdict(row, value_serializer=_plain))
        if found or self._made != self._made_kept:
            found["meta"] = _json({"version": _VERSION, "seed": self._seed, "made": self._made})
        return found

    def saved(self) -> None:
        """Remember that what `changes` gave is kept now."""
        self._made_kept = self._made
        for name in _TABLES:
            self.table(name).changed.clear()

    @classmethod
    def restored(cls, kept: Mapping[str, bytes]) -> CloudState:
        """Return the state whose every `changes` were kept.

        Raises: CloudStateDamaged.
        """
        document = _read(kept["meta"])
        for key, value in kept.items():
            name, slash, _ = key.partition("/")
            if slash:
                document.setdefault(name, []).append(_read(value))
        state = cls._of(document)
        state.saved()
        return state

    @classmethod
    def load(cls, dumped: bytes) -> CloudState:
        """Return the state that `dump` wrote down.

        Raises: CloudStateDamaged.
        """
        return cls._of(_read(dumped))

    @classmethod
    def _of(cls, document: dict[str, Any]) -> CloudState:
        state = cls.__new__(cls)
        try:
            if document["version"] != _VERSION:
                raise ValueError(f"it is of version {document['version']}, not {_VERSION}")
            state._seed, state._made, state._made_kept = str(document["seed"]), int(document["made"]), -1
            state._make_tables()
            for name in _TABLES:
                state.table(name).load(document.get(name, []))
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as damage:
            raise _damaged(damage) from damage
        return state


_REMEMBERED_EXPIRED: Final = 30 * 24 * 3600 * 1000  # how long an expired token is told from an unknown one


def _json(document: object) -> bytes:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def _read(text: bytes) -> dict[str, Any]:
    """Return the JSON object in a text; what is in it is checked when rows are made of it."""
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as damage:
        raise _damaged(damage) from damage
    if not isinstance(document, dict):
        raise _damaged("it is no JSON object")
    return document


def _damaged(reason: object) -> CloudStateDamaged:
    return CloudStateDamaged(
        f"The memory of the simulated cloud cannot be read: {reason}",
        next_step="Start a new world with `particle sim reset-world`.",
    )


def _plain(_: type | None, __: Attribute[object] | None, value: object) -> object:
    return base64.b64encode(value).decode() if isinstance(value, bytes) else value
