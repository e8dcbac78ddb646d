"""Who may do what to a product: its owner everything, others what their role in the team lets them."""

from __future__ import annotations

from typing import Final

from particle_cli.simulators.cloud.call import Call
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


def role_of(state: CloudState, product: Product, user_id: str) -> str | None:
    """Return somebody's role in the team of a product; those whom it belongs to are administrators."""
    organization = state.organizations.get(product.organization_id) if product.organization_id else None
    if product.owner_id == user_id or (organization and user_id in organization.member_ids):
        return ADMINISTRATOR
    member = state.team_members.get(f"{product.key}/{user_id}")
    return member.role if member else None


def require_role(call: Call, product: Product) -> None:
    """Refuse what the caller may not do to a product. Raises: Refusal."""
    if "organization" in call.places and product.organization_id != call.organization().id:
        raise not_your_product()
    role = role_of(call.world.state, product, call.user.id)
    if role is None:
        raise not_your_product()
    if not _may(role, call):
        raise refused(403, f"Permission denied: the role {role} does not include this")


def _may(role: str, call: Call) -> bool:
    """Tell whether a role includes what is asked; what a program may do, its token has said already."""
    if role in (ADMINISTRATOR, API_USER) or call.method in _READING:
        return True
    if role == DEVELOPER:
        return not call.target.startswith("product_team:")
    if role == SUPPORT and call.target in _HELPING:
        changes = call.target == "devices:change"
        return not changes or (not call.files and call.fields.keys() <= _HARMLESS)
    return False
