"""Which Device OS answers which request, for what to say when a device does not (Device OS, system/control).

Device OS grew and lost requests over the years, and some need hardware that not every device has. A device
answers all others with NOT_SUPPORTED, and says no more.
"""

from __future__ import annotations

from typing import Final

from particle_cli.domain.control.messages.request_type_pb2 import RequestType as R


def _since(version: str) -> str:
    return f"It needs Device OS {version} or later; update it: particle flash --local tinker --target VERSION"


_SUPPORT: Final = (
    ((R.ECHO,), _since("1.5.0")),
    ((R.APP_CUSTOM,), "Flash an application that defines ctrl_request_custom_handler()."),
    ((R.NCP_FIRMWARE_VERSION,), "Only devices whose Wi-Fi has a processor of its own have it."),
    ((R.SET_FEATURE, R.GET_FEATURE), "Only Ethernet detection can be asked for, on Gen 3 and later."),
    (
        (R.SET_DEVICE_SETUP_DONE, R.IS_DEVICE_SETUP_DONE),
        "Device OS 4.0 and later has no such mark: nothing needs to be done.",
    ),
    (
        (R.GET_DEVICE_MODE, R.SET_STARTUP_MODE, R.GET_MODULE_INFO, R.CLOUD_GET_CONNECTION_STATUS),
        _since("0.9.0 (Gen 2: 1.1.0)"),
    ),
    ((R.GET_PROTECTED_STATE,), _since("6.0.0")),
    ((R.SET_PROTECTED_STATE,), _since("6.1.1")),
    ((R.LOG_CONFIG,), "The application has to be built with the log-config feature."),
    ((R.GET_ASSET_INFO,), "It needs Device OS 5.6.0 or later on a platform that can store assets."),
    (
        (
            *(R.WIFI_SET_ANTENNA, R.WIFI_GET_ANTENNA, R.WIFI_SCAN),
            *(R.WIFI_SET_CREDENTIALS, R.WIFI_GET_CREDENTIALS, R.WIFI_CLEAR_CREDENTIALS),
            *(R.NETWORK_SET_CONFIGURATION, R.NETWORK_GET_CONFIGURATION, R.NETWORK_GET_STATUS),
        ),
        "Only Gen 2 devices with Device OS before 2.0 have it; later ones have requests of their own.",
    ),
    (
        (
            *(R.SET_SECURITY_KEY, R.GET_SECURITY_KEY, R.SET_SERVER_ADDRESS, R.GET_SERVER_ADDRESS),
            *(R.SET_SERVER_PROTOCOL, R.GET_SERVER_PROTOCOL, R.SET_SOFTAP_SSID),
        ),
        "Only Gen 2 devices with Device OS before 3.0 have it.",
    ),
    ((R.START_FIRMWARE_UPDATE,), "Send the module as it is, not compressed."),
    (
        (
            *(R.DESCRIBE_STORAGE, R.READ_SECTION_DATA, R.WRITE_SECTION_DATA),
            *(R.CLEAR_SECTION_DATA, R.GET_SECTION_DATA_SIZE),
        ),
        "Only Gen 2 devices with Device OS before 2.0 have it; others show their memory in DFU mode.",
    ),
    ((R.NETWORK_GET_INTERFACE_LIST, R.NETWORK_GET_INTERFACE), "Only devices of Gen 3 and later have it."),
    (
        (
            *(R.WIFI_JOIN_NEW_NETWORK, R.WIFI_JOIN_KNOWN_NETWORK, R.WIFI_GET_KNOWN_NETWORKS),
            *(R.WIFI_REMOVE_KNOWN_NETWORK, R.WIFI_CLEAR_KNOWN_NETWORKS),
            *(R.WIFI_GET_CURRENT_NETWORK, R.WIFI_SCAN_NETWORKS),
        ),
        "Only devices of Gen 3 and later that have Wi-Fi have it.",
    ),
    (
        (R.WIFI_SET_NETWORK_CREDENTIALS,),
        "It needs Wi-Fi, and Device OS 6.2.0 or later (or 5.8.2 and later of 5.x).",
    ),
    (
        (
            *(R.CELLULAR_SET_ACCESS_POINT, R.CELLULAR_GET_ACCESS_POINT, R.CELLULAR_GET_ICCID),
            *(R.CELLULAR_SET_ACTIVE_SIM, R.CELLULAR_GET_ACTIVE_SIM),
        ),
        "Only cellular devices of Gen 3 and later have it.",
    ),
    ((R.GET_ENV, R.CLEAR_ENV), _since("6.4.0")),
    (
        (R.ADD_LOG_HANDLER, R.REMOVE_LOG_HANDLER, R.GET_LOG_HANDLERS),
        "No released Device OS has it; an application with the log-config feature has something like it.",
    ),
)


def who_supports(kind: int) -> str | None:
    """Return in words which devices answer a type of request; None where nothing special is known."""
    return next((text for kinds, text in _SUPPORT if kind in kinds), None)
