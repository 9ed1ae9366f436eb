# SPDX-License-Identifier: GPL-3.0-or-later
"""The decoder against Python's own pickle and pickletools: opcodes, values, and what is refused.

Classes are not imported here either: find_class() gives classes that only write down how they are called, and the nodes of the
decoder are built into the same kind of objects.
"""
import functools
import os
import pickle
import pickletools
import random
import struct

from pickled import (CUnpickler, HANDMADE, Made, Pid, PROTOCOLS, PyUnpickler, check_same, find_class, generated_opcodes, load, mutate,
                     real_pickles, run)
from tap import case, main

PICKLE_NODES = os.environ["PICKLE_NODES"]
(NONE, BOOL, INT, FLOAT, STRING, BYTES, BYTEARRAY, LIST, TUPLE, DICT, SET, FROZENSET, GLOBAL, _TENSOR, _STORAGE, OBJECT,
 PERSISTENT_ID) = range(17)
BIG_INT, DECIMAL, LONG, PYTHON2, STATE_CALL = 2, 4, 8, 16, 64


# ---------------------------------------------------------------- what the decoder gives

class Node:
    def __init__(self, fields):
        self.kind, self.flags, self.opcode = int(fields[0]), int(fields[1]), fields[2]
        self.fields = fields[3:]

    def bytes(self, data):
        if self.fields[0] == "long":
            position, length = int(self.fields[1]), int(self.fields[2])
            whole = data[position:position + length]
            assert len(whole) == length and whole.startswith(bytes.fromhex(self.fields[3]))
            return whole
        return bytes.fromhex(self.fields[1]) if len(self.fields) > 1 else b""

    def children(self):
        return [int(field) for field in self.fields[1:]]


class Decoded:
    def __init__(self, data, lines):
        self.data = data
        self.opcodes, self.warnings, self.nodes = [], [], {}
        self.scan_error = self.error = self.root = None
        for line in lines:
            word, *fields = line.split(" ")
            if word == "op":
                self.opcodes.append((fields[1], int(fields[0])))
            elif word == "scan-error":
                self.scan_error = fields[0], int(fields[1])
            elif word == "scan-end":
                self.scan_end = int(fields[0])
            elif word == "error":
                self.error = fields[0], int(fields[1])
            elif word == "warning":
                self.warnings.append(fields[0])
            elif word == "root":
                self.root, self.protocol, self.n_opcodes, self.end = map(int, fields)
            else:
                self.nodes[int(fields[0])] = Node(fields[1:])


def decode(pickles):
    """Runs the decoder over pickles, each in turn."""
    told = b"".join(struct.pack("=Q", len(data)) + data for data in pickles)
    parts = split(run(PICKLE_NODES, told=told).decode("ascii").splitlines())
    assert len(parts) == len(pickles)
    return [Decoded(data, part) for data, part in zip(pickles, parts)]


def split(lines):
    """What was printed of each pickle."""
    parts, part = [], []
    for line in lines:
        if line == "end":
            parts.append(part)
            part = []
        else:
            part.append(line)
    return parts


class Builder:
    """Builds a Python value of nodes. Containers are filled late, so that cycles work."""

    def __init__(self, decoded):
        self.decoded = decoded
        self.built = {}
        self.todo = []

    def value(self):
        root = self.build(self.decoded.root)
        while self.todo:
            self.todo.pop()()
        return root

    def build(self, number):
        if number not in self.built:
            node = self.decoded.nodes[number]
            self.built[number] = self.make(node)
        return self.built[number]

    def build_all(self, numbers):
        return [self.build(number) for number in numbers]

    def text(self, node):
        data = node.bytes(self.decoded.data)
        if node.flags & PYTHON2:
            return data.decode("latin1")
        return data if node.kind == BYTES else data.decode("utf-8", "surrogatepass")

    def make(self, node):
        if node.kind in (STRING, BYTES):
            text = self.text(node)
            if node.fields[0] == "long" and node.opcode in ("STRING", "UNICODE"):
                assert "\\" not in text
            return text
        if node.kind in (LIST, DICT, SET):
            return self.make_late(node)
        simple = {
            NONE: lambda: None,
            BOOL: lambda: node.fields[0] == "1",
            INT: lambda: self.make_int(node),
            FLOAT: lambda: struct.unpack("=d", bytes.fromhex(node.fields[0]))[0],
            BYTEARRAY: lambda: bytearray(node.bytes(self.decoded.data)),
            TUPLE: lambda: tuple(self.build_all(node.children())),
            FROZENSET: lambda: frozenset(self.build_all(node.children())),
            GLOBAL: lambda: find_class(*node.bytes(self.decoded.data).decode("utf-8", "surrogateescape").split("\n", 1)),
            OBJECT: lambda: self.make_object(node),
            PERSISTENT_ID: lambda: self.make_pid(node),
        }
        return simple[node.kind]()

    def make_int(self, node):
        if node.flags & DECIMAL:
            return int(node.bytes(self.decoded.data))
        if node.flags & BIG_INT:
            return int.from_bytes(node.bytes(self.decoded.data), "little", signed=True)
        return int(node.fields[0])

    def make_late(self, node):
        made = {LIST: list, DICT: dict, SET: set}[node.kind]()

        def fill():
            children = self.build_all(node.children())
            if node.kind == LIST:
                made.extend(children)
            elif node.kind == SET:
                made.update(children)
            else:
                for key, value in zip(children[::2], children[1::2]):
                    made[key] = value

        self.todo.append(fill)
        return made

    def make_pid(self, node):
        made = Pid(None)
        self.todo.append(lambda: setattr(made, "args", (self.build(node.children()[0]),)))
        return made

    def make_object(self, node):
        callee, args, kwargs, state, pairs, items = node.children()
        if node.opcode.startswith("EXT"):
            return find_class("ext", str(self.build(callee)))
        made = Made()

        def fill():
            made.what = self.build(callee)
            made.args = tuple(self.build(args)) if args >= 0 else ()
            made.kwargs = {} if kwargs < 0 else self.build(kwargs)
            made.states = [] if state < 0 or node.flags & STATE_CALL else [self.build(state)]
            made.items = [] if items < 0 else self.build_all(self.decoded.nodes[items].children())
            children = [] if pairs < 0 else self.build_all(self.decoded.nodes[pairs].children())
            made.pairs = list(zip(children[::2], children[1::2]))

        self.todo.append(fill)
        return made


@functools.cache
def corpus():
    return decode(real_pickles() + HANDMADE)


# ---------------------------------------------------------------- cases

@case
def opcodes_are_pickletools():
    seen = set()
    for decoded in corpus():
        theirs, is_whole = generated_opcodes(decoded.data)
        assert is_whole and decoded.opcodes == theirs, (decoded.data[:100], decoded.opcodes[:50], theirs[:50])
        assert decoded.scan_end == theirs[-1][1] + 1 == decoded.end
        assert decoded.n_opcodes == len(theirs)
        seen.update(name for name, _ in theirs)
    missing = {opcode.name for opcode in pickletools.opcodes} - seen
    assert missing == {"NEXT_BUFFER"}, missing


@case
def values_are_pythons():
    for decoded in corpus():
        theirs, problem = load(CUnpickler, decoded.data)
        assert problem is None and decoded.error is None, (decoded.data[:200], problem, decoded.error)
        try:
            check_same(Builder(decoded).value(), theirs)
        except AssertionError as e:
            raise AssertionError(f"{decoded.data[:200]}: {e}") from e


@case
def real_pickles_have_no_warnings():
    """But for lone surrogates, which Python writes and UTF-8 forbids."""
    for decoded in decode(real_pickles()):
        assert set(decoded.warnings) <= {"text-surrogate"}, (decoded.data[:200], decoded.warnings)


@case
def protocols():
    for protocol in PROTOCOLS:
        assert decode([pickle.dumps([1], protocol)])[0].protocol == (protocol if protocol > 1 else 0)


@case
def beginnings_are_refused():
    """A pickle that is cut anywhere is an error here as there, with the same opcodes before it."""
    cut = []
    for decoded in corpus():
        end = decoded.scan_end
        places = range(end) if end < 120 else sorted(random.Random(end).sample(range(end), 8))
        cut += [decoded.data[:n] for n in places]
    for decoded in decode(cut):
        theirs, is_whole = generated_opcodes(decoded.data)
        assert not is_whole and decoded.opcodes[:len(theirs)] == theirs, decoded.data[-200:]
        assert len(decoded.opcodes) <= len(theirs) + 1
        assert decoded.scan_error[0] == "pickle-truncated", decoded.data[-200:]
        assert decoded.error[0] in ("pickle-truncated", "pickle-frame"), (decoded.data[-200:], decoded.error)
        assert decoded.scan_error[1] <= len(decoded.data)
        assert load(CUnpickler, decoded.data)[1] is not None, decoded.data[-200:]


def depends_on_classes(decoded):
    """Whether it is up to the classes, which nobody has here, if Python can load it."""
    if any(name == "READONLY_BUFFER" for name, _ in decoded.opcodes):
        return True
    for node in decoded.nodes.values():
        if node.kind == OBJECT:
            callee, *arguments, state, pairs, items = node.children()
            if node.opcode == "STACK_GLOBAL":
                arguments.append(callee)
            if any(decoded.nodes[child].kind in (OBJECT, PERSISTENT_ID) for child in arguments if child >= 0):
                return True
            if node.opcode.startswith("EXT") and max(state, pairs, items) >= 0:
                return True
    return False


def is_not_ascii(decoded):
    """INST and PERSID take ASCII only, in Python."""
    return any(name in ("INST", "PERSID") for name, _ in decoded.opcodes) and any(byte >= 128 for byte in decoded.data)


def build(decoded):
    try:
        return Builder(decoded).value(), None
    except (TypeError, UnicodeDecodeError) as e:  # a key that holds a list, a name that is no UTF-8
        return None, e


@case
def what_is_changed_is_read_alike():
    """Changed at random, a pickle is refused or warned of where Python fails, and otherwise has the same value."""
    rng = random.Random(2)
    short = [decoded.data for decoded in corpus() if len(decoded.data) < 200]
    n_same = n_failed = 0
    for decoded in decode([mutate(rng, short) for _ in range(8000)]):
        theirs, problem = load(PyUnpickler, decoded.data)
        what = decoded.data, decoded.error, decoded.warnings, problem
        if decoded.error is not None:
            n_failed += 1
            # A memo index beyond 32 bits is too much for us.
            assert problem is not None or decoded.error[0] in ("pickle-frame", "pickle-memo"), what
            continue
        ours, clash = build(decoded)
        if problem is not None:
            # Python's two decoders differ where nothing is put into what can hold nothing.
            assert (decoded.warnings or clash or depends_on_classes(decoded) or is_not_ascii(decoded)
                    or load(CUnpickler, decoded.data)[1] is None), what
        elif not decoded.warnings:
            n_same += 1
            assert clash is None, what
            try:
                check_same(ours, theirs)
            except AssertionError as e:
                raise AssertionError(f"{what}: {e}") from e
    assert n_same > 800 and n_failed > 800, (n_same, n_failed)


@case
def opcodes_of_what_is_changed():
    rng = random.Random(3)
    short = [decoded.data for decoded in corpus() if len(decoded.data) < 200]
    for decoded in decode([mutate(rng, short) for _ in range(5000)]):
        theirs, is_whole = generated_opcodes(decoded.data)
        assert decoded.opcodes[:len(theirs)] == theirs, decoded.data
        assert not is_whole or decoded.scan_error is None and decoded.scan_end == theirs[-1][1] + 1, decoded.data


main()
