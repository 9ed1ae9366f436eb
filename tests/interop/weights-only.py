# SPDX-License-Identifier: GPL-3.0-or-later
"""What torch.load(weights_only=True) refuses: our list against PyTorch's own."""
import collections
import ctypes
import datetime
import fractions
import io
import os
import pathlib
import warnings

from harness import Failed, Tree, case, glib, lib, main, np, save, torch

warnings.filterwarnings("ignore")

_pointer = ctypes.c_void_p
GLOBAL, BLOCKED, CALL, OPCODE, ITEMS, PERSISTENT_ID = range(1, 7)


class Refusal(ctypes.Structure):
    _fields_ = [("reason", ctypes.c_int), ("name", ctypes.c_char_p), ("n", ctypes.c_uint), ("path", ctypes.c_char_p),
                ("node", ctypes.c_uint32)]


class Array(ctypes.Structure):
    _fields_ = [("data", ctypes.POINTER(ctypes.POINTER(Refusal))), ("len", ctypes.c_uint)]


glib.g_ptr_array_unref.argtypes = [_pointer]
lib.ckpt_weights_only_list.restype = _pointer
lib.ckpt_weights_only_list.argtypes = [_pointer, ctypes.c_uint32]
lib.ckpt_tree_get_root.restype = ctypes.c_uint32
lib.ckpt_tree_get_root.argtypes = [_pointer]
lib.ckpt_tree_get_fact.restype = ctypes.c_char_p
lib.ckpt_tree_get_fact.argtypes = [_pointer, ctypes.c_char_p]


def refusals(tree):
    pointer = lib.ckpt_weights_only_list(tree.tree, lib.ckpt_tree_get_root(tree.tree))
    array = Array.from_address(pointer)
    found = [(r.reason, r.name and r.name.decode(), r.n, r.path.decode()) for r in (array.data[i].contents for i in range(array.len))]
    glib.g_ptr_array_unref(pointer)
    return found


# Types of elements that this PyTorch does not have, though the newest that we know takes them.
LATER = {"torch.float8_e8m0fnu", "torch.float4_e2m1fn_x2"}


def fixtures():
    folder = os.path.join(os.environ["FIXTURES"], "torch-2.13")
    for name in sorted(os.listdir(folder)):
        if name.endswith((".pt", ".ckpt")) and name not in ("torchscript.pt", "xla_device_tensor.pt", "big_endian.pt"):
            yield os.path.join(folder, name)


@case
def names_of_fixtures():
    """The same names as PyTorch's, in every file that it looks into."""
    n = 0
    for path in fixtures():
        try:
            theirs = torch.serialization.get_unsafe_globals_in_checkpoint(path)
        except ValueError:  # legacy
            continue
        except Exception as error:  # opcodes of protocols that weights_only does not take
            assert "Unsupported operand" in str(error), f"{path}: {error}"
            continue
        ours = {name for reason, name, *_ in refusals(Tree(path)) if reason in (GLOBAL, BLOCKED)}
        assert ours == set(theirs) - LATER, f"{path}: {ours}, not {theirs}"
        n += 1
    assert n > 40


@case
def verdict_on_fixtures():
    """A file has no refusals exactly where it loads."""
    for path in fixtures():
        tree = Tree(path)
        if int(lib.ckpt_tree_get_fact(tree.tree, b"protocol") or b"2") > 3 or path.endswith("dtypes_new.pt"):
            continue
        try:
            torch.load(path, map_location="cpu", weights_only=True)
            loads = True
        except Exception as error:
            loads = False
        assert loads == (not refusals(tree)), f"{path}: {loads}, {refusals(tree)}"


class Words(list):
    pass


class Table(dict):
    pass


VALUES = {
    "numpy": np.float32(1), "array": np.arange(3), "path": pathlib.PurePosixPath("/a"), "when": datetime.date(2026, 1, 2),
    "range": range(3), "slice": slice(1), "frozen": frozenset({1}), "empty bytes": b"", "bytes": b"abc", "bytearray": bytearray(b"x"),
    "set": {1}, "complex": 1j, "deque": collections.deque([1]), "default": collections.defaultdict(list), "counter": collections.Counter("a"),
    "ordered": collections.OrderedDict(a=1), "words": Words([1]), "table": Table(a=1), "class": int, "function": os.path.join,
    "device": torch.device("cuda:1"), "dtype": torch.float16, "size": torch.Size([1]), "layout": torch.strided, "big": 1 << 100,
    "huge": 1 << 2040, "fraction": fractions.Fraction(1, 3), "parameter": torch.nn.Parameter(torch.ones(1)), "os": os.getcwd,
    "storage": torch.ones(2).untyped_storage(), "module": torch.nn.Linear(1, 1), "sparse": torch.eye(2).to_sparse(),
    "csr": torch.eye(2).to_sparse_csr(), "quantized": torch.quantize_per_tensor(torch.ones(2), .1, 0, torch.qint8), "text": "x" * 300,
}


@case
def one_by_one():
    for name, value in VALUES.items():
        file = io.BytesIO()
        torch.save({"x": value}, file)
        file.seek(0)
        try:
            torch.load(file, weights_only=True)
            loads = True
        except Exception:
            loads = False
        found = refusals(save({"x": value}))
        assert loads == (not found), f"{name}: {loads}, {found}"
        for _, _, _, path in found:
            assert path.startswith('["x"]'), f"{name}: {found}"


@case
def reasons_and_counts():
    value = {"a": np.float32(1), "b": [np.float32(2), np.float64(3)], "system": os.getcwd}
    found = {(reason, name): (n, path) for reason, name, n, path in refusals(save(value))}
    scalar = next(name for _, name in found if name.endswith("multiarray.scalar"))
    assert found[GLOBAL, scalar] == (1, '["a"]'), found
    assert found[GLOBAL, "numpy.dtype"] == (1, '["a"].args[0]'), found
    assert found[BLOCKED, "posix.getcwd"] == (1, '["system"]'), found
    assert refusals(save({"x": Words([1])})) == [(ITEMS, "__main__.Words", 1, '["x"]'), (GLOBAL, "__main__.Words", 1, '["x"]')]


main()
