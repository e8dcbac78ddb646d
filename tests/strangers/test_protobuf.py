"""Particle's own schemas (npm @particle/device-os-protobuf) read what ours write, and the reverse."""

from __future__ import annotations

import json
import os
import random
import subprocess
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from google.protobuf.descriptor import Descriptor, EnumDescriptor, FieldDescriptor
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
ROUNDS = 10
OF_ANOTHER_TRADE = (
    "google.protobuf.",  # how schemas are described
    "particle.cloud.ledger.",  # how device and cloud keep data in step
    "particle.ctrl.mesh.",  # gone from Device OS with 2.0
    "particle.system.",  # what a device keeps in files of its own
)


def types() -> Iterator[Descriptor]:
    for name in MODULES:
        module: ModuleType = import_module(f"particle_cli.domain.control.messages.{name}")
        yield from _with_nested(module.DESCRIPTOR.message_types_by_name.values())


def enumerations() -> Iterator[EnumDescriptor]:
    for name in MODULES:
        module: ModuleType = import_module(f"particle_cli.domain.control.messages.{name}")
        yield from module.DESCRIPTOR.enum_types_by_name.values()
    for descriptor in types():
        yield from descriptor.enum_types


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


def anything(descriptor: Descriptor, numbers: random.Random, depth: int = 0) -> Message:
    """A message with some fields set, defaults and extremes among the values."""
    message = GetMessageClass(descriptor)()
    for field in descriptor.fields:
        taken = field.containing_oneof and message.WhichOneof(field.containing_oneof.name)
        if taken or numbers.randrange(4) == 0 or (field.message_type and depth >= DEEPEST):
            continue
        for _ in range(numbers.randrange(3) if field.is_repeated else 1):
            place = getattr(message, field.name)
            if field.message_type is not None:
                inner = anything(field.message_type, numbers, depth + 1)
                (place.add() if field.is_repeated else place).CopyFrom(inner)
            elif field.is_repeated:
                place.append(any_value(field, numbers))
            else:
                setattr(message, field.name, any_value(field, numbers))
    return message


def any_value(field: FieldDescriptor, numbers: random.Random) -> Any:
    if field.enum_type is not None:
        return numbers.choice([*(value.number for value in field.enum_type.values), 99])
    match field.cpp_type:
        case FieldDescriptor.CPPTYPE_STRING if field.type == FieldDescriptor.TYPE_BYTES:
            return numbers.choice([b"", b"\0", bytes(range(256))])
        case FieldDescriptor.CPPTYPE_STRING:
            return numbers.choice(["", "wl3", "Grüße", "\U0001f980", "x" * 200])
        case FieldDescriptor.CPPTYPE_BOOL:
            return numbers.choice([False, True])
        case FieldDescriptor.CPPTYPE_INT32:
            return numbers.choice([0, 1, -1, -47, 2**31 - 1, -(2**31)])
        case _:
            return numbers.choice([0, 1, 127, 128, 65536, 2**32 - 1])


def their_name(message: Message) -> str:
    """Ours keeps some messages of Gen 2 in a package of their own, since their names collide."""
    return their_spelling(message.DESCRIPTOR.full_name)


def their_spelling(name: str) -> str:
    return name.replace("particle.ctrl.gen2.", "particle.ctrl.")


def asked(
    mirror: list[Message] | None = None, *, make: list[str] | None = None, rounds: int = 0
) -> dict[str, Any]:
    """Have their schemas read and write our messages, and make messages of their own up."""
    sent = [[their_name(one), one.SerializeToString().hex()] for one in mirror or []]
    ended = subprocess.run(
        ["node", str(Path(__file__).parent / "protobuf_mirror.js")],
        input=json.dumps({"mirror": sent, "make": make or [], "rounds": rounds}),
        env={**os.environ, "NODE_PATH": str(NODE_MODULES)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    answer: dict[str, Any] = json.loads(ended.stdout)
    return answer


def plain(value: Any) -> Any:
    """Fields by their names, whatever case these are in, without those that hold nothing but a default."""
    if isinstance(value, dict):
        fields = {name.lower().replace("_", ""): plain(inner) for name, inner in value.items()}
        return {name: inner for name, inner in fields.items() if inner not in (0, "", False, [])}
    if isinstance(value, list):
        return [plain(inner) for inner in value]
    return value


def as_told(message: Message) -> Any:
    return plain(MessageToDict(message, use_integers_for_enums=True))


def test_every_message_of_ours_is_understood_and_comes_back_the_same() -> None:
    numbers = random.Random(20)
    messages = [filled(descriptor, chosen) for descriptor in types() for chosen in (0, 1)]
    messages += [anything(descriptor, numbers) for descriptor in types() for _ in range(ROUNDS)]
    answers = asked(messages)["mirrored"]
    unknown = {their_name(one) for one, answer in zip(messages, answers, strict=True) if answer is None}
    assert not unknown
    for message, answer in zip(messages, answers, strict=True):
        again = type(message)()
        again.ParseFromString(bytes.fromhex(answer["bytes"]))
        assert again == message, their_name(message)
        assert plain(answer["object"]) == as_told(message), their_name(message)


def test_every_message_of_theirs_is_understood_and_comes_back_the_same() -> None:
    ours = {their_name(GetMessageClass(one)()): GetMessageClass(one) for one in types()}
    made = asked(make=list(ours), rounds=ROUNDS)["made"]
    assert {name for name, _, _ in made} == set(ours)
    read: list[Message] = []
    for name, data, told in made:
        message = ours[name]()
        message.ParseFromString(bytes.fromhex(data))
        assert as_told(message) == plain(told), name
        read.append(message)
    for (name, _, told), answer in zip(made, asked(read)["mirrored"], strict=True):
        assert plain(answer["object"]) == plain(told), name


def test_the_messages_that_only_one_side_has() -> None:
    ours = {their_name(GetMessageClass(one)()) for one in types()}
    theirs = set(asked()["types"])
    assert ours <= theirs
    missing = {name for name in theirs - ours if not name.startswith(OF_ANOTHER_TRADE)}
    assert missing == {
        # how device and cloud talk, which is no business of a host's
        "particle.cloud.Request",
        "particle.cloud.Response",
        "particle.cloud.ServerMovedPermanentlyRequest",
        "particle.cloud.ServerMovedPermanentlyResponse",
    }


def test_enumerations_have_their_names_and_numbers() -> None:
    theirs = asked()["enums"]
    ours = {
        their_spelling(one.full_name): {value.name: value.number for value in one.values}
        for one in enumerations()
    }
    assert len(ours) > 25
    for name, values in ours.items():
        assert values == theirs[name], name


def test_the_numbers_of_the_requests_are_theirs() -> None:
    theirs = {number: name.lower() for name, number in asked()["numbers"].items()}
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
