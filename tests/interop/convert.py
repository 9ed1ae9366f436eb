# SPDX-License-Identifier: GPL-3.0-or-later
"""Conversion between floating-point types against PyTorch's .to(dtype): all patterns of the narrow types, boundaries and samples of the wide ones."""
import ctypes

from harness import DTYPES, case, lib, main, np, torch

rng = np.random.default_rng(5)
TARGETS = ("float64", "float32", "float16", "bfloat16", "float8_e4m3fn", "float8_e4m3fnuz", "float8_e5m2", "float8_e5m2fnuz")
PATTERNS = {1: np.uint8, 2: np.uint16, 4: np.uint32, 8: np.uint64}

lib.ckpt_convert.restype = None
lib.ckpt_convert.argtypes = [ctypes.c_int, ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int, ctypes.c_void_p]
lib.ckpt_convert_count.restype = None
lib.ckpt_convert_count.argtypes = lib.ckpt_convert.argtypes


class Counts(ctypes.Structure):
    _fields_ = [(name, ctypes.c_uint64) for name in ("n", "overflowed", "underflowed", "rounded")]


def bits_of(tensor):
    return tensor.view(torch.uint8).numpy().view(PATTERNS[tensor.element_size()])


def from_bits(dtype, bits):
    return torch.frombuffer(bytearray(bits.tobytes()), dtype=getattr(torch, dtype))


def convert(source, dtype):
    """What the library makes of a tensor."""
    result = torch.empty(len(source), dtype=getattr(torch, dtype))
    name = str(source.dtype).removeprefix("torch.")
    lib.ckpt_convert(DTYPES[name], source.data_ptr(), len(source), DTYPES[dtype], result.data_ptr())
    return result


def count(source, dtype):
    counts, name = Counts(), str(source.dtype).removeprefix("torch.")
    lib.ckpt_convert_count(DTYPES[name], source.data_ptr(), len(source), DTYPES[dtype], ctypes.byref(counts))
    return counts


def check(source, dtype):
    theirs, ours = source.to(getattr(torch, dtype)), convert(source, dtype)
    nan = theirs.double().isnan().numpy()
    same = np.where(nan, ours.double().isnan().numpy(), bits_of(ours) == bits_of(theirs))
    bad = np.flatnonzero(~same)
    assert not len(bad), (f"{source.dtype} to {dtype}: {len(bad)} differ, first {float(source[bad[0]])!r}: "
                          f"{bits_of(ours)[bad[0]]:#x}, not {bits_of(theirs)[bad[0]]:#x}")
    check_counts(source, theirs, dtype)


def check_counts(source, theirs, dtype):
    before, after = source.double(), theirs.double()
    finite, counts = before.isfinite(), count(source, dtype)
    lost = finite & (before != after)
    assert counts.n == len(source)
    assert counts.overflowed == int((finite & ~after.isfinite()).sum()), dtype
    assert counts.underflowed == int((lost & (after == 0)).sum()), dtype
    assert counts.rounded == int((lost & after.isfinite() & (after != 0)).sum()), dtype


@case
def all_patterns_of_8_bits():
    for source in TARGETS[4:]:
        for target in TARGETS:
            check(from_bits(source, np.arange(256, dtype=np.uint8)), target)


@case
def all_patterns_of_16_bits():
    for source in ("float16", "bfloat16"):
        for target in TARGETS:
            check(from_bits(source, np.arange(65536, dtype=np.uint16)), target)


def between(dtype):
    """Every number of a narrow type, what lies half-way to the next, and the float32 beside all of those."""
    size = getattr(torch, dtype).itemsize
    values = from_bits(dtype, np.arange(1 << 8 * size, dtype=PATTERNS[size])).double().numpy()
    values = np.unique(values[np.isfinite(values)])
    step = values[-1] - values[-2]
    values = np.concatenate([values, [values[-1] + step, -values[-1] - step]])
    values.sort()
    values = np.concatenate([values, (values[1:] + values[:-1]) / 2]).astype(np.float32)
    return np.concatenate([values, np.nextafter(values, np.float32(np.inf)), np.nextafter(values, np.float32(-np.inf))])


@case
def boundaries():
    for target in TARGETS[2:]:
        values = between(target)
        check(torch.from_numpy(values), target)
        wide = values.astype(np.float64)
        wide = np.concatenate([wide, np.nextafter(wide, np.inf), np.nextafter(wide, -np.inf)])
        check(torch.from_numpy(wide), target)
        check(torch.from_numpy(wide), "float32")


@case
def samples():
    for source, n_bytes in (("float32", 4), ("float64", 8)):
        bits = rng.integers(0, 256, n_bytes << 20, dtype=np.uint8)
        for target in TARGETS:
            check(from_bits(source, bits), target)


@case
def special_numbers():
    values = [0.0, -0.0, np.inf, -np.inf, np.nan, -np.nan, 1e-45, -1e-45, 1e-40, 1.17549435e-38, 3.4028235e38, -3.4028235e38]
    for target in TARGETS:
        check(torch.tensor(values), target)
        check(torch.tensor([*values, 1e-320, -1e-320, 1e300, 3.40282356779733e38, 3.4028235677973366e38], dtype=torch.float64), target)


@case
def signs_of_nan_are_kept_where_pytorch_keeps_them():
    for target in ("float64", "float32"):
        assert bool(convert(from_bits("float32", np.array([0xffc00000], dtype=np.uint32)), target).signbit()[0])


main()
