# SPDX-License-Identifier: GPL-3.0-or-later
"""The encoder against Python's picklers: what the decoder reads and the encoder writes again, byte for byte or as the same value."""
import _compat_pickle
import array
import glob
import io
import os
import pickle
import pickletools
import random
import struct
import tempfile
import zipfile

from pickled import (HANDMADE, Keywords, MakingUnpickler, PROTOCOLS, PyUnpickler, can_dump, check_same, containers, cycles, dump, generated_opcodes, load, mutate, objects,
                     plain_objects, random_value, run)
from tap import case, main

WRITTEN, NOT_READ, NOT_WRITTEN, LEFT_OUT = range(4)
PICKLE_ENCODE = os.environ["PICKLE_ENCODE"]
FIXTURES, SHARED = os.environ["FIXTURES"], os.environ["SHARED"]


class Result:
    """A pickle, what was written for it (or why nothing was), and what was written for that."""

    def __init__(self, data, once, twice):
        self.data = data
        self.status, self.bytes = once
        self.again = twice

    def check_same_bytes(self, what):
        assert self.status == WRITTEN, (what, self.bytes)
        if self.bytes != self.data:
            raise AssertionError(f"{what}: other bytes:\n{compare(self.data, self.bytes)}")

    def check_written_again(self):
        assert self.status == WRITTEN, (self.data[:200], self.bytes)
        # What is dropped and fetched again may hold a value that is not marked as shared, and that is twice in what was written.
        if not {"POP", "POP_MARK"} & {name for name, _ in generated_opcodes(self.bytes)[0]}:
            assert self.again == (WRITTEN, self.bytes), (self.data[:200], compare(self.bytes, self.again[1]))
        assert self.again[0] == WRITTEN, (self.data[:200], self.again[1])

    def check_same_value(self, what):
        """Python loads the same of both, whatever the classes are."""
        assert self.status == WRITTEN, (what, self.bytes)
        assert self.bytes[:2] == b"\x80\x02"
        theirs, problem = load(MakingUnpickler, self.data)
        ours, our_problem = load(MakingUnpickler, self.bytes)
        assert problem is None and our_problem is None, (what, problem, our_problem)
        check_same(ours, theirs)


def compare(data, ours):
    """The opcodes around the first byte that differs."""
    at = next((i for i, (a, b) in enumerate(zip(data, ours)) if a != b), min(len(data), len(ours)))
    sides = []
    for side in data, ours:
        try:
            sides.append("\n".join(f"  {position} {opcode.name} {str(arg)[:60]}" for opcode, arg, position in pickletools.genops(side)
                                   if at - 60 < position < at + 40))
        except Exception as e:  # it raises much
            sides.append(repr(e))
    return f"from byte {at} on:\n" + "\n  instead of it:\n".join(sides)


def encode(pickles):
    """Reads and writes pickles, each in turn."""
    with tempfile.NamedTemporaryFile() as f:
        for data in pickles:
            f.write(struct.pack("=Q", len(data)) + data)
        f.flush()
        out = io.BytesIO(run(PICKLE_ENCODE, f.name))
    results = [Result(data, read_result(out), read_result(out)) for data in pickles]
    assert not out.read()
    return results


def read_result(out):
    status, length = struct.unpack("=BQ", out.read(9))
    return status, out.read(length)


def dumps(values, protocol, pickler=pickle.Pickler):
    """Pickles of those values that have one, and their values."""
    values = [value for value in values if can_dump(pickler, value, protocol)]
    return [dump(pickler, value, protocol) for value in values], values


def what(value):
    return f"{type(value).__name__} {ascii(value)[:100]}"


def random_graphs(seed, n):
    rng = random.Random(seed)
    return [random_value(rng, rng.choice((2, 3, 4, 5)), []) for _ in range(n)]


# ---------------------------------------------------------------- cases

@case
def what_the_c_pickler_wrote_at_protocol_2_has_the_same_bytes():
    pickles, values = dumps(objects(), 2)
    assert len(pickles) > 300, len(pickles)
    for result, value in zip(encode(pickles), values):
        result.check_same_bytes(what(value))


@case
def random_graphs_have_the_same_bytes():
    pickles, values = dumps(random_graphs(5, 400), 2)
    for result, value in zip(encode(pickles), values):
        result.check_same_bytes(what(value))


@case
def what_the_python_pickler_wrote_at_protocol_2_has_the_same_bytes():
    pickles, values = dumps(objects() + random_graphs(6, 100), 2, pickle._Pickler)
    for result, value in zip(encode(pickles), values):
        result.check_same_bytes(what(value))


@case
def other_protocols_give_the_same_value():
    for protocol in PROTOCOLS:
        for pickler in (pickle.Pickler, pickle._Pickler):
            pickles, values = dumps(plain_objects() + cycles() + random_graphs(7, 100), protocol, pickler)
            for result, value in zip(encode(pickles), values):
                result.check_same_value(what(value))


@case
def other_protocols_load():
    """With the classes at hand, what Python loads would be pickled as the same bytes."""
    for protocol in PROTOCOLS:
        pickles, values = dumps(plain_objects() + containers(), protocol)
        for result, value in zip(encode(pickles), values):
            assert result.status == WRITTEN, (what(value), result.bytes)
            theirs, problem = load(pickle.Unpickler, result.data)
            if problem is None:  # Setter needs another class
                ours = pickle.loads(result.bytes)
                if can_dump(pickle.Pickler, theirs, 2):
                    assert dump(pickle.Pickler, theirs, 2) == dump(pickle.Pickler, ours, 2), (protocol, what(value))


@case
def other_protocols_become_what_the_c_pickler_writes_at_protocol_2():
    """But for classes within classes, of which CPython's versions leave different marks, and arrays, which ask for the protocol."""
    values = [value for value in plain_objects() + containers() if can_dump(pickle.Pickler, value, 2)]
    values = [value for value in values if not isinstance(value, (array.array, Keywords))]
    for protocol in (3, 4, 5):
        pickles = [dump(pickle.Pickler, value, protocol) for value in values]
        for value, data, result in zip(values, pickles, encode(pickles)):
            if not any(name == "STACK_GLOBAL" for name, _ in generated_opcodes(data)[0]) or not is_nested(value):
                result.data = dump(pickle.Pickler, value, 2)
                result.check_same_bytes((protocol, what(value)))


def is_nested(value):
    classes = value if isinstance(value, list) else [value]
    return any(isinstance(one, type) and "." in one.__qualname__ for one in classes)


@case
def a_set_is_whole_whatever_leads_to_it():
    """Reached before what it holds, a set in a cycle is made when all that it holds is known."""
    for number in range(2):
        holder = cycles()[2 * number]
        data = pickle.dumps([holder, holder.members if number == 0 else holder.members[0]], 2)
        last = data.rindex(b"h") + 1
        result, = encode([data[:-1] + b"0h" + data[last:last + 1] + b"."])
        assert result.status == WRITTEN, result.bytes
        members = pickle.loads(result.bytes)
        assert len(members) == 2 and any(getattr(member, "members", None) for member in members), members


@case
def values_of_numpy_have_the_same_bytes():
    try:
        import numpy as np
    except ImportError:
        return
    record = np.dtype([("a", "<i4"), ("b", "U3"), ("c", "f8", (2,))])
    values = [np.arange(5), np.zeros((2, 0)), np.float64(1.5), np.int8(-1), np.bool_(True), np.array([1, None], dtype=object), record,
              np.zeros(3, record), np.array(["ab", "c"]), np.datetime64("2024-01-02"), np.dtype(">i2"), np.asfortranarray(np.ones((3, 2))),
              np.random.RandomState(1), np.random.default_rng(2), np.float32, np.arange(100000), {"a": np.arange(3), "b": [np.arange(3)] * 2}]
    for result, value in zip(encode([pickle.dumps(value, 2) for value in values]), values):
        result.check_same_bytes(what(value))
    for protocol in (4, 5):
        for result, value in zip(encode([pickle.dumps(value, protocol) for value in values]), values):
            assert pickle.dumps(pickle.loads(result.bytes), 2) == pickle.dumps(pickle.loads(result.data), 2), what(value)


@case
def what_cpython_3_11_wrote_has_the_same_bytes():
    with zipfile.ZipFile(os.path.join(FIXTURES, "pickles", "cpython-3.11.zip")) as z:
        pickles = {name: z.read(name) for name in z.namelist() if name.endswith(".pkl")}
    assert len(pickles) > 300
    for name, result in zip(pickles, encode(list(pickles.values()))):
        result.check_same_bytes(name)


def read_member(archive, name):
    with archive.open(name) as f:
        f._expected_crc = None  # one file has a wrong one on purpose
        return f.read()


def streams(path):
    """The pickles of a checkpoint, without the code and constants of TorchScript."""
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as z:
            names = z.namelist()
            if not any(name.endswith("/constants.pkl") for name in names):
                yield from (read_member(z, name) for name in names if name.endswith("data.pkl"))
        return
    with open(path, "rb") as f:
        data = f.read()
    is_legacy = data.startswith(b"\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19.")
    for _ in range(5 if is_legacy else 0):  # a magic number, a version, the machine, the object, the keys
        *_, (_, _, position) = pickletools.genops(data)
        yield data[:position + 1]
        data = data[position + 1:]


def is_by_python_2(data):
    """Its C pickler begins to number at 1."""
    puts = [arg for opcode, arg, _ in pickletools.genops(data) if opcode.name.endswith("PUT")]
    return bool(puts) and puts[0] == 1


def check_streams(folder):
    """How many pickles of protocol 2 there are: those that Python 3 wrote are written the same again, others with the same value."""
    pickles = [(path, data) for path in sorted(glob.glob(os.path.join(folder, "**"), recursive=True)) if os.path.isfile(path)
               for data in streams(path) if data.startswith(b"\x80\x02")]
    for (path, _), result in zip(pickles, encode([data for _, data in pickles])):
        if is_by_python_2(result.data):
            result.check_same_value(path)
        else:
            result.check_same_bytes(path)
    return len(pickles)


@case
def fixtures_have_the_same_bytes():
    n = check_streams(FIXTURES)
    print(f"# {n} streams")
    assert n > 100, n


@case
def shared_checkpoints_have_the_same_bytes():
    n = check_streams(os.path.join(SHARED, "checkpoints"))
    print(f"# {n} streams" if n > 0 else "# SKIP there are none")


@case
def names_of_python_2():
    names = [*_compat_pickle.REVERSE_NAME_MAPPING, *((module, "anything") for module in _compat_pickle.REVERSE_IMPORT_MAPPING)]
    pickles = [b"\x80\x03c" + f"{module}\n{name}\n".encode() + b"." for module, name in names]
    for (module, name), result in zip(names, encode(pickles)):
        if (module, name) in _compat_pickle.REVERSE_NAME_MAPPING:
            module, name = _compat_pickle.REVERSE_NAME_MAPPING[module, name]
        else:
            module = _compat_pickle.REVERSE_IMPORT_MAPPING[module]
        assert result.bytes == b"\x80\x02c" + f"{module}\n{name}\n".encode() + b".", (result.data, result.bytes)


@case
def what_no_pickler_writes_is_the_same_value():
    for result in encode(HANDMADE):
        result.check_same_value(result.data)


@case
def what_is_written_is_written_the_same_again():
    pickles = [*HANDMADE, *dumps(objects(), 4)[0], *dumps(objects(), 2)[0], *dumps(plain_objects(), 0)[0]]
    for result in encode(pickles):
        result.check_written_again()


@case
def what_is_changed_at_random_is_the_same_value():
    """Whatever can be read can be written, and is the same value unless a warning says that a part of it was left out."""
    rng = random.Random(9)
    short = [data for data in HANDMADE + dumps(plain_objects() + cycles(), 2)[0] + dumps(plain_objects() + cycles(), 4)[0] if len(data) < 300]
    n_read = n_same = 0
    for result in encode([mutate(rng, short) for _ in range(12000)]):
        if result.status in (NOT_READ, LEFT_OUT):
            continue
        n_read += 1
        result.check_written_again()
        theirs, problem = load(MakingUnpickler, result.data)
        if problem is None and b"\x98" not in result.data:  # a view of a buffer becomes the buffer
            ours, problem = load(MakingUnpickler, result.bytes)
            assert problem is None, (result.data, result.bytes, problem)
            try:
                check_same(ours, theirs)
            except AssertionError as e:
                raise AssertionError(f"{result.data}, {result.bytes}: {e}") from e
            n_same += 1
    assert n_read > 2000 and n_same > 1500, (n_read, n_same)


main()
