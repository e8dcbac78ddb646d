"""The groups that a product's devices are in."""

from __future__ import annotations

import re
from typing import Final

from attrs import evolve

from particle_cli.ports.http import HttpResponse
from particle_cli.simulators.cloud.call import Call
from particle_cli.simulators.cloud.group_rows import DEFAULT_COLOR, Group
from particle_cli.simulators.cloud.product_rows import Product
from particle_cli.simulators.cloud.replies import Plain, refused, reply, reply_nothing
from particle_cli.simulators.cloud.rows import DeviceRecord

_NAME: Final = re.compile(r"[a-z0-9_-]{1,30}")


async def list_all(call: Call) -> HttpResponse:
    """List the groups of a product, or those with a part of a name in theirs."""
    product, part = call.product(), call.query.get("name", "")
    found = [one for one in _groups_of(call, product) if part.lower() in one.name]
    return reply({"groups": [_shown(call, one) for one in found]})


async def show(call: Call) -> HttpResponse:
    """Show one group."""
    return reply({"group": _shown(call, _named(call, call.product()))})


async def create(call: Call) -> HttpResponse:
    """Make a group, without devices."""
    product = call.product()
    name = _free_name(call, product)
    group = Group(
        f"{product.key}/{name}", product.id, name, call.text("description"), call.text("color", DEFAULT_COLOR)
    )
    call.world.state.groups.put(group)
    return reply({"ok": True, "group": _shown(call, group)}, 201)


async def change(call: Call) -> HttpResponse:
    """Change a group; under another name it keeps its devices and its firmware."""
    product, state = call.product(), call.world.state
    group = _named(call, product)
    if not call.fields.keys() & {"name", "description", "color"}:
        raise refused(400, "Nothing to do?")
    old = group.name
    group = evolve(
        group,
        description=call.text("description", group.description),
        color=call.text("color", group.color),
    )
    if call.text("name", old) != old:
        name = _free_name(call, product)
        state.groups.remove(group.key)
        group = evolve(group, key=f"{product.key}/{name}", name=name)
        _rename(call, product, old, (name,))
    state.groups.put(group)
    return reply({"ok": True, "group": _shown(call, group)})


async def remove(call: Call) -> HttpResponse:
    """Remove a group; its devices stay."""
    product = call.product()
    group = _named(call, product)
    call.world.state.groups.remove(group.key)
    _rename(call, product, group.name, ())
    return reply_nothing()


def _groups_of(call: Call, product: Product) -> list[Group]:
    return [one for one in call.world.state.groups if one.product_id == product.id]


def _named(call: Call, product: Product) -> Group:
    """Return the group that the path names. Raises: Refusal."""
    group = call.world.state.groups.get(f"{product.key}/{call.places['group']}")
    if group is None:
        raise refused(404, "Group not found")
    return group


def _free_name(call: Call, product: Product) -> str:
    """Return the name that is asked for. Raises: Refusal."""
    name = call.text("name")
    if not _NAME.fullmatch(name):
        raise refused(400, "A group's name has 1 to 30 lower-case letters, digits, dashes and underscores")
    if call.world.state.groups.get(f"{product.key}/{name}") is not None:
        raise refused(409, "A group of that name exists already")
    return name


def _rename(call: Call, product: Product, old: str, new: tuple[str, ...]) -> None:
    """Let devices and firmware that were in a group be in another, or in none."""
    state = call.world.state
    for record in state.devices:
        if record.product_id == product.id and old in record.groups:
            state.devices.put(evolve(record, groups=_exchanged(record.groups, old, new)))
    for firmware in state.product_firmware:
        if firmware.product_id == product.id and old in firmware.groups:
            state.product_firmware.put(evolve(firmware, groups=_exchanged(firmware.groups, old, new)))


def _exchanged(groups: tuple[str, ...], old: str, new: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(one for group in groups for one in (new if group == old else (group,)))


def _shown(call: Call, group: Group) -> dict[str, Plain]:
    def is_in(record: DeviceRecord) -> bool:
        return record.product_id == group.product_id and group.name in record.groups

    state = call.world.state
    released = (one for one in state.product_firmware if one.product_id == group.product_id)
    return {
        "name": group.name,
        "description": group.description,
        "color": group.color,
        "fw_version": next((one.version for one in released if group.name in one.groups), None),
        "device_count": sum(map(is_in, state.devices)),
    }
