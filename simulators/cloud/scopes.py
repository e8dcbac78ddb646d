"""What API users may do: their tokens are good for the scopes they were made with, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

_OF_TARGET: Final[Mapping[str, str]] = {
    "devices:list_all": "devices:list",
    "devices:show": "devices:get",
    "devices:change": "devices:update",
    "devices:ping": "devices:ping",
    "devices:call_function": "devices.function:call",
    "devices:get_variable": "devices.variable:get",
    "claims:claim": "devices:claim",
    "claims:release": "devices:release",
    "claims:make_claim_code": "device_claims:create",
    "protection:unprotect": "devices:unprotect",
    "provisioning:store_key": "devices:provision",
    "provisioning:find_serial_number": "serial_numbers:get",
    "events:publish": "events:send",
    "events:stream_own": "events:get",
    "events:stream_public": "events:get",
    "events:stream_device": "events:get",
    "events:stream_product": "events:get",
    "events:stream_organization": "events:get",
    "integrations:create": "integrations:create",
    "integrations:list_all": "integrations:list",
    "integrations:show": "integrations:get",
    "integrations:replace": "integrations:update",
    "integrations:remove": "integrations:remove",
    "integrations:try_out": "integrations:test",
    "webhooks:create": "integrations:create",
    "webhooks:list_all": "integrations:list",
    "webhooks:show": "integrations:get",
    "webhooks:replace": "integrations:update",
    "webhooks:remove": "integrations:remove",
    "webhooks:try_out": "integrations:test",
    "clients:list_all": "clients:list",
    "clients:create": "clients:create",
    "clients:change": "clients:update",
    "clients:remove": "clients:remove",
    "binaries:compile_binary": "binaries:compile",
    "binaries:fetch_binary": "binaries:get",
    "products:list_all": "products:list",
    "products:list_own": "products:list",
    "products:show": "products:get",
    "product_devices:list_page": "devices:list",
    "product_devices:remove": "devices:remove",
    "product_import:import_devices": "devices:import",
    "customers:list_all": "customers:list",
    "product_team:list_members": "teams:list",
    "product_team:invite": "teams.users:invite",
    "product_team:remove": "teams.users:remove",
    "product_groups:list_all": "groups:list",
    "product_groups:show": "groups:get",
    "product_groups:create": "groups:create",
    "product_groups:change": "groups:update",
    "product_groups:remove": "groups:remove",
    "product_firmware:list_all": "firmware:list",
    "product_firmware:show": "firmware:get",
    "product_firmware:download": "firmware:get",
    "product_firmware:upload": "firmware:create",
    "product_firmware:change": "firmware:update",
    "product_firmware:remove": "firmware:remove",
    "product_firmware:release": "firmware:release",
    "product_configuration:show": "configurations:get",
    "product_configuration:change": "configurations:update",
    "sims:list_all": "sims:list",
    "sims:show_usage": "sims.usage:get",
    "sims:show_fleet_usage": "sims.usage:get",
    "sims:change": "sims:update",
    "sims:remove": "sims:remove",
    "device_os:list_versions": "device_os:list",
    "device_os:show_version": "device_os:get",
}
"""The scope that is asked for, by the function that answers. What is not here is not for API users: accounts,
passwords, and tokens of others."""

SCOPES: Final = frozenset(_OF_TARGET.values())
"""All that there are."""

_ALWAYS: Final = ("account:show_token", "account:revoke_own_token")


def admits(scopes: Sequence[str], target: str) -> bool:
    """Tell whether a token of these scopes is good for what is asked for."""
    return target in _ALWAYS or _OF_TARGET.get(target) in scopes
