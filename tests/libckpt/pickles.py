# SPDX-License-Identifier: GPL-3.0-or-later
"""The decoder against Python's own pickle and pickletools: opcodes, values, and what is refused.

Classes are not imported here either: find_class() gives classes that only write down how they are called, and the nodes of the
decoder are built into the same kind of objects.
"""
import array
import collections
import copyreg
import datetime
import decimal
import enum
import fractions
import functools
import io
import os
import pathlib
import pickle
import pickletools
import random
import resource
import struct
import subprocess
import sys
import uuid
import warnings

from tap import case, main

PICKLE_NODES = os.environ["PICKLE_NODES"]
PROTOCOLS = range(pickle.HIGHEST_PROTOCOL + 1)
EXTENSIONS = (5, 257, 65537)
(NONE, BOOL, INT, FLOAT, STRING, BYTES, BYTEARRAY, LIST, TUPLE, DICT, SET, FROZENSET, GLOBAL, _TENSOR, _STORAGE, OBJECT,
 PERSISTENT_ID) = range(17)
BIG_INT, DECIMAL, LONG, PYTHON2, STATE_CALL = 2, 4, 8, 16, 64

# So that a pickle which asks Python for much memory only fails; AddressSanitizer wants more than that.
NO_LIMIT = resource.getrlimit(resource.RLIMIT_AS)
resource.setrlimit(resource.RLIMIT_AS, (4 << 30, NO_LIMIT[1]))
sys.set_int_max_str_digits(0)
warnings.simplefilter("ignore")  # odd escapes
for code in EXTENSIONS:
    copyreg.add_extension("ext", str(code), code)


# ---------------------------------------------------------------- objects that only write down

class Made:
    """What is made by calling something."""

    def __new__(cls, *args, **kwargs):
        if not isinstance(cls, type):
            return cls(*args, **kwargs)
        self = object.__new__(cls)
        self.what, self.args, self.kwargs = cls, args, kwargs
        self.states, self.items, self.pairs = [], [], []
        return self

    def __init__(self, *args, **kwargs):
        pass

    def __call__(self, *args, **kwargs):
        made = Made(*args, **kwargs)
        made.what = self
        return made

    def __repr__(self):
        return f"Made({self.what!r})" if isinstance(self.what, type) else "Made"

    def __setstate__(self, state):
        self.states[:] = [state]

    def append(self, item):
        self.items.append(item)

    add = append

    def extend(self, items):
        self.items.extend(items)

    def __setitem__(self, key, value):
        self.pairs.append((key, value))

    def parts(self):
        return [self.what, self.args, self.kwargs, self.states, self.items, self.pairs]


class Pid(Made):
    """What a persistent id stands for."""

    def __init__(self, pid):
        self.what = Pid
        self.args = (pid,)


@functools.cache
def find_class(module, name):
    return type("Class", (Made,), {"module": module, "name": name})


def make_unpickler(base):
    class Unpickler(base):
        def find_class(self, module, name):
            return find_class(module, name)

        def persistent_load(self, pid):
            return Pid(pid)

        def get_extension(self, code):
            if code <= 0:
                raise pickle.UnpicklingError("EXT specifies code <= 0")
            self.append(find_class("ext", str(code)))

    return Unpickler


CUnpickler = make_unpickler(pickle.Unpickler)
PyUnpickler = make_unpickler(pickle._Unpickler)


def load(unpickler, data):
    """The value, or None and the exception."""
    try:
        return unpickler(io.BytesIO(data), encoding="latin1").load(), None
    except Exception as e:  # whatever a pickle can bring about
        return None, e


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
    lift = functools.partial(resource.setrlimit, resource.RLIMIT_AS, NO_LIMIT)
    out = subprocess.run([PICKLE_NODES], input=told, stdout=subprocess.PIPE, preexec_fn=lift, check=True).stdout.decode("ascii")
    parts = split(out.splitlines())
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


def check_same(ours, theirs):
    """Equal, with the same objects shared."""
    pairs, partner = [(ours, theirs)], {}
    keep = []  # the tuples of parts, so that no id is used twice
    while pairs:
        a, b = pairs.pop()
        assert isinstance(b, Made) if isinstance(a, Made) else type(a) is type(b), (a, b)
        if isinstance(a, (list, dict, set, bytearray, Made)) or (isinstance(a, tuple) and a):
            assert partner.setdefault(("a", id(a)), id(b)) == id(b), "what is shared differs"
            if partner.get(("b", id(b))) == id(a):
                continue
            assert partner.setdefault(("b", id(b)), id(a)) == id(a), "what is shared differs"
        if isinstance(a, float):
            assert struct.pack("d", a) == struct.pack("d", b) or (a != a and b != b), (a, b)
        elif isinstance(a, (list, tuple)):
            assert len(a) == len(b), (a, b)
            pairs += zip(a, b)
        elif isinstance(a, dict):
            assert len(a) == len(b), (a, b)
            pairs += zip(a, b)
            pairs += zip(a.values(), b.values())
        elif isinstance(a, (set, frozenset)):
            assert sorted(map(repr, a)) == sorted(map(repr, b)), (a, b)
        elif isinstance(a, Made):
            left, right = a.parts(), b.parts()
            keep += [left, right]
            # The parts themselves are made up here: only what they hold can be shared.
            for i, j in zip(left, right):
                if isinstance(i, (list, tuple)):
                    assert len(i) == len(j), (i, j)
                    pairs += zip(i, j) if i is not a.pairs else [(x, y) for p, q in zip(i, j) for x, y in zip(p, q)]
                elif isinstance(i, dict):
                    assert list(i) == list(j), (i, j)
                    pairs += zip(i.values(), j.values())
                else:
                    pairs.append((i, j))
        else:
            assert a == b, (a, b)


# ---------------------------------------------------------------- pickles

class Plain:
    pass


class Slots:
    __slots__ = ("a", "b")


class WithDict(Slots):
    pass


class NewArgs(tuple):
    def __new__(cls, *args):
        return tuple.__new__(cls, args)

    def __getnewargs__(self):
        return tuple(self)


class Keywords:
    def __new__(cls, a=0, *, b=0):
        return object.__new__(cls)

    def __getnewargs_ex__(self):
        return (1,), {"b": [2]}


class Setter:
    def __reduce_ex__(self, protocol):
        return Plain, (), {"a": 1}, iter([1, 2]), iter([("k", "v")]), set_state


def set_state(made, state):
    pass


class List(list):
    pass


class Dict(dict):
    pass


class Color(enum.Enum):
    RED = 1

    class Inner:
        pass


Point = collections.namedtuple("Point", "x y")


def objects():
    """Values of many kinds."""
    shared = [1, 2]
    cycle = []
    cycle.append(cycle)
    dict_cycle = {}
    dict_cycle["self"] = dict_cycle, [dict_cycle]
    by_tuple = []
    by_tuple.append((by_tuple,))
    plain = Plain()
    plain.me, plain.x = plain, shared
    slots = Slots()
    slots.a = slots
    both = WithDict()
    both.b, both.c = 1, 2
    counter = collections.Counter("abracadabra")
    default = collections.defaultdict(list, a=[1])
    subclass = List([1, 2])
    subclass.attribute = subclass
    return [
        None, True, False, 0, 1, -1, 255, 256, 65535, 65536, -32768, 2**31 - 1, 2**31, -2**31, -2**31 - 1, 2**63 - 1, 2**63,
        -2**63, -2**63 - 1, 2**64, 10**30, -10**30, 2**2040, -2**2040, 1 << 20000, 0.0, -0.0, 1.5, 1e300, 5e-324,
        float("inf"), float("-inf"), float("nan"), "", "a", "é", "€", "\U0001f600", "\ud800", "\udc00\ud800", "\0", "a\nb\\u0041\\", "'\"",
        "x" * 255, "x" * 256, "€" * 30000, "x" * 200000, "\\" * 70000, b"", b"a", bytes(range(256)), b"\n'\\" * 100,
        b"z" * 70000, bytearray(b"abc"), bytearray(), bytearray(b"y" * 70000), (), (1,), (1, 2), (1, 2, 3), (1, 2, 3, 4), [],
        [1], {}, {"a": 1}, {1: 2, "x": None, (1, 2): [3], 1.5: {}, None: 0, b"k": 0, frozenset([1]): 0}, set(), {1, 2},
        frozenset(), frozenset([1, "a", (2,)]), [shared, shared, (shared, shared)], cycle, dict_cycle, by_tuple, [()] * 3,
        ["abc"] * 3, list(range(1000)), list(range(1001)), list(range(2001)), {i: str(i) for i in range(3001)},
        {str(i): [i] for i in range(1000)}, set(range(1500)), [[[[[[]]]]]], plain, slots, both, NewArgs(1, [2]), Keywords(),
        Setter(), subclass, Dict(a=1), Color.RED, Color, Color.Inner, Point(1, [2]), collections.OrderedDict(a=1, b=[2]),
        counter, default, collections.deque([1, 2], 5), 1 + 2j, range(5), slice(1, 2),
        Ellipsis, NotImplemented, int, len, functools.partial(int, "5", base=7), decimal.Decimal("1.5"),
        fractions.Fraction(1, 3), datetime.datetime(2024, 2, 29, 1, 2, 3, tzinfo=datetime.timezone.utc), uuid.UUID(int=5),
        pathlib.PurePosixPath("a/b"), array.array("d", [1.5]), ValueError("x"), [plain, plain, slots],
    ]


def random_value(rng, depth, seen):
    """A tree of plain values, some of which are met twice."""
    if seen and rng.random() < 0.1:
        return rng.choice(seen)
    kind = rng.randrange(14 if depth > 0 else 8)
    n = rng.choice((0, 1, 2, 3, 5, 12))
    if kind < 8:
        value = [None, rng.random() < 0.5, rng.randrange(-300, 300), rng.randrange(-2**70, 2**70), rng.uniform(-1e9, 1e9),
                 "".join(rng.choices("ab€é\U0001f600\\\n'", k=n)), rng.randbytes(n), bytearray(rng.randbytes(n))][kind]
    elif kind < 10:
        value = [random_value(rng, depth - 1, seen) for _ in range(n)]
    elif kind == 10:
        value = tuple(random_value(rng, depth - 1, seen) for _ in range(n))
    elif kind < 13:
        value = {f"k{i}": random_value(rng, depth - 1, seen) for i in range(n)}
    else:
        value = set(rng.sample(range(100), n))
    if kind >= 5:
        seen.append(value)
    return value


def dump(pickler, value, protocol):
    out = io.BytesIO()
    pickler(out, protocol).dump(value)
    return out.getvalue()


def real_pickles():
    """What both of Python's picklers write."""
    values = objects()
    rng = random.Random(1)
    values += [random_value(rng, 4, []) for _ in range(60)]
    return [dump(pickler, value, protocol) for value in values for protocol in PROTOCOLS
            for pickler in (pickle.Pickler, pickle._Pickler) if can_dump(pickler, value, protocol)]


def can_dump(pickler, value, protocol):
    try:
        dump(pickler, value, protocol)
        return True
    except (pickle.PicklingError, TypeError, AttributeError, OverflowError):
        return False  # some values want a protocol of their own


def u16(n):
    return struct.pack("<H", n)


def u32(n):
    return struct.pack("<I", n)


def u64(n):
    return struct.pack("<Q", n)


# What no pickler of today writes, as far as Python can load it.
HANDMADE = [
    b"(I5\nI-7\nI00\nI01\nL12345678901234567890L\nF1.5\nF-inf\nFnan\nt.",
    b"(S'a\\n\\x41\\101\\'\\\\\\q'\nS\"it's\"\nS''\nt.",
    b"(T" + u32(3) + b"abcU\x03d\xe9fT" + u32(300) + b"x" * 300 + b"t.",
    b"(V\\u20ac\nV\xe9\\\nV\\U0001f600\nV\\\\u0041\nV\\ud800\nV\nt.",
    b"(X" + u32(3) + "€".encode() + b"\x8c\x01a\x8d" + u64(2) + b"bc\x8c\x03\xed\xa0\x80t.",
    b"(B" + u32(2) + b"\0\xffC\x01x\x8e" + u64(3) + b"yyy\x96" + u64(2) + b"zzt.",
    b"(J" + u32(0x80000000) + b"M\xff\xffK\xff\x8a\x00\x8a\x01\xff\x8a\x02\xff\x00\x8b" + u32(9) + b"\0" * 8 + b"\x01t.",
    b"(" + b"".join(b"G" + struct.pack(">d", x) for x in (0.0, -0.0, 1.5, float("nan"), 5e-324)) + b"t.",
    b"(NI01\n\x88\x89](K\x01K\x02e}(K\x01Nu](K\x01la(dt.",
    b"(K\x01K\x02dK\x03K\x04s.",
    b"\x8f(K\x01K\x02\x90(K\x03K\x04\x91\x86.",
    b"(cmod\nname\nimod\nname\n.",
    b"(K\x01K\x02imod\nname\n}b.",
    b"(cmod\nname\nK\x01o(cmod\nname\no\x86.",
    b"cmod\nname\n)R}b(K\x01e(K\x02K\x03uK\x04aK\x05K\x06s(K\x07\x90.",
    b"cmod\nname\n)\x81}bcmod\nname\n)}X\x01\0\0\0kK\x01s\x92\x86.",
    b"\x8c\x03mod\x8c\x04na.e\x93)R.",
    b"Vmod\nVname\n\x93.",
    b"\x82\x05\x83" + u16(257) + b"\x84" + u32(65537) + b"\x87.",
    b"Pid 1\nK\x05QK\x05Q\x87.",
    b"](K\x05QQ)R2l\x86.",
    b"N(0N(NN1N0.",
    b"(]p0\ng0\nq\x01h\x01r" + u32(300) + b"j" + u32(300) + b"\x94h\x03t0(g0\nh\x01t.",
    b"]\x94h\x00h\x00a.",
    b"]2K\x01a0.",
    b"C\x03abc\x98.",
    b"\x80\x04\x95" + u64(3) + b"](N\x95" + u64(3) + b"Ne.",
    b"\x80\x05\x95" + u64(2) + b"N.",
    b"\x80\x00N.",
    b"N." + b"trailing",
]


@functools.cache
def corpus():
    return decode(real_pickles() + HANDMADE)


def generated_opcodes(data):
    """Opcodes as pickletools sees them, up to what it cannot read, and whether it could read all."""
    found = []
    try:
        for opcode, _, position in pickletools.genops(data):
            found.append((opcode.name, position))
        return found, True
    except Exception:  # it raises much
        return found, False


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


def mutate(rng, pickles):
    data = bytearray(rng.choice(pickles))
    for _ in range(rng.choice((1, 1, 1, 2, 3))):
        place = rng.randrange(len(data) + 1)
        how = rng.randrange(6)
        if how == 0 and place < len(data):
            data[place] ^= 1 << rng.randrange(8)
        elif how == 1 and place < len(data):
            data[place] = rng.randrange(256)
        elif how == 2:
            data.insert(place, ord(rng.choice(pickletools.opcodes).code))
        elif how == 3:
            del data[place:place + rng.choice((1, 1, 2, 5))]
        elif how == 4:
            other = rng.choice(pickles)
            start = rng.randrange(len(other))
            data[place:place] = other[start:start + rng.randrange(12)]
        else:
            data[place:place + 1] = bytes([rng.choice((0, 1, 10, 48, 127, 128, 255))])
    return bytes(data)


def depends_on_classes(decoded):
    """Whether it is up to the classes, which nobody has here, if Python can load it."""
    if any(name == "READONLY_BUFFER" for name, _ in decoded.opcodes):
        return True
    for node in decoded.nodes.values():
        if node.kind == OBJECT:
            _, *arguments, state, pairs, items = node.children()
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
