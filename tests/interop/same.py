# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether two checkpoints that PyTorch loaded are the same: values, order, types, and what is shared with what."""
import collections
import enum
import functools
import types
import weakref

import numpy as np
import torch
from torch import nn

PLAIN = (type(None), bool, int, float, complex, str, bytes, bytearray, type, torch.dtype, torch.device, torch.layout, torch.Size, range, slice,
         enum.Enum, types.FunctionType, types.BuiltinFunctionType, types.MethodType, functools.partial)


def element_bytes(tensor):
    """The elements in row-major order."""
    plain = tensor.detach().cpu().resolve_conj().resolve_neg().contiguous().reshape(-1)
    return plain.view(torch.uint8).numpy().tobytes() if plain.numel() > 0 else b""


def storage_bytes(storage):
    untyped = storage if isinstance(storage, torch.UntypedStorage) else storage.untyped()
    return torch.empty(0, dtype=torch.uint8).set_(untyped).numpy().tobytes()


class Comparison:
    """
    is_laid_out: strides, offsets and the sizes of storages count too
    is_shared: so does which tensors share a storage
    is_nan_one: every NaN is the same
    """

    def __init__(self, is_laid_out=True, is_shared=True, is_nan_one=False):
        self.is_laid_out, self.is_shared, self.is_nan_one = is_laid_out, is_shared, is_nan_one
        self.partner = {}
        self.keep = []  # so that no id is used twice
        self.todo = []

    def fail(self, where, what, ours, theirs):
        raise AssertionError(f"{where or 'the root'}: {what}: {ours!r}, not {theirs!r}"[:1000])

    def check(self, where, what, ours, theirs):
        if ours != theirs:
            self.fail(where, what, ours, theirs)

    def pair(self, where, ours, theirs):
        """Whether this pair is met for the first time; each is met with the same partner every time."""
        for side, a, b in ("ours", ours, theirs), ("theirs", theirs, ours):
            if self.partner.setdefault((side, a), b) != b:
                raise AssertionError(f"{where or 'the root'}: what is shared with what differs")
        is_new = ("seen", ours) not in self.partner
        self.partner["seen", ours] = True
        return is_new

    def run(self, ours, theirs):
        self.todo = [("", ours, theirs)]
        while self.todo:
            self.compare(*self.todo.pop())

    def compare(self, where, ours, theirs):
        self.keep.append((ours, theirs))
        if type(ours) is not type(theirs):
            self.fail(where, "the type", type(ours), type(theirs))
        if isinstance(ours, torch.Tensor):
            self.compare_tensors(where, ours, theirs)
        elif isinstance(ours, (torch.UntypedStorage, torch.TypedStorage)):
            self.check(where, "the storage", storage_bytes(ours), storage_bytes(theirs))
        elif isinstance(ours, (float, complex)):
            self.check(where, "the number", repr(ours), repr(theirs))
        elif isinstance(ours, weakref.ref):
            self.todo.append((where + "()", ours(), theirs()))
        elif isinstance(ours, functools.partial):
            self.todo += [(where + ".func", ours.func, theirs.func), (where + ".args", ours.args, theirs.args)]
        elif isinstance(ours, PLAIN):
            self.check(where, "the value", ours, theirs)
        elif isinstance(ours, (np.ndarray, np.generic)):
            self.check(where, "the array", (ours.dtype, ours.shape, ours.tobytes()), (theirs.dtype, theirs.shape, theirs.tobytes()))
        elif isinstance(ours, tuple):
            self.compare_items(where, list(ours), list(theirs))
        elif self.pair(where, id(ours), id(theirs)):
            self.compare_containers(where, ours, theirs)

    def compare_containers(self, where, ours, theirs):
        if isinstance(ours, dict):
            self.check(where, "the keys", [repr(key) for key in ours], [repr(key) for key in theirs])
            self.todo += [(f"{where}[{key!r}]", a, b) for key, a, b in zip(ours, ours.values(), theirs.values())]
        elif isinstance(ours, (list, collections.deque)):
            self.compare_items(where, list(ours), list(theirs))
        elif isinstance(ours, (set, frozenset)):
            self.check(where, "the members", sorted(map(repr, ours)), sorted(map(repr, theirs)))
        if hasattr(ours, "__dict__"):
            self.todo.append((where + ".__dict__", dict(ours.__dict__), dict(theirs.__dict__)))
        elif not isinstance(ours, (dict, list, set, frozenset, collections.deque)):
            self.todo.append((where + ".__reduce_ex__(2)", ours.__reduce_ex__(2), theirs.__reduce_ex__(2)))

    def compare_items(self, where, ours, theirs):
        self.check(where, "the length", len(ours), len(theirs))
        self.todo += [(f"{where}[{i}]", a, b) for i, (a, b) in enumerate(zip(ours, theirs))]

    def compare_tensors(self, where, ours, theirs):
        for what in "dtype", "shape", "layout", "device", "requires_grad", "is_quantized":
            self.check(where, what, getattr(ours, what), getattr(theirs, what))
        if isinstance(ours, nn.Parameter) and not self.pair(where, id(ours), id(theirs)):
            return
        if ours.is_quantized:
            self.check(where, "the quantizer", *(repr(tensor.dequantize()) + str(tensor.qscheme()) for tensor in (ours, theirs)))
            ours, theirs = ours.int_repr(), theirs.int_repr()
            self.keep.append((ours, theirs))
        elif ours.layout is torch.sparse_coo:
            self.todo += [(where + ".indices", ours._indices(), theirs._indices()), (where + ".values", ours._values(), theirs._values())]
            return
        elif ours.layout is not torch.strided:
            self.check(where, "the elements", *(str(tensor.to_dense()) for tensor in (ours, theirs)))
            return
        elif ours.device.type == "meta":
            return
        self.compare_strided(where, ours, theirs)
        if type(ours) is not torch.Tensor and getattr(ours, "__dict__", None):
            self.todo.append((where + ".__dict__", dict(ours.__dict__), dict(theirs.__dict__)))

    def compare_strided(self, where, ours, theirs):
        if self.is_laid_out:
            for what in "stride", "storage_offset":
                self.check(where, what, getattr(ours, what)(), getattr(theirs, what)())
            self.check(where, "the size of the storage", ours.untyped_storage().nbytes(), theirs.untyped_storage().nbytes())
        if self.is_shared and ours.untyped_storage().nbytes() > 0:
            self.pair(where, ("storage", ours.untyped_storage().data_ptr()), ("storage", theirs.untyped_storage().data_ptr()))
        if self.is_nan_one and ours.is_floating_point():
            ours, theirs = (torch.where(tensor.isnan(), torch.nan, tensor) for tensor in (ours, theirs))
        if element_bytes(ours) != element_bytes(theirs):
            self.fail(where, "the elements", ours.flatten()[:6], theirs.flatten()[:6])


def check_same(ours, theirs, **options):
    Comparison(**options).run(ours, theirs)
