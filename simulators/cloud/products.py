"""Products: which there are, and making one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from particle_cli.ports.http import HttpResponse
from particle_cli.simulators.cloud.call import Call
from particle_cli.simulators.cloud.founding import free_number, slug_of
from particle_cli.simulators.cloud.product_rows import Organization, Product
from particle_cli.simulators.cloud.replies import Plain, no_device_of_product, refused, reply
from particle_cli.simulators.cloud.roles import role_of
from particle_cli.simulators.cloud.state import CloudState

_LONGEST_NAME: Final = 128


async def list_all(call: Call) -> HttpResponse:
    """List all products that the caller works on."""
    state = call.world.state
    return _listed(call, (one for one in state.products if role_of(state, one, call.user.id)))


async def list_own(call: Call) -> HttpResponse:
    """List the products that the caller works on and no organization has."""
    state = call.world.state
    mine = (one for one in state.products if role_of(state, one, call.user.id))
    return _listed(call, (one for one in mine if one.organization_id is None))


async def list_of_organization(call: Call) -> HttpResponse:
    """List the products of an organization."""
    owner = call.organization().id
    return _listed(call, (one for one in call.world.state.products if one.organization_id == owner))


def _listed(call: Call, products: Iterable[Product]) -> HttpResponse:
    return reply({"products": [product_document(call.world.state, one) for one in products]})


async def show(call: Call) -> HttpResponse:
    """Show one product; an unknown one is told from a foreign one here, unlike everywhere else."""
    state = call.world.state
    if state.product_named(call.places["product"]) is None:
        raise refused(404, "Product not found.")
    return reply({"product": product_document(state, call.product())})


async def create_own(call: Call) -> HttpResponse:
    """Make a product of the caller's."""
    return _created(call, None)


async def create_of_organization(call: Call) -> HttpResponse:
    """Make a product of an organization's."""
    return _created(call, call.organization())


def _created(call: Call, organization: Organization | None) -> HttpResponse:
    state = call.world.state
    wanted = call.fields.get("product")
    if not isinstance(wanted, dict):
        raise refused(400, "product is required")
    name, description, platform_id = (wanted.get(key) for key in ("name", "description", "platform_id"))
    if not isinstance(name, str) or not 0 < len(name.strip()) <= _LONGEST_NAME:
        raise refused(400, f"A product's name has 1 to {_LONGEST_NAME} characters")
    product = Product(
        str(free_number(state)),
        slug_of(name),
        name,
        _known_platform(platform_id),
        call.user.id,
        description if isinstance(description, str) else "",
        organization_id=organization.id if organization else None,
        locates=_wants_location(wanted.get("settings")),
    )
    if not product.slug or product.slug.isdecimal():
        raise refused(400, "A product's name has letters in it")
    if state.product_named(product.slug) is not None:
        raise refused(409, "A product of that name exists already")
    state.products.put(product)
    return reply({"ok": True, "product": product_document(state, product)}, 201)


def _known_platform(number: Plain) -> int:
    """Return the number of a platform that there is. Raises: Refusal."""
    from particle_cli.domain.platforms.names import platform_ids

    if not isinstance(number, int) or isinstance(number, bool) or number not in platform_ids():
        raise refused(400, "platform_id is not the number of a platform")
    return number


def _wants_location(settings: Plain) -> bool:
    location = settings.get("location") if isinstance(settings, dict) else None
    return isinstance(location, dict) and location.get("opt_in") is True


def product_document(state: CloudState, product: Product) -> dict[str, Plain]:
    """Return a product as the API shows it."""
    owner = state.users.get(product.owner_id)
    organization = state.organizations.get(product.organization_id) if product.organization_id else None
    whose: dict[str, Plain] = {"user": owner.username if owner else None}
    if organization is not None:
        whose = {"org": organization.slug, "organization_id": organization.id}
    return {
        "id": product.id,
        "platform_id": product.platform_id,
        "name": product.name,
        "slug": product.slug,
        "description": product.description,
        **whose,
        "subscription_id": None,
        "groups": [group.name for group in state.groups if group.product_id == product.id],
        "settings": {
            "location": {"opt_in": product.locates},
            "known_application": {"opt_in": True},
            "quarantine": product.quarantines,
        },
        "device_protection": product.device_protection,
    }


async def make_registration_code(call: Call) -> HttpResponse:
    """Make up a code with which a device of a product registers itself."""
    product, number = call.product(), call.text("device_id").lower()
    record = call.world.state.devices.get(number)
    if record is None or record.product_id != product.id:
        raise no_device_of_product()
    return reply({"registration_code": call.world.state.fresh("registration code", 40)})
