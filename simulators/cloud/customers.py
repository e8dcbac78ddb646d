"""Customers of a product: people with an account there and nowhere else."""

from __future__ import annotations

from typing import Final

from particle_cli.ports.http import HttpResponse
from particle_cli.simulators.cloud.call import Call
from particle_cli.simulators.cloud.clients import client_of
from particle_cli.simulators.cloud.device_document import device_document
from particle_cli.simulators.cloud.pages import page_of
from particle_cli.simulators.cloud.replies import not_your_product, refused, reply
from particle_cli.simulators.cloud.rows import User
from particle_cli.simulators.cloud.tokens import LIFETIME_S, give_token

_PER_PAGE: Final = 25


async def list_all(call: Call) -> HttpResponse:
    """List a page of the customers of a product."""
    product = call.product()
    found = [one for one in call.world.state.users if one.product_id == product.id]
    page = page_of(call, found, per_page=_PER_PAGE)
    customers = [{"id": one.id, "username": one.username} for one in page.rows]
    devices = [one for one in call.world.state.devices if one.product_id == product.id]
    owners = {one.id for one in page.rows}
    shown = [device_document(call, one) for one in devices if one.owner_id in owners]
    return reply({"customers": customers, "devices": shown, "meta": page.meta})


async def create(call: Call) -> HttpResponse:
    """Make somebody a customer, and log him in; the product's client asks for it."""
    client, state = client_of(call), call.world.state
    product = state.product_named(call.places["product"])
    if product is None or client.product_id != product.id:
        raise not_your_product()
    email = call.text("email")
    if "@" not in email:
        raise refused(400, "email is required")
    if state.customer_named(product.id, email) is not None:
        raise refused(409, "email is taken")
    user = User(state.fresh("user"), email, call.text("password"), product_id=product.id)
    state.users.put(user)
    return give_token(call.world, user.id, client, LIFETIME_S)
