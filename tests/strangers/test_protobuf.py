"""Particle's own schemas (npm @particle/device-os-protobuf) read what ours write, and the reverse."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.json_format import MessageToDict
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass
from tests.strangers.conftest import NODE_MODULES

from particle_cli.domain.control.messages import request_type_pb2

pytestmark = [pytest.mark.strangers, pytest.mark.usefixtures("node")]

MODULES = (
    "cellular_pb2",
    "cloud_pb2",
    "common_pb2",
    "config_pb2",
    "describe_pb2",
    "logging_pb2",
    "network_old_pb2",
    "network_pb2",
    "storage_pb2",
    "wifi_new_pb2",
    "wifi_pb2",
)
DEEPEST = 4


def types() -> Iterator[Descriptor]:
    for name in MODULES:
        module: ModuleType = import_module(f"particle_cli.domain.control.messages.{name}")
        yield from _with_nested(module.DESCRIPTOR.message_types_by_name.values())


def _with_nested(descriptors: Any) -> Iterator[Descriptor]:
    for descriptor in descriptors:
        yield descriptor
        yield from _with_nested(descriptor.nested_types)


def _value(field: FieldDescriptor, number: int) -> Any:
    """A value that tells its field from the others, and is no default."""
    if field.enum_type is not None:
        values = [value.number for value in field.enum_type.values if value.number]
        return values[number % len(values)] if values else 0
    match field.cpp_type:
        case FieldDescriptor.CPPTYPE_STRING if field.type == FieldDescriptor.TYPE_BYTES:
            return bytes((number, 0xFF, 0x00))
        case FieldDescriptor.CPPTYPE_STRING:
            return f"Grüße {number}"
        case FieldDescriptor.CPPTYPE_BOOL:
            return True
        case FieldDescriptor.CPPTYPE_INT32:
            return -100 - number
        case _:
            return 1000 + number


def filled(descriptor: Descriptor, chosen: int, depth: int = 0) -> Message:
    """A message with every field set; of each oneof the field number `chosen`, counted round."""
    message = GetMessageClass(descriptor)()
    for number, field in enumerate(descriptor.fields, 1):
        oneof = field.containing_oneof
        if oneof is not None and oneof.fields[chosen % len(oneof.fields)] is not field:
            continue
        if field.message_type is None:
            value = _value(field, number)
            if field.is_repeated:
                getattr(message, field.name).extend([value, value])
            else:
                setattr(message, field.name, value)
        elif depth < DEEPEST:
            inner = filled(field.message_type, chosen, depth + 1)
            if field.is_repeated:
                getattr(message, field.name).add().CopyFrom(inner)
            else:
                getattr(message, field.name).CopyFrom(inner)
    return message


def their_name(message: Message) -> str:
    """Ours keeps some messages of Gen 2 in a package of their own, since their names collide."""
    return message.DESCRIPTOR.full_name.replace("particle.ctrl.gen2.", "particle.ctrl.")


def mirrored(messages: list[Message]) -> dict[str, Any]:
    told = json.dumps([[their_name(one), one.SerializeToString().hex()] for one in messages])
    script = str(Path(__file__).parent / "protobuf_mirror.js")
    ended = subprocess.run(
        ["node", script],
        input=told,
        env={**os.environ, "NODE_PATH": str(NODE_MODULES)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    answer: dict[str, Any] = json.loads(ended.stdout)
    return answer


def names_in(value: Any) -> Any:
    """The names of the fields that are set, whatever their case, and those below them."""
    if isinstance(value, dict):
        return {name.lower().replace("_", ""): names_in(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [names_in(inner) for inner in value]
    return None


def test_every_message_is_understood_in_both_directions() -> None:
    messages = [filled(descriptor, chosen) for descriptor in types() for chosen in (0, 1)]
    answers = mirrored(messages)["messages"]
    unknown = {their_name(one) for one, answer in zip(messages, answers, strict=True) if answer is None}
    assert not unknown
    for message, answer in zip(messages, answers, strict=True):
        again = type(message)()
        again.ParseFromString(bytes.fromhex(answer["bytes"]))
        assert again == message, their_name(message)
        assert names_in(answer["object"]) == names_in(MessageToDict(message)), their_name(message)


def test_the_numbers_of_the_requests_are_theirs() -> None:
    theirs = {number: name.lower() for name, number in mirrored([])["numbers"].items()}
    differ = {
        name: [word for word in name.split("_") if word.lower() not in theirs[number]]
        for name, number in request_type_pb2.RequestType.items()
        if number in theirs
    }
    assert {name: words for name, words in differ.items() if words} == {
        "RESET_DEVICE": ["DEVICE"],
        "NETWORK_GET_INTERFACE_LIST": ["NETWORK"],
        "NETWORK_GET_INTERFACE": ["NETWORK"],
        # Their schema has these two the other way round; firmware and particle-usb have them as ours.
        "NETWORK_SET_CONFIGURATION": ["SET"],
        "NETWORK_GET_CONFIGURATION": ["GET"],
    }
    assert len(differ) > 60
