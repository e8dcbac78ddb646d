"""The device's results in words, and what to do about each; only needed when a request fails."""

from __future__ import annotations

from typing import Final

from particle_cli.domain.control.result_codes import ResultCode

_TEXTS: Final = {
    # In the words of Particle's own tools, which scripts look for.
    ResultCode.OK: "Operation succeeded",
    ResultCode.UNKNOWN: "Unknown error",
    ResultCode.BUSY: "Resource is busy",
    ResultCode.NOT_SUPPORTED: "Not supported",
    ResultCode.NOT_ALLOWED: "Not allowed",
    ResultCode.CANCELLED: "Operation cancelled",
    ResultCode.ABORTED: "Operation aborted",
    ResultCode.TIMEOUT: "Timeout error",
    ResultCode.NOT_FOUND: "Not found",
    ResultCode.ALREADY_EXISTS: "Already exists",
    ResultCode.TOO_LARGE: "Data is too large",
    ResultCode.LIMIT_EXCEEDED: "Limit exceeded",
    ResultCode.INVALID_STATE: "Invalid state",
    ResultCode.IO: "IO error",
    ResultCode.NETWORK: "Network error",
    ResultCode.PROTOCOL: "Protocol error",
    ResultCode.INTERNAL: "Internal error",
    ResultCode.NO_MEMORY: "Memory allocation error",
    ResultCode.INVALID_ARGUMENT: "Invalid argument",
    ResultCode.BAD_DATA: "Invalid data format",
    ResultCode.OUT_OF_RANGE: "Out of range",
    ResultCode.PROTECTED: "Device is protected",
    ResultCode.KEY_MISMATCH: "Unrecognized cryptographic key",
    ResultCode.INVALID_SIGNATURE: "Signature validation failed",
    # In ours.
    ResultCode.NOT_ENOUGH_DATA: "Not enough data",
    ResultCode.END_OF_STREAM: "The data ended too early",
    ResultCode.FLASH_IO: "Flash memory error",
    ResultCode.WOULD_BLOCK: "Not ready yet",
    ResultCode.FILE: "File error",
    ResultCode.PATH_TOO_LONG: "The path is too long",
    ResultCode.ENCODING_FAILED: "The device could not write its answer",
    ResultCode.DEPRECATED: "No longer supported",
    ResultCode.COAP: "Cloud protocol error",
    ResultCode.COAP_CONNECTION_CLOSED: "The connection to the cloud was closed",
    ResultCode.COAP_MESSAGE_RESET: "The cloud rejected the message",
    ResultCode.COAP_TIMEOUT: "The cloud did not answer in time",
    ResultCode.COAP_REQUEST_NOT_FOUND: "The cloud request is not known",
    ResultCode.COAP_REQUEST_CANCELLED: "The cloud request was cancelled",
    ResultCode.COAP_4XX: "The cloud refused the request",
    ResultCode.COAP_5XX: "The cloud could not handle the request",
    ResultCode.AT_NOT_OK: "The modem refused a command",
    ResultCode.AT_RESPONSE_UNEXPECTED: "The modem gave an unexpected answer",
    ResultCode.OTA_MODULE_NOT_FOUND: "No module in the firmware update",
    ResultCode.OTA_UNSUPPORTED_MODULE: "A module that this device does not take",
    ResultCode.OTA_VALIDATION_FAILED: "The firmware update is not valid",
    ResultCode.OTA_INTEGRITY_CHECK_FAILED: "The firmware update is damaged",
    ResultCode.OTA_RESUMED_UPDATE_FAILED: "The firmware update could not be resumed",
    ResultCode.OTA_DEPENDENCY_CHECK_FAILED: "The firmware update needs modules that the device does not have",
    ResultCode.OTA_INVALID_ADDRESS: "The firmware update is meant for another place in memory",
    ResultCode.OTA_INVALID_SIZE: "The firmware update is too large",
    ResultCode.OTA_INVALID_PLATFORM: "The firmware update is meant for another kind of device",
    ResultCode.OTA_INVALID_FORMAT: "The firmware update has an unknown format",
    ResultCode.OTA_UPDATES_DISABLED: "Updates are disabled on the device",
    ResultCode.OTA: "The firmware update failed",
    ResultCode.CRYPTO: "Cryptographic error",
    ResultCode.I2C_BUS_BUSY: "The I2C bus is busy",
    ResultCode.I2C_ARBITRATION_FAILED: "The I2C bus was lost to another controller",
    ResultCode.I2C_TX_ADDR_TIMEOUT: "Nothing answers at the I2C address",
    ResultCode.I2C_FILL_DATA_TIMEOUT: "I2C data came too late",
    ResultCode.I2C_TX_DATA_TIMEOUT: "I2C data was not taken in time",
    ResultCode.I2C_STOP_TIMEOUT: "The I2C transfer did not end in time",
    ResultCode.I2C_ABORT: "The I2C transfer was broken off",
    ResultCode.PPP_PARAM: "Mobile connection: wrong parameter",
    ResultCode.PPP_OPEN: "Mobile connection: it could not be opened",
    ResultCode.PPP_DEVICE: "Mobile connection: the modem failed",
    ResultCode.PPP_ALLOC: "Mobile connection: no memory",
    ResultCode.PPP_USER: "Mobile connection: it was closed on the device",
    ResultCode.PPP_CONNECT: "Mobile connection: it was lost",
    ResultCode.PPP_AUTH_FAIL: "Mobile connection: user or password refused",
    ResultCode.PPP_PROTOCOL: "Mobile connection: protocol error",
    ResultCode.PPP_PEER_DEAD: "Mobile connection: the network does not answer",
    ResultCode.PPP_IDLE_TIMEOUT: "Mobile connection: idle for too long",
    ResultCode.PPP_CONNECT_TIME: "Mobile connection: its time is over",
    ResultCode.PPP_LOOPBACK: "Mobile connection: it leads back to the device",
    ResultCode.PPP_NO_CARRIER_IN_NETWORK_PHASE: "Mobile connection: the network hung up",
    ResultCode.INVALID_SERVER_SETTINGS: "The device's server settings are not valid",
    ResultCode.FILESYSTEM: "File system error",
    ResultCode.FILESYSTEM_IO: "File system: input/output error",
    ResultCode.FILESYSTEM_CORRUPT: "File system: damaged",
    ResultCode.FILESYSTEM_NOENT: "File system: no such file",
    ResultCode.FILESYSTEM_EXIST: "File system: the file exists already",
    ResultCode.FILESYSTEM_NOTDIR: "File system: not a folder",
    ResultCode.FILESYSTEM_ISDIR: "File system: a folder",
    ResultCode.FILESYSTEM_NOTEMPTY: "File system: the folder is not empty",
    ResultCode.FILESYSTEM_BADF: "File system: the file is not open",
    ResultCode.FILESYSTEM_FBIG: "File system: the file is too large",
    ResultCode.FILESYSTEM_INVAL: "File system: invalid argument",
    ResultCode.FILESYSTEM_NOSPC: "File system: no space left",
    ResultCode.FILESYSTEM_NOMEM: "File system: no memory",
    ResultCode.LEDGER_NOT_FOUND: "Ledger not found",
    ResultCode.LEDGER_INVALID_FORMAT: "Ledger: invalid format",
    ResultCode.LEDGER_UNSUPPORTED_FORMAT: "Ledger: unsupported format",
    ResultCode.LEDGER_READ_ONLY: "Ledger: read only",
    ResultCode.LEDGER_IN_USE: "Ledger: in use",
    ResultCode.LEDGER_TOO_LARGE: "Ledger: too large",
    ResultCode.LEDGER_TOO_MANY: "Too many ledgers",
    ResultCode.LEDGER_INCONSISTENT_STATE: "Ledger: inconsistent state",
    ResultCode.LEDGER_ENCODING_FAILED: "Ledger: it could not be encoded",
    ResultCode.LEDGER_DECODING_FAILED: "Ledger: it could not be decoded",
    ResultCode.LEDGER_REQUEST_FAILED: "Ledger: the cloud refused the request",
    ResultCode.LEDGER_INVALID_RESPONSE: "Ledger: the cloud gave an invalid answer",
    ResultCode.HAL_RTC_INVALID_TIME: "The device's clock is not set",
}

_AGAIN: Final = "Reset the device, then try again: particle usb reset"
_NEXT_STEPS: Final = {
    ResultCode.BUSY: "Try again in a moment.",
    ResultCode.NOT_SUPPORTED: "Update Device OS on the device: "
    "particle flash --local tinker --target VERSION",
    ResultCode.NOT_ALLOWED: "The application forbids it; put the device in safe mode, where it does not run: "
    "particle usb safe-mode",
    ResultCode.CANCELLED: "Try again.",
    ResultCode.ABORTED: "Try again.",
    ResultCode.TIMEOUT: "Try again; reset the device if it happens again.",
    ResultCode.NOT_FOUND: "Check the name or number that was asked for.",
    ResultCode.ALREADY_EXISTS: "Remove what is there first, or use another name.",
    ResultCode.TOO_LARGE: "Send less at once.",
    ResultCode.LIMIT_EXCEEDED: "Remove something on the device first.",
    ResultCode.INVALID_STATE: "Reset the device, then try again.",
    ResultCode.NO_MEMORY: "Put the device in safe mode, where the application leaves it more memory: "
    "particle usb safe-mode",
    ResultCode.INVALID_ARGUMENT: "Check the values that were sent.",
    ResultCode.BAD_DATA: "Check the values that were sent; text may be too long for the device.",
    ResultCode.OUT_OF_RANGE: "Check the values that were sent.",
    ResultCode.FLASH_IO: "Try again; if it happens again, the device's flash memory may be worn out.",
    ResultCode.NETWORK: "Check that the network is in reach, and the password.",
    ResultCode.DEPRECATED: "Device OS no longer has this.",
    ResultCode.CRYPTO: "Check that the keys on the device are whole.",
    ResultCode.OTA_MODULE_NOT_FOUND: "Check that the file is a firmware binary.",
    ResultCode.OTA_UNSUPPORTED_MODULE: "Get the file that was built for this device.",
    ResultCode.OTA_VALIDATION_FAILED: "Check the file: particle binary inspect",
    ResultCode.OTA_INTEGRITY_CHECK_FAILED: "Try again; if it happens again, get the file anew.",
    ResultCode.OTA_DEPENDENCY_CHECK_FAILED: "Flash the modules that it needs first.",
    ResultCode.OTA_INVALID_ADDRESS: "Get the file that was built for this device.",
    ResultCode.OTA_INVALID_SIZE: "Get the file that was built for this device.",
    ResultCode.OTA_INVALID_PLATFORM: "Get the file that was built for this device.",
    ResultCode.OTA_INVALID_FORMAT: "Update Device OS on the device, or send the file as it is.",
    ResultCode.OTA_UPDATES_DISABLED: "Put the device in safe mode: particle usb safe-mode",
    ResultCode.INVALID_SERVER_SETTINGS: "Check the server address and key on the device.",
    ResultCode.KEY_MISMATCH: "The key does not belong to the server that the device knows.",
    ResultCode.INVALID_SIGNATURE: "Begin again: what was signed belongs to another attempt or device.",
    ResultCode.FILESYSTEM_NOSPC: "Remove something on the device first.",
    ResultCode.HAL_RTC_INVALID_TIME: "Connect the device to the cloud, which sets its clock.",
}
_GROUPS: Final = (
    (-1099, -1000, "Check the device's connection to the cloud, then try again."),
    (-1199, -1100, "Check the device's connection to the cloud, then try again."),
    (-1299, -1200, "Check the SIM card and its plan, then try again."),
    (-1399, -1300, "Try again; the update was given up."),
    (-1799, -1700, "Check the SIM card, its plan and the access point, then try again."),
)
"""From, to, next step: for what has none of its own."""


def result_text(result: int) -> str:
    """Return what a result means, in the words that Particle's tools use where they have some."""
    try:
        return _TEXTS[ResultCode(result)]
    except ValueError:
        return "Request error"


def result_next_step(result: int) -> str | None:
    """Return what can be done about a result; None where nothing went wrong or the code is unknown."""
    if result not in set(ResultCode) or result == ResultCode.OK:
        return None
    grouped = (step for lowest, highest, step in _GROUPS if lowest <= result <= highest)
    return _NEXT_STEPS.get(ResultCode(result)) or next(grouped, _AGAIN)
