# SPDX-License-Identifier: GPL-3.0-or-later
"""Pickles for tests of the decoder and the encoder, and what Python makes of them.

Classes are not imported: find_class() gives classes that only write down how they are called.
"""
import _compat_pickle
import argparse
import array
import codecs
import collections
import contextlib
import copyreg
import datetime
import decimal
import enum
import fractions
import functools
import io
import ipaddress
import pathlib
import pickle
import pickletools
import random
import re
import resource
import struct
import subprocess
import sys
import types
import urllib.parse
import uuid
import warnings

PROTOCOLS = range(pickle.HIGHEST_PROTOCOL + 1)
EXTENSIONS = (5, 257, 65537)

# So that a pickle which asks Python for much memory only fails.
NO_LIMIT = resource.getrlimit(resource.RLIMIT_AS)
resource.setrlimit(resource.RLIMIT_AS, (4 << 30, NO_LIMIT[1]))

if hasattr(sys, "set_int_max_str_digits"):
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


class Named(type):
    def __repr__(cls):
        return f"<{cls.__dict__.get('module')}.{cls.__dict__.get('name')}>"


@functools.cache
def find_class(module, name):
    return Named("Class", (Made,), {"module": module, "name": name})


def get_attribute(owner, name):
    """What getattr() gives: protocol 2 has it for a class within a class, and for cls.__new__."""
    if not isinstance(owner, Named):
        return find_class("builtins", "getattr")(owner, name)
    return owner.__new__ if name == "__new__" else find_class(owner.module, f"{owner.name}.{name}")


# What protocol 2 makes by calls, and others by opcodes of their own.
MAKERS = {("builtins", "set"): set, ("builtins", "frozenset"): frozenset, ("builtins", "bytes"): bytes, ("builtins", "bytearray"): bytearray,
          ("_codecs", "encode"): codecs.encode, ("builtins", "getattr"): get_attribute, ("functools", "partial"): functools.partial}


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


def find_class_or_maker(module, name):
    """The same for Python 2's names and Python 3's, as far as they have a way back, and what makes plain values makes them."""
    module, name = _compat_pickle.REVERSE_NAME_MAPPING.get((module, name), (module, name))
    if (module, name) in _compat_pickle.NAME_MAPPING:
        module, name = _compat_pickle.NAME_MAPPING[module, name]
    else:
        module = _compat_pickle.IMPORT_MAPPING.get(module, module)
    return MAKERS.get((module, name)) or find_class(module, name)


class MakingUnpickler(make_unpickler(pickle.Unpickler)):
    def find_class(self, module, name):
        return find_class_or_maker(module, name)


CUnpickler = make_unpickler(pickle.Unpickler)
PyUnpickler = make_unpickler(pickle._Unpickler)


def load(unpickler, data):
    """The value, or None and the exception."""
    try:
        return unpickler(io.BytesIO(data), encoding="latin1").load(), None
    except Exception as e:  # whatever a pickle can bring about
        return None, e


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
        elif isinstance(a, functools.partial):
            pairs += [(a.func, b.func), (a.args, b.args), (a.keywords, b.keywords)]
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


class Outer:
    class Inner:
        class Innermost:
            pass


class Rebuilt:
    """Made with a list that is new each time, and may hold what holds this."""

    def __init__(self, parts, options=None):
        self.parts = parts

    def __reduce__(self):
        return Rebuilt, (list(self.parts), {"n": len(self.parts)})


class Everything:
    """All that __reduce_ex__ can give but a setter."""

    def __reduce_ex__(self, protocol):
        return Everything, (), {"a": self.__dict__.get("me")}, iter(range(3)), iter([("k", [1]), ("l", 2)])

    def extend(self, items):
        self.__dict__.setdefault("items", []).extend(items)

    def append(self, item):
        self.extend([item])

    def __setitem__(self, key, value):
        self.__dict__.setdefault("pairs", []).append((key, value))


class Kind(enum.IntFlag):
    A = 1
    B = 2


class Frozen(frozenset):
    pass


class Text(str):
    pass


class Number(int):
    pass


def cycles():
    """Values that hold themselves in ways that are hard to write."""
    of_set = Plain()
    of_set.members = {of_set, 1}
    of_frozen = Plain()
    of_frozen.members = frozenset([of_frozen, "x"]), of_frozen
    of_rebuilt = Plain()
    of_rebuilt.rebuilt = Rebuilt([of_rebuilt, 5])
    of_tuple = []
    of_tuple.append((1, of_tuple, 2, of_tuple))
    of_dict = {}
    of_dict["t"] = (of_dict,), [of_dict]
    nested = []
    nested.append(((nested, nested),))
    everything = Everything()
    everything.me = everything
    several = [Plain() for _ in range(3)]
    for one in several:
        one.all = set(several)
        one.same = several[0].all
    error = ValueError([])
    error.args[0].append(error)
    return [of_set, of_set.members, of_frozen, of_frozen.members, of_rebuilt, of_rebuilt.rebuilt, of_tuple, of_tuple[0], of_dict,
            of_dict["t"], nested, nested[0], everything, several, [several[1].all, several], error, error.args]


SIZES = (0, 1, 2, 3, 4, 999, 1000, 1001, 2000, 2001)


def containers():
    """Containers of sizes at which the batches of items change."""
    values = []
    for n in SIZES:
        numbers, pairs = list(range(n)), {i: i for i in range(n)}
        values += [numbers, pairs, tuple(numbers), set(numbers), frozenset(numbers), List(numbers), Dict(pairs), Frozen(numbers),
                   collections.deque(numbers), collections.deque(numbers, 5000), collections.OrderedDict(pairs),
                   collections.defaultdict(list, pairs), collections.Counter(pairs), [numbers, pairs, numbers, pairs],
                   {"a": List(numbers), "b": collections.OrderedDict(pairs)}, array.array("l", numbers)]
    return values


def objects():
    """Values of many kinds."""
    return plain_objects() + cycles() + containers() + [[Outer.Inner(), Outer.Inner()]]


def plain_objects():
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
        pathlib.PurePosixPath("a/b"), Outer.Inner, Outer.Inner.Innermost, [Outer.Inner] * 2, Everything(),
        Kind.A | Kind.B, [Color.RED, Color.RED], Frozen("ab"), Text("x"), Number(5), [Point(1, 2)] * 2, type(None), object, dict, set,
        OSError(1, "x"), ConnectionResetError("x"), KeyError("k"), datetime.date(2024, 1, 2), datetime.timedelta(1, 2, 3),
        types.SimpleNamespace(a=1), argparse.Namespace(b=[2]), re.compile("a+", re.I), random.Random(5), random.getstate,
        io.BytesIO(b"abc"), io.StringIO("x"), [].append, str.upper, {}.get, collections.ChainMap({1: 2}), ipaddress.ip_address("::1"),
        contextlib.ExitStack, urllib.parse.quote, zip, collections.UserDict(a=1), array.array("d", [1.5]), ValueError("x"), [plain, plain, slots],
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
    values = plain_objects() + cycles()
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


def generated_opcodes(data):
    """Opcodes as pickletools sees them, up to what it cannot read, and whether it could read all."""
    found = []
    try:
        for opcode, _, position in pickletools.genops(data):
            found.append((opcode.name, position))
        return found, True
    except Exception:  # it raises much
        return found, False


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


def run(*command, told=None):
    """What a program prints. It has all memory, which AddressSanitizer wants."""
    lift = functools.partial(resource.setrlimit, resource.RLIMIT_AS, NO_LIMIT)
    return subprocess.run(command, input=told, stdout=subprocess.PIPE, preexec_fn=lift, check=True).stdout
