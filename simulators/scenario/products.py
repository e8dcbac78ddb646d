"""What a scenario says of the cloud's products, and making it so."""

from __future__ import annotations

from collections.abc import Sequence

from attrs import Attribute, field, frozen

from particle_cli.domain.platforms.names import platform_id
from particle_cli.simulators.cloud.cloud import SimulatedCloud
from particle_cli.simulators.cloud.founding import NewProduct, slug_of
from particle_cli.simulators.cloud.product_rows import ADMINISTRATOR, ROLES
from particle_cli.simulators.cloud.state import FIRST_USER


def _known_role(_: object, __: Attribute[str], word: str) -> None:
    if word not in ROLES:
        raise ValueError(f"there is no role '{word}'; known are {', '.join(ROLES)}")


@frozen
class TeamDescription:
    """Somebody who works on a product.

    Attributes:
        username: the e-mail address of an account.
        role: what he may do.
    """

    username: str
    role: str = field(default=ADMINISTRATOR, validator=_known_role)


def _known_platform(_: object, __: Attribute[str], word: str) -> None:
    if platform_id(word, public=False) is None:
        raise ValueError(f"there is no platform '{word}'")


def _number_in_range(_: object, __: Attribute[int | None], number: int | None) -> None:
    if number is not None and not 1000 < number < 65_535:
        raise ValueError(f"a product's number lies between 1001 and 65534, unlike {number}")


@frozen
class ProductDescription:
    """A product of the cloud, besides the one that is always there.

    Attributes:
        name: for people.
        platform: the platform of its devices, `boron`.
        number: what it is known by; None: the next one.
        slug: its name in addresses; None: made from its name.
        description: a line about it.
        owner: whose it is, by the e-mail address of an account; None: the first account's.
        organization: slug of the organization that it belongs to, instead.
        protected: whether it is one for devices with Device Protection.
        quarantine: whether a device that says it is of this product has to be let in by somebody.
        groups: names of the groups that its devices can be in.
        team: who works on it besides.
    """

    name: str
    platform: str = field(validator=_known_platform)
    number: int | None = field(default=None, validator=_number_in_range)
    slug: str | None = None
    description: str = ""
    owner: str | None = None
    organization: str | None = None
    protected: bool = False
    quarantine: bool = True
    groups: tuple[str, ...] = ()
    team: tuple[TeamDescription, ...] = ()

    def __attrs_post_init__(self) -> None:
        """Refuse what no address can name. Raises: ValueError."""
        if self.slug is not None and slug_of(self.slug) != self.slug:
            raise ValueError(f"a slug is made of lower-case letters, digits and dashes, unlike '{self.slug}'")
        if not self.address or self.address.isdecimal():
            raise ValueError("a product's name has letters in it")

    @property
    def address(self) -> str:
        """Its name in addresses."""
        return self.slug if self.slug is not None else slug_of(self.name)

    @property
    def platform_id(self) -> int:
        """The id of its platform."""
        found = platform_id(self.platform, public=False)
        assert found is not None
        return found

    @property
    def words(self) -> tuple[str, ...]:
        """What it can be named by."""
        return (self.address,) if self.number is None else (self.address, str(self.number))

    @property
    def usernames(self) -> tuple[str, ...]:
        """The accounts that it speaks of."""
        return (*filter(None, (self.owner,)), *(one.username for one in self.team))


def found_products(descriptions: Sequence[ProductDescription], cloud: SimulatedCloud) -> None:
    """Make the products that a scenario describes. Raises: LookupError."""
    for one in descriptions:
        cloud.found_product(
            NewProduct(
                one.address,
                one.name,
                one.platform_id,
                one.owner or FIRST_USER,
                one.number,
                one.description,
                one.organization,
                one.protected,
                one.quarantine,
                one.groups,
                {member.username: member.role for member in one.team},
            )
        )
