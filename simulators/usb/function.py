"""A device on the bus in one of its modes: standard requests are answered here, all else is the mode's."""

from __future__ import annotations

from enum import IntEnum
from typing import Protocol

from particle_cli.ports.usb import Setup
from particle_cli.simulators.usb.answer import DONE, STALL, Answer
from particle_cli.simulators.usb.descriptors import VENDOR_CODE, Descriptors

STANDARD, CLASS, VENDOR = 0, 1, 2
DEVICE_RECIPIENT, INTERFACE_RECIPIENT = 0, 1


class StandardRequest(IntEnum):
    """Requests that every device answers (USB 2.0, table 9-4)."""

    GET_STATUS = 0
    CLEAR_FEATURE = 1
    SET_FEATURE = 3
    SET_ADDRESS = 5
    GET_DESCRIPTOR = 6
    GET_CONFIGURATION = 8
    SET_CONFIGURATION = 9
    GET_INTERFACE = 10
    SET_INTERFACE = 11


class Conversation(Protocol):
    """What a device says in one of its modes, beyond the standard requests."""

    def class_request(self, setup: Setup, data: bytes) -> Answer:
        """Answer a class request."""
        ...

    def vendor_request(self, setup: Setup, data: bytes) -> Answer:
        """Answer a vendor request that is not Microsoft's."""
        ...

    def select(self, interface: int, alternate: int) -> bool:
        """Take an alternate setting; False when there is none of that number."""
        ...

    def bus_reset(self) -> None:
        """Forget what a USB bus reset makes the device forget."""
        ...


class UsbFunction:
    """A device on the bus, from its enumeration to its next reset."""

    def __init__(self, descriptors: Descriptors, conversation: Conversation) -> None:
        """Start with every interface in alternate setting 0."""
        self.descriptors = descriptors
        self.conversation = conversation
        self._alternates: dict[int, int] = {}

    def transfer(self, setup: Setup, data: bytes) -> Answer:
        """Answer one control transfer."""
        kind = setup.request_type >> 5 & 3
        if kind == STANDARD:
            return self._standard(setup)
        if kind == CLASS:
            return self.conversation.class_request(setup, data)
        if setup.request == VENDOR_CODE and self.descriptors.microsoft:
            found = self.descriptors.find_microsoft(setup.request_type, setup.index, setup.value)
            return STALL if found is None else Answer(found[: setup.length])
        if kind == VENDOR:
            return self.conversation.vendor_request(setup, data)
        return STALL

    def _standard(self, setup: Setup) -> Answer:
        """Answer a request of USB 2.0, chapter 9.4."""
        match setup.request:
            case StandardRequest.GET_DESCRIPTOR if setup.request_type & 0x80:
                found = self.descriptors.find(setup.value >> 8, setup.value & 0xFF)
                return STALL if found is None else Answer(found[: setup.length])
            case StandardRequest.GET_STATUS:
                to_device = setup.request_type & 0x1F == DEVICE_RECIPIENT
                return Answer(bytes((1 if to_device else 0, 0))[: setup.length])  # self-powered
            case StandardRequest.GET_CONFIGURATION:
                return Answer(b"\x01"[: setup.length])
            case StandardRequest.GET_INTERFACE:
                return Answer(bytes((self._alternates.get(setup.index, 0),))[: setup.length])
            case StandardRequest.SET_INTERFACE:
                return self._set_interface(setup.index, setup.value)
            case StandardRequest.SET_CONFIGURATION:
                return DONE if setup.value in (0, 1) else STALL
            case StandardRequest.CLEAR_FEATURE | StandardRequest.SET_FEATURE | StandardRequest.SET_ADDRESS:
                return DONE  # nothing here depends on them
        return STALL

    def _set_interface(self, interface: int, alternate: int) -> Answer:
        if interface >= self.descriptors.interfaces or not self.conversation.select(interface, alternate):
            return STALL
        self._alternates[interface] = alternate
        return DONE
