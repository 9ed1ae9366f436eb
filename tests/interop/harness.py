# SPDX-License-Identifier: GPL-3.0-or-later
"""What the interop tests share: the library through ctypes, and test cases in TAP."""
import ctypes
import os
import re
import sys
import traceback


def skip_all(reason):
    print(f"1..0 # SKIP {reason}")
    sys.exit(0)


try:
    import numpy as np
    import torch
except ImportError as e:
    skip_all(f"{e.name} is not installed")

lib = ctypes.CDLL(os.environ["LIBCKPT"])
glib = ctypes.CDLL("libglib-2.0.so.0")
glib.g_free.argtypes = [ctypes.c_void_p]

_cases = []


def case(func):
    """Marks a function as a test case; it fails by raising."""
    _cases.append(func)
    return func


def main():
    print(f"1..{len(_cases)}")
    failed = False
    for number, func in enumerate(_cases, 1):
        name = func.__name__.replace("_", "-")
        try:
            func()
            print(f"ok {number} {name}", flush=True)
        except Exception:
            failed = True
            print(f"not ok {number} {name}", flush=True)
            print("\n".join("# " + line for line in traceback.format_exc().splitlines()), flush=True)
    sys.exit(failed)


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
