# SPDX-License-Identifier: GPL-3.0-or-later
"""Pickled modules: the state dict that we find in them is the one that PyTorch makes of them, `_metadata` included."""
import ctypes
import os
import re
import subprocess
import sys
import warnings

from harness import Tree, case, function, glib, lib, main, save, torch
from torch import nn

import models

warnings.filterwarnings("ignore")

_pointer = ctypes.c_void_p


class Entry(ctypes.Structure):
    _fields_ = [("key", ctypes.c_char_p), ("value", ctypes.c_uint32)]


class Module(ctypes.Structure):
    _fields_ = [("path", ctypes.c_char_p), ("module", ctypes.c_uint32), ("class_", _pointer), ("has_hooks", ctypes.c_int)]


class Array(ctypes.Structure):
    _fields_ = [("data", _pointer), ("len", ctypes.c_uint)]

    def items(self, kind):
        return list((kind * self.len).from_address(self.data)) if self.len else []


class StateDict(ctypes.Structure):
    _fields_ = [("entries", ctypes.POINTER(Array)), ("modules", ctypes.POINTER(Array))]


_new = function("ckpt_state_dict_new", ctypes.POINTER(StateDict), _pointer, ctypes.c_uint32)
lib.ckpt_state_dict_list_doubts.restype = ctypes.POINTER(Array)
lib.ckpt_state_module_get_version.argtypes = [ctypes.POINTER(Module), ctypes.POINTER(ctypes.c_uint)]
lib.ckpt_state_entry_get_tensor.restype = ctypes.c_uint32
lib.ckpt_state_entry_get_tensor.argtypes = [ctypes.POINTER(Entry), _pointer]
lib.ckpt_tree_get_root.restype = ctypes.c_uint32
lib.ckpt_tree_get_root.argtypes = [_pointer]


def find(tree):
    """Keys with shapes, versions by path (None where it is not known), doubts."""
    pointer = _new(tree.tree, lib.ckpt_tree_get_root(tree.tree))
    keys, versions = {}, {}
    for entry in pointer.contents.entries.contents.items(Entry):
        tensor = lib.ckpt_tree_get_node_tensor(tree.tree, lib.ckpt_state_entry_get_tensor(entry, tree.tree)).contents
        assert not tensor.flags & 3, f"{entry.key} is a parameter"
        keys[entry.key.decode()] = tuple(tensor.shape[:tensor.n_dims])
    for module in pointer.contents.modules.contents.items(Module):
        version = ctypes.c_uint()
        known = lib.ckpt_state_module_get_version(module, version)
        versions[module.path.decode()] = version.value if known else None
    doubts = lib.ckpt_state_dict_list_doubts(pointer)
    texts = [text.decode() for text in doubts.contents.items(ctypes.c_char_p)]
    return keys, versions, texts


def check(model, n_foreign=0):
    keys, versions, doubts = find(save(model))
    wanted = model.state_dict()
    assert list(keys) == list(wanted), f"{list(keys)}, not {list(wanted)}"
    for key, value in wanted.items():
        assert keys[key] == tuple(value.shape), key
    assert list(versions) == list(wanted._metadata), f"{list(versions)}, not {list(wanted._metadata)}"
    for path, entry in wanted._metadata.items():
        assert versions[path] is None or {"version": versions[path]} == entry, f"{path}: {versions[path]}, not {entry}"
    assert sum(version is None for version in versions.values()) >= n_foreign
    assert bool(doubts) == bool(n_foreign), doubts
    if n_foreign:
        assert re.match(rf"{n_foreign} modules? of (a class|classes) outside torch: ", doubts[0]), doubts


class Net(nn.Module):
    """A buffer that is not persistent, a parameter and a buffer that are None, a module that is None, one that hangs in two places."""

    def __init__(self):
        super().__init__()
        self.later = nn.Linear(2, 3)
        self.register_buffer("scratch", torch.zeros(4), persistent=False)
        self.register_buffer("scale", torch.tensor(.5))
        self.register_buffer("nothing", None)
        self.register_parameter("unused", None)
        self.own = nn.Parameter(torch.ones(2))
        self.again = self.later
        self.register_module("none", None)
        self.norm = nn.BatchNorm1d(3)
        self.plain = torch.ones(3)  # no buffer
        self.unlisted = [nn.Linear(1, 1)]


@case
def rules():
    check(Net(), 1)


@case
def classes_of_torch():
    check(nn.Sequential(nn.Conv2d(1, 2, 3), nn.BatchNorm2d(2), nn.InstanceNorm2d(2, affine=True, track_running_stats=True), nn.Dropout()))
    check(nn.LSTM(3, 4, 2))
    check(nn.MultiheadAttention(8, 2))
    check(nn.Transformer(8, 2, 1, 1, 16))
    check(nn.SyncBatchNorm(3))
    check(nn.BatchNorm1d(3, affine=False))
    check(nn.ParameterList([torch.ones(2), torch.zeros(3)]))
    check(nn.ParameterDict({"b": torch.ones(1), "a": torch.ones(2)}))
    check(nn.ModuleDict({"x": nn.Embedding(2, 3), "y": nn.PReLU()}))


@case
def wrappers():
    model = nn.Sequential(nn.Linear(2, 3), nn.BatchNorm1d(3))
    check(nn.DataParallel(model))
    check(torch.optim.swa_utils.AveragedModel(model))
    check(torch.compile(model, backend="eager"))
    check(nn.DataParallel(torch.compile(model, backend="eager")))
    check(nn.Sequential(nn.Linear(2, 2), torch.compile(nn.BatchNorm1d(3), backend="eager"), nn.Linear(1, 1)))


@case
def models_of_users():
    for name, make in models.fresh().items():
        if name in ("observed", "gan"):
            continue
        model = make()
        own = {type(module) for module in model.modules() if type(module).__module__ == "models"}
        check(model, sum(type(module) in own for module in model.modules()))


@case
def hooks():
    model = nn.Sequential(nn.Linear(2, 3), nn.utils.spectral_norm(nn.Linear(3, 2)))
    keys, versions, doubts = find(save(model))
    assert list(keys) == list(model.state_dict())
    assert versions == {"": 1, "0": 1, "1": None}
    assert len(doubts) == 1 and "_state_dict_hooks" in doubts[0], doubts


@case
def own_ways():
    """Quantized modules write what is in no dict of theirs."""
    observer = torch.ao.quantization.HistogramObserver()
    keys, versions, doubts = find(save(observer))
    assert versions == {"": 3} and len(doubts) == 1 and "in their own way" in doubts[0] or "in its own way" in doubts[0], doubts


def read_table(lines):
    return {name: (version, ways) for name, version, ways in (line.split("\t") for line in lines[1:])}


@case
def table_of_classes():
    """What the library knows of the classes is what this PyTorch says of them."""
    script = os.environ["LIST_MODULE_CLASSES"]
    here = subprocess.run([sys.executable, "-W", "ignore", script], capture_output=True, text=True, check=True).stdout.splitlines()
    folder = os.path.join(os.environ["LIBCKPT_HEADERS"], "analysis/module-classes")
    kept = {}
    for name in sorted(os.listdir(folder)):
        with open(os.path.join(folder, name)) as file:
            lines = file.read().splitlines()
        kept |= read_table(lines)
        if lines[0] == here[0]:
            assert lines == here, f"{name} is not what {os.path.basename(script)} writes"
    found = read_table(here)
    assert len(found) > 400
    known = found.keys() & kept.keys()
    assert len(known) > 400
    for name in known:
        assert found[name] == kept[name], f"{name}: {kept[name]}, not {found[name]}"


main()
