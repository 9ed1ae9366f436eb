# SPDX-License-Identifier: GPL-3.0-or-later
"""What the interop tests share: the library through ctypes."""
import atexit
import ctypes
import os
import re
import shutil
import tempfile

from tap import case, main, skip_all

try:
    import numpy as np
    import torch
except ImportError as e:
    skip_all(f"{e.name} is not installed")

lib = ctypes.CDLL(os.environ["LIBCKPT"])
glib = ctypes.CDLL("libglib-2.0.so.0")
glib.g_free.argtypes = [ctypes.c_void_p]


def header(name):
    with open(os.path.join(os.environ["LIBCKPT_HEADERS"], name)) as f:
        return f.read()


def enum_values(name, prefix):
    """The members of an enum without values of their own, in order."""
    return re.findall(rf"^  ({prefix}\w+),", header(name), re.M)


def take_text(pointer):
    """A string that the library gave away."""
    text = ctypes.string_at(pointer).decode()
    glib.g_free(pointer)
    return text


DTYPES = {name.removeprefix("CKPT_DTYPE_").lower(): number
          for number, name in enumerate(enum_values("model/ckpt-dtype.h", "CKPT_DTYPE_"))}

lib.ckpt_dtype_item_to_string.restype = ctypes.c_void_p
lib.ckpt_dtype_item_to_string.argtypes = [ctypes.c_int, ctypes.c_char_p]
lib.ckpt_dtype_get_name.restype = ctypes.c_char_p
for _function in (lib.ckpt_dtype_to_doubles, lib.ckpt_dtype_to_complex):
    _function.restype = None
    _function.argtypes = [ctypes.c_int, ctypes.c_char_p, ctypes.c_size_t, ctypes.c_void_p]


def to_doubles(dtype, data, n):
    values = np.empty(n, dtype=np.float64)
    lib.ckpt_dtype_to_doubles(DTYPES[dtype], data, n, values.ctypes.data)
    return values


def to_complex(dtype, data, n):
    values = np.empty(n, dtype=np.complex128)
    lib.ckpt_dtype_to_complex(DTYPES[dtype], data, n, values.ctypes.data)
    return values


def item_to_string(dtype, item):
    return take_text(lib.ckpt_dtype_item_to_string(DTYPES[dtype], item))


def check_same(ours, theirs, what):
    """Equal, the sign of zero included, and NaN where NaN is."""
    ours, theirs = np.asarray(ours), np.asarray(theirs)
    same = (np.isnan(ours) & np.isnan(theirs)) | ((ours == theirs) & (np.signbit(ours) == np.signbit(theirs)))
    bad = np.flatnonzero(~same)
    assert not len(bad), f"{what}: {len(bad)} of {len(same)} differ, first #{bad[0]}: {ours[bad[0]]!r}, not {theirs[bad[0]]!r}"


class GError(ctypes.Structure):
    _fields_ = [("domain", ctypes.c_uint32), ("code", ctypes.c_int), ("message", ctypes.c_char_p)]


class CkptTensor(ctypes.Structure):
    _fields_ = [("index", ctypes.c_uint32), ("node", ctypes.c_uint32), ("storage", ctypes.c_uint32), ("dtype", ctypes.c_int),
                ("layout", ctypes.c_int), ("flags", ctypes.c_int), ("n_dims", ctypes.c_uint32),
                ("shape", ctypes.POINTER(ctypes.c_int64)), ("stride", ctypes.POINTER(ctypes.c_int64)),
                ("offset", ctypes.c_int64), ("numel", ctypes.c_uint64)]


class CkptStats(ctypes.Structure):
    _fields_ = [(name, ctypes.c_uint64) for name in ("n", "n_nan", "n_pos_inf", "n_neg_inf", "n_zero", "n_finite")] + [
        (name, ctypes.c_double) for name in ("min", "max", "mean", "std")] + [
        ("is_magnitude", ctypes.c_int), ("n_missing", ctypes.c_uint64), ("norm", ctypes.c_double), ("fits_bfloat16", ctypes.c_int),
        ("fits_float16", ctypes.c_int)]


class CkptScale(ctypes.Structure):
    _fields_ = [("kind", ctypes.c_int), ("threshold", ctypes.c_double)]


class CkptHistogram(ctypes.Structure):
    _fields_ = [("low", ctypes.c_double), ("high", ctypes.c_double), ("n_bins", ctypes.c_uint),
                ("counts", ctypes.POINTER(ctypes.c_uint64)), ("n_below", ctypes.c_uint64), ("n_above", ctypes.c_uint64),
                ("scale", CkptScale), ("n_uncertain", ctypes.c_uint64)]


class CkptProfile(ctypes.Structure):
    _fields_ = [("stats", CkptStats), ("sketch", ctypes.c_void_p), ("is_whole", ctypes.c_int)]


class CkptTotal(ctypes.Structure):
    _fields_ = [("name", ctypes.c_char_p), ("n_tensors", ctypes.c_uint), ("n_values", ctypes.c_uint64), ("n_bytes", ctypes.c_uint64)]

    def figures(self):
        return self.n_tensors, self.n_values, self.n_bytes


class GPtrArray(ctypes.Structure):
    _fields_ = [("data", ctypes.POINTER(ctypes.POINTER(CkptTotal))), ("len", ctypes.c_uint)]


class CkptSummary(ctypes.Structure):
    _fields_ = [("total", CkptTotal), ("by_dtype", ctypes.POINTER(GPtrArray)), ("by_device", ctypes.POINTER(GPtrArray)),
                ("n_tied", ctypes.c_uint), ("n_wasted_bytes", ctypes.c_uint64), ("writer", ctypes.c_char_p),
                ("readers", ctypes.c_char_p)]


class Failed(Exception):
    """The library gave an error."""


def function(name, restype, *argtypes):
    """A function whose last parameter is a GError **; raises what it sets."""
    raw = getattr(lib, name)
    raw.restype = restype
    raw.argtypes = [*argtypes, ctypes.POINTER(ctypes.POINTER(GError))]

    def call(*args):
        error = ctypes.POINTER(GError)()
        result = raw(*args, ctypes.byref(error))
        if error:
            raise Failed(error.contents.message.decode())
        return result
    return call


_pointer = ctypes.c_void_p
_load = function("ckpt_load", _pointer, ctypes.c_char_p, _pointer, _pointer, _pointer)
_resolve = function("ckpt_path_resolve", _pointer, _pointer, ctypes.c_char_p)
_read = function("ckpt_tensor_read", ctypes.c_int, _pointer, _pointer, ctypes.c_uint64, ctypes.c_size_t, _pointer)
_read_doubles = function("ckpt_tensor_read_doubles", ctypes.c_int, _pointer, _pointer, ctypes.c_uint64, ctypes.c_size_t, _pointer)
_item_to_string = function("ckpt_tensor_item_to_string", _pointer, _pointer, _pointer, ctypes.c_uint64)
_print = function("ckpt_tensor_print", _pointer, _pointer, _pointer)
_stats = function("ckpt_stats_compute", ctypes.c_int, _pointer, _pointer, _pointer, _pointer, _pointer, _pointer)
_histogram = function("ckpt_histogram_compute", _pointer, _pointer, _pointer, ctypes.c_double, ctypes.c_double, ctypes.c_uint,
                      _pointer, _pointer, _pointer)
_survey_run = function("ckpt_survey_run", ctypes.c_int, _pointer, ctypes.POINTER(ctypes.c_uint32), ctypes.c_size_t, _pointer, _pointer, _pointer,
                       _pointer, _pointer)
lib.ckpt_survey_new.restype = _pointer
lib.ckpt_survey_new.argtypes = [_pointer, ctypes.c_uint]
lib.ckpt_survey_unref.argtypes = [_pointer]
lib.ckpt_survey_find.restype = ctypes.POINTER(CkptProfile)
lib.ckpt_survey_find.argtypes = [_pointer, _pointer]
lib.ckpt_profile_unref.argtypes = [_pointer]
lib.ckpt_sketch_get_quantile.restype = ctypes.c_double
lib.ckpt_sketch_get_quantile.argtypes = [_pointer, ctypes.c_double, ctypes.POINTER(ctypes.c_double)]
lib.ckpt_tree_get_node_tensor.restype = ctypes.POINTER(CkptTensor)
lib.ckpt_tree_get_node_tensor.argtypes = [_pointer, ctypes.c_uint32]
lib.ckpt_path_get_node.restype = ctypes.c_uint32
lib.ckpt_path_get_node.argtypes = [_pointer, _pointer]
lib.ckpt_path_free.argtypes = [_pointer]
lib.ckpt_tree_unref.argtypes = [_pointer]
lib.ckpt_histogram_free.argtypes = [_pointer]
lib.ckpt_summary_new.restype = ctypes.POINTER(CkptSummary)
lib.ckpt_summary_new.argtypes = [_pointer]
lib.ckpt_summary_free.argtypes = [_pointer]

DTYPE_NAMES = list(DTYPES)


class Tensor:
    """A tensor of a checkpoint as the library sees it."""

    def __init__(self, tree, path):
        resolved = _resolve(tree.tree, path.encode())
        self.tree = tree
        self.tensor = lib.ckpt_tree_get_node_tensor(tree.tree, lib.ckpt_path_get_node(resolved, tree.tree))
        lib.ckpt_path_free(resolved)
        assert self.tensor, f"{path} is no tensor"
        self.numel = self.tensor.contents.numel
        self.dtype = DTYPE_NAMES[self.tensor.contents.dtype]

    def read(self, item_size, first=0, n=None):
        n = self.numel - first if n is None else n
        items = ctypes.create_string_buffer(n * item_size)
        _read(self.tree.tree, self.tensor, first, n, items)
        return items.raw[:n * item_size]

    def read_doubles(self, first=0, n=None):
        values = np.empty(self.numel - first if n is None else n)
        _read_doubles(self.tree.tree, self.tensor, first, len(values), values.ctypes.data)
        return values

    def item_to_string(self, element):
        return take_text(_item_to_string(self.tree.tree, self.tensor, element))

    def print(self):
        return take_text(_print(self.tree.tree, self.tensor))

    def stats(self):
        stats = CkptStats()
        _stats(self.tree.tree, self.tensor, None, None, None, ctypes.byref(stats))
        return stats

    def profile(self, quantiles):
        """The figures, and of each quantile its value and how far it may be off, as the survey of the whole file finds them."""
        survey = lib.ckpt_survey_new(self.tree.tree, 2)
        _survey_run(survey, ctypes.byref(ctypes.c_uint32(self.tensor.contents.index)), 1, None, None, None, None, None)
        profile = lib.ckpt_survey_find(survey, self.tensor)
        sketch, stats = profile.contents.sketch, CkptStats.from_buffer_copy(profile.contents.stats)
        found, error = [], ctypes.c_double()
        for q in quantiles if sketch else ():
            found.append((lib.ckpt_sketch_get_quantile(sketch, q, ctypes.byref(error)), error.value))
        lib.ckpt_profile_unref(profile)
        lib.ckpt_survey_unref(survey)
        return stats, found

    def histogram(self, low, high, n_bins):
        """Counts, values below, values above."""
        pointer = _histogram(self.tree.tree, self.tensor, low, high, n_bins, None, None, None)
        histogram = CkptHistogram.from_address(pointer)
        result = list(histogram.counts[:n_bins]), histogram.n_below, histogram.n_above
        lib.ckpt_histogram_free(pointer)
        return result


class Tree:
    """A checkpoint as the library sees it."""

    def __init__(self, path):
        self.tree = _load(os.fsencode(path), None, None, None)

    def __del__(self):
        if hasattr(self, "tree"):
            lib.ckpt_tree_unref(self.tree)

    def __getitem__(self, key):
        return Tensor(self, f'["{key}"]')

    def summary(self):
        """All figures of the summary, as Python values."""
        pointer = lib.ckpt_summary_new(self.tree)
        summary = pointer.contents
        result = {"total": summary.total.figures(), "tied": summary.n_tied, "wasted": summary.n_wasted_bytes,
                  "writer": summary.writer.decode(), "readers": summary.readers.decode()}
        for field in ("by_dtype", "by_device"):
            array = getattr(summary, field).contents
            totals = [array.data[i].contents for i in range(array.len)]
            result[field] = {total.name.decode(): total.figures() for total in totals}
        lib.ckpt_summary_free(pointer)
        return result


_folder = tempfile.mkdtemp(prefix="stateroom-interop-")
atexit.register(shutil.rmtree, _folder, ignore_errors=True)


def save(values, name="test.pt", **options):
    """What the library sees in a file that PyTorch writes."""
    path = os.path.join(_folder, name)
    torch.save(values, path, **options)
    return Tree(path)
