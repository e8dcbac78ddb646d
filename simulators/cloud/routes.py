"""Every address of the cloud's API, and the function that answers there.

The table is made of plain strings, and a module is loaded when somebody first asks for something in it: most
commands ask for one or two addresses of many.
"""

from __future__ import annotations

from typing import Final

from particle_cli.simulators.cloud.router import Route

_PRODUCT: Final = "/v1/products/:product"
_ORGANIZATION: Final = "/v1/orgs/:organization"


def _open(method: str, path: str, target: str) -> Route:
    """Return a route on which no token is asked for."""
    return Route(method, path, target, public=True)


def _scoped(method: str, path: str, target: str) -> tuple[Route, Route]:
    """Return the routes to a resource of the caller's own, and to the same of a product."""
    return Route(method, f"/v1{path}", target), Route(method, f"{_PRODUCT}{path}", target)


def _integrations(word: str) -> tuple[Route, ...]:
    """Return the routes to integrations of an account, product or organization, under their name."""
    return tuple(
        Route(method, f"{scope}/{word}{rest}", f"{word}:{target}")
        for scope in ("/v1", _PRODUCT, _ORGANIZATION)
        for method, rest, target in (
            ("POST", "", "create"),
            ("GET", "", "list_all"),
            ("GET", "/:integration", "show"),
            ("PUT", "/:integration", "replace"),
            ("DELETE", "/:integration", "remove"),
            ("POST", "/:integration/test", "try_out"),
        )
    )


def _owned(method: str, path: str, target: str) -> tuple[Route, Route]:
    """Return the routes to a resource of the caller's own, and to the same of an organization."""
    return Route(method, f"/v1{path}", target), Route(method, f"{_ORGANIZATION}{path}", target)


def _environment(base: str) -> tuple[Route, ...]:
    """Return the routes to environment variables at one place."""
    return (
        Route("GET", f"{base}/render", "environment_vars:render"),
        Route("GET", f"{base}/rollout", "environment_vars:review_rollout"),
        Route("POST", f"{base}/rollout", "environment_vars:start_rollout"),
        Route("PUT", f"{base}/:key", "environment_vars:put"),
        Route("DELETE", f"{base}/:key", "environment_vars:unset"),
        Route("GET", base, "environment_vars:show"),
        Route("PATCH", base, "environment_vars:change"),
    )


ROUTES: Final = (
    # Accounts and tokens
    _open("POST", "/oauth/token", "login:log_in"),
    Route("GET", "/v1/access_tokens/current", "account:show_token"),
    Route("DELETE", "/v1/access_tokens/current", "account:revoke_own_token"),
    _open("GET", "/v1/access_tokens", "tokens:list_all"),
    Route("DELETE", "/v1/access_tokens", "tokens:revoke_all"),
    _open("DELETE", "/v1/access_tokens/:token", "account:revoke_token"),
    _open("POST", "/v1/users", "users:create"),
    Route("GET", "/v1/user", "account:show_user"),
    Route("PUT", "/v1/user", "users:change"),
    Route("DELETE", "/v1/user", "users:delete"),
    _open("POST", "/v1/user/password-reset", "users:reset_password"),
    Route("GET", "/v1/user/identify", "users:identify"),
    Route("GET", "/v1/user/mfa-enable", "second_factor:offer"),
    Route("POST", "/v1/user/mfa-enable", "second_factor:confirm"),
    Route("PUT", "/v1/user/mfa-disable", "second_factor:disable"),
    *_scoped("GET", "/clients", "clients:list_all"),
    *_scoped("POST", "/clients", "clients:create"),
    *_scoped("PUT", "/clients/:client", "clients:change"),
    *_scoped("DELETE", "/clients/:client", "clients:remove"),
    _open("POST", f"{_PRODUCT}/customers", "customers:create"),
    Route("GET", f"{_PRODUCT}/customers", "customers:list_all"),
    # Events
    Route("POST", "/v1/devices/events", "events:publish"),
    Route("POST", f"{_PRODUCT}/events", "events:publish"),
    Route("GET", "/v1/events", "events:stream_public"),
    Route("GET", "/v1/events/:prefix", "events:stream_public"),
    Route("GET", "/v1/devices/events", "events:stream_own"),
    Route("GET", "/v1/devices/events/:prefix", "events:stream_own"),
    Route("GET", f"{_PRODUCT}/events", "events:stream_product"),
    Route("GET", f"{_PRODUCT}/events/:prefix", "events:stream_product"),
    Route("GET", f"{_PRODUCT}/devices/events", "events:stream_product"),
    Route("GET", f"{_PRODUCT}/devices/events/:prefix", "events:stream_product"),
    Route("GET", f"{_ORGANIZATION}/events", "events:stream_organization"),
    Route("GET", f"{_ORGANIZATION}/events/:prefix", "events:stream_organization"),
    Route("GET", f"{_ORGANIZATION}/products/:product/events", "events:stream_product"),
    Route("GET", f"{_ORGANIZATION}/products/:product/events/:prefix", "events:stream_product"),
    *_scoped("GET", "/devices/:device!/events", "events:stream_device"),
    *_scoped("GET", "/devices/:device!/events/:prefix", "events:stream_device"),
    # Devices
    Route("GET", "/v1/devices", "devices:list_all"),
    Route("POST", "/v1/devices", "claims:claim"),
    Route("DELETE", "/v1/devices/:device!", "claims:release"),
    Route("DELETE", f"{_PRODUCT}/devices/:device!/owner", "claims:release"),
    *_scoped("POST", "/device_claims", "claims:make_claim_code"),
    *_scoped("GET", "/devices/:device!", "devices:show"),
    *_scoped("PUT", "/devices/:device!", "devices:change"),
    *_scoped("PUT", "/devices/:device!/ping", "devices:ping"),
    *_scoped("PUT", "/devices/:device!/unprotect", "protection:unprotect"),
    Route("PUT", f"{_ORGANIZATION}/devices/:device!/unprotect", "protection:unprotect"),
    Route("POST", "/v1/provisioning/:device", "provisioning:store_key"),
    Route("GET", "/v1/serial_numbers/:serial", "provisioning:find_serial_number"),
    *_scoped("PUT", "/devices/:device!/backup_files", "backups:download"),
    *_scoped("POST", "/devices/:device!/:item!", "devices:call_function"),
    *_scoped("GET", "/devices/:device!/:item!", "devices:get_variable"),
    # Products
    Route("GET", "/v1/products", "products:list_all"),
    Route("GET", "/v1/user/products", "products:list_own"),
    Route("POST", "/v1/user/products", "products:create_own"),
    Route("GET", f"{_ORGANIZATION}/products", "products:list_of_organization"),
    Route("POST", f"{_ORGANIZATION}/products", "products:create_of_organization"),
    Route("GET", _PRODUCT, "products:show"),
    Route("POST", f"{_PRODUCT}/registration_code", "products:make_registration_code"),
    Route("GET", f"{_PRODUCT}/devices", "product_devices:list_page"),
    Route("POST", f"{_PRODUCT}/devices", "product_import:import_devices"),
    Route("DELETE", f"{_PRODUCT}/devices/:device!", "product_devices:remove"),
    Route("GET", f"{_PRODUCT}/team", "product_team:list_members"),
    Route("POST", f"{_PRODUCT}/team", "product_team:invite"),
    Route("DELETE", f"{_PRODUCT}/team/:username", "product_team:remove"),
    Route("GET", f"{_PRODUCT}/groups", "product_groups:list_all"),
    Route("POST", f"{_PRODUCT}/groups", "product_groups:create"),
    Route("GET", f"{_PRODUCT}/groups/:group", "product_groups:show"),
    Route("PUT", f"{_PRODUCT}/groups/:group", "product_groups:change"),
    Route("DELETE", f"{_PRODUCT}/groups/:group", "product_groups:remove"),
    # Integrations
    *_integrations("integrations"),
    *_integrations("webhooks"),
    # Libraries
    Route("GET", "/v1/libraries", "libraries:list_all"),
    Route("POST", "/v1/libraries", "libraries:upload"),
    Route("GET", "/v1/libraries/:library", "libraries:show"),
    Route("PATCH", "/v1/libraries/:library", "libraries:publish"),
    Route("DELETE", "/v1/libraries/:library", "libraries:delete"),
    Route("GET", "/v1/libraries/:library/versions", "libraries:list_versions"),
    _open("GET", "/v1/library-archives/:key/:filename", "libraries:download"),
    Route("GET", f"{_PRODUCT}/firmware", "product_firmware:list_all"),
    Route("POST", f"{_PRODUCT}/firmware", "product_firmware:upload"),
    Route("PUT", f"{_PRODUCT}/firmware/release", "product_firmware:release"),
    Route("GET", f"{_PRODUCT}/firmware/:version", "product_firmware:show"),
    Route("PUT", f"{_PRODUCT}/firmware/:version", "product_firmware:change"),
    Route("DELETE", f"{_PRODUCT}/firmware/:version", "product_firmware:remove"),
    Route("GET", f"{_PRODUCT}/firmware/:version/binary", "product_firmware:download"),
    Route("GET", f"{_PRODUCT}/config", "product_configuration:show"),
    Route("PUT", f"{_PRODUCT}/config", "product_configuration:change"),
    Route("GET", f"{_PRODUCT}/config/:device", "product_configuration:show"),
    Route("PUT", f"{_PRODUCT}/config/:device", "product_configuration:change"),
    Route("GET", f"{_PRODUCT}/locations", "locations:list_all"),
    Route("GET", f"{_PRODUCT}/locations/:device", "locations:show"),
    Route("GET", f"{_PRODUCT}/devices/:device/docs/system", "system_documents:show"),
    Route("PATCH", f"{_PRODUCT}/devices/:device/docs/system", "system_documents:change"),
    Route("GET", "/v1/orgs", "organizations:list_all"),
    Route("GET", _ORGANIZATION, "organizations:show"),
    Route("GET", "/v1/user/service_agreements", "organizations:list_agreements"),
    Route("GET", f"{_ORGANIZATION}/service_agreements", "organizations:list_agreements"),
    # Environment, secrets, logic, ledgers
    *_environment("/v1/env"),
    *_environment(f"{_ORGANIZATION}/env"),
    *_environment(f"{_PRODUCT}/env"),
    *_environment("/v1/env/:device"),
    *_owned("GET", "/secrets", "secrets:list_all"),
    *_owned("POST", "/secrets", "secrets:create"),
    *_owned("GET", "/secrets/:name", "secrets:show"),
    *_owned("PUT", "/secrets/:name", "secrets:put"),
    *_owned("DELETE", "/secrets/:name", "secrets:delete"),
    *_owned("POST", "/logic/execute", "logic:execute"),
    *_owned("GET", "/logic/functions", "logic:list_all"),
    *_owned("POST", "/logic/functions", "logic:create"),
    *_owned("GET", "/logic/functions/:function", "logic:show"),
    *_owned("PUT", "/logic/functions/:function", "logic:change"),
    *_owned("DELETE", "/logic/functions/:function", "logic:delete"),
    *_owned("GET", "/logic/functions/:function/runs", "logic:list_runs"),
    *_owned("GET", "/logic/functions/:function/runs/:run", "logic:show_run"),
    *_owned("GET", "/logic/functions/:function/runs/:run/logs", "logic:show_run"),
    *_owned("GET", "/ledgers", "ledgers:list_all"),
    *_owned("POST", "/ledgers", "ledgers:create"),
    *_owned("GET", "/ledgers/:ledger", "ledgers:show"),
    *_owned("PUT", "/ledgers/:ledger", "ledgers:change"),
    *_owned("DELETE", "/ledgers/:ledger", "ledgers:archive"),
    *_owned("GET", "/ledgers/:ledger/instances", "ledgers:list_instances"),
    *_owned("GET", "/ledgers/:ledger/instances/:scope", "ledgers:show_instance"),
    *_owned("PUT", "/ledgers/:ledger/instances/:scope", "ledgers:set_instance"),
    *_owned("DELETE", "/ledgers/:ledger/instances/:scope", "ledgers:delete_instance"),
    *_owned("GET", "/ledgers/:ledger/instances/:scope/versions", "ledgers:list_versions"),
    *_owned("GET", "/ledgers/:ledger/instances/:scope/versions/:version", "ledgers:show_version"),
    # SIM cards
    *_scoped("GET", "/sims", "sims:list_all"),
    Route("POST", f"{_PRODUCT}/sims", "sims:import_into_product"),
    Route("GET", f"{_PRODUCT}/sims/data_usage", "sims:show_fleet_usage"),
    *_scoped("GET", "/sims/:iccid", "sims:show"),
    *_scoped("PUT", "/sims/:iccid", "sims:change"),
    *_scoped("DELETE", "/sims/:iccid", "sims:remove"),
    *_scoped("GET", "/sims/:iccid/status", "sims:show_status"),
    *_scoped("GET", "/sims/:iccid/data_usage", "sims:show_usage"),
    # Firmware
    _open("GET", "/v1/build_targets", "build_targets:list_all"),
    Route("POST", "/v1/binaries", "binaries:compile_binary"),
    Route("GET", "/v1/binaries/:binary", "binaries:fetch_binary"),
    Route("GET", "/v1/device-os/versions", "device_os:list_versions"),
    Route("GET", "/v1/device-os/versions/:version", "device_os:show_version"),
    _open("GET", "/v1/firmware/device-os/:version/:filename", "device_os:download"),
)
