"""Who may do what to a product: its owner everything, others what their role in the team lets them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, Protocol

from particle_cli.simulators.cloud.product_rows import (
    ADMINISTRATOR,
    API_USER,
    DEVELOPER,
    SUPPORT,
    Product,
)
from particle_cli.simulators.cloud.replies import not_your_product, refused
from particle_cli.simulators.cloud.state import CloudState

_READING: Final = ("GET", "HEAD")
_HELPING: Final = ("devices:call_function", "devices:ping", "devices:change")
_HARMLESS: Final = frozenset({"name", "notes", "signal", "access_token"})
"""What of a device those may change who help its user."""


class Asked(Protocol):
    """What of a request decides whether a role includes it."""

    @property
    def method(self) -> str:
        """The method."""
        ...

    @property
    def target(self) -> str:
        """What answers, as the table of addresses names it."""
        ...

    @property
    def fields(self) -> Mapping[str, object]:
        """The fields of the body."""
        ...

    @property
    def files(self) -> Sequence[object]:
        """The files of the body."""
        ...


def role_of(state: CloudState, product: Product, user_id: str) -> str | None:
    """Return somebody's role in the team of a product; those whom it belongs to are administrators."""
    organization = state.organizations.get(product.organization_id) if product.organization_id else None
    if product.owner_id == user_id or (organization and user_id in organization.member_ids):
        return ADMINISTRATOR
    member = state.team_members.get(f"{product.key}/{user_id}")
    return member.role if member else None


def require_role(state: CloudState, product: Product, user_id: str, asked: Asked) -> None:
    """Refuse what somebody may not do to a product. Raises: Refusal."""
    role = role_of(state, product, user_id)
    if role is None:
        raise not_your_product()
    if not _may(role, asked):
        raise refused(403, f"Permission denied: the role {role} does not include this")


def _may(role: str, asked: Asked) -> bool:
    """Tell whether a role includes what is asked; what a program may do, its token has said already."""
    if role in (ADMINISTRATOR, API_USER) or asked.method in _READING:
        return True
    if role == DEVELOPER:
        return not asked.target.startswith("product_team:")
    if role == SUPPORT and asked.target in _HELPING:
        changes = asked.target == "devices:change"
        return not changes or (not asked.files and asked.fields.keys() <= _HARMLESS)
    return False
