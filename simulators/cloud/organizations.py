"""Organizations, and the agreements that accounts and organizations have with the cloud's maker."""

from __future__ import annotations

from particle_cli.ports.http import HttpResponse
from particle_cli.simulators.cloud.call import Call
from particle_cli.simulators.cloud.product_rows import Organization
from particle_cli.simulators.cloud.replies import Plain, reply


async def list_all(call: Call) -> HttpResponse:
    """List the organizations that the caller belongs to."""
    found = [one for one in call.world.state.organizations if call.user.id in one.member_ids]
    return reply({"organizations": [_shown(one) for one in found]})


async def show(call: Call) -> HttpResponse:
    """Show one organization."""
    return reply({"organization": _shown(call.organization())})


def _shown(organization: Organization) -> dict[str, Plain]:
    return {"id": organization.id, "slug": organization.slug, "name": organization.name}


async def list_agreements(call: Call) -> HttpResponse:
    """List the one agreement that an account or organization has here: everything, for nothing."""
    if "organization" in call.places:
        owner_id, owner_type = call.organization().id, "Org"
    else:
        owner_id, owner_type = call.user.id, "User"
    usage: dict[str, Plain] = {"device_limit_reached": False, "service_paused": False}
    attributes: dict[str, Plain] = {
        "owner_id": owner_id,
        "owner_type": owner_type,
        "name": "Simulated",
        "agreement_type": "self-service",
        "state": "active",
        "starts_on": "2020-01-01",
        "current_usage_summary": usage,
        "pricing_terms": {},
    }
    return reply({"data": [{"id": owner_id, "type": "service_agreement", "attributes": attributes}]})


def owner_key(call: Call) -> str:
    """Return whose things a path is about: an organization's, or else the caller's. Raises: Refusal."""
    return f"org/{call.organization().id}" if "organization" in call.places else f"user/{call.user.id}"
