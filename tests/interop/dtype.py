# SPDX-License-Identifier: GPL-3.0-or-later
"""Element types: every bit pattern of the 8- and 16-bit ones against PyTorch, samples of the wider ones; texts against NumPy and Python."""
import math
import struct
from fractions import Fraction

from harness import DTYPES, case, check_same, item_to_string, lib, main, np, to_complex, to_doubles, torch

rng = np.random.default_rng(1)
ALL8 = np.arange(256, dtype=np.uint8)
ALL16 = np.arange(65536, dtype=np.uint16)


def as_torch(dtype, array):
    return torch.frombuffer(bytearray(array.tobytes()), dtype=getattr(torch, dtype))


def doubles_of(dtype, array):
    tensor = as_torch(dtype, array)
    if dtype == "uint64":
        return array.view(np.uint64).astype(np.float64)
    return tensor.to(torch.float64).numpy()


@case
def names_are_pytorchs():
    for name, number in DTYPES.items():
        assert lib.ckpt_dtype_get_name(number).decode() == name
        if name not in ("unknown", "float8_e8m0fnu", "float4_e2m1fn_x2", "float6_e2m3", "float6_e3m2"):
            assert isinstance(getattr(torch, name), torch.dtype), name


@case
def all_patterns_of_8_bits():
    for dtype in ("float8_e4m3fn", "float8_e4m3fnuz", "float8_e5m2", "float8_e5m2fnuz", "int8", "uint8"):
        check_same(to_doubles(dtype, ALL8.tobytes(), 256), doubles_of(dtype, ALL8), dtype)
    check_same(to_doubles("bool", ALL8.tobytes(), 256), (ALL8 != 0).astype(np.float64), "bool")


@case
def all_patterns_of_e8m0fnu():
    theirs = np.array([2.0 ** (x - 127) for x in range(255)] + [math.nan])
    check_same(to_doubles("float8_e8m0fnu", ALL8.tobytes(), 256), theirs, "float8_e8m0fnu")


@case
def all_patterns_of_16_bits():
    for dtype in ("float16", "bfloat16", "int16", "uint16"):
        check_same(to_doubles(dtype, ALL16.tobytes(), 65536), doubles_of(dtype, ALL16), dtype)


@case
def samples_of_wide_types():
    data = rng.integers(0, 256, 1 << 20, dtype=np.uint8)
    for dtype in ("float32", "float64", "int32", "int64", "uint32", "uint64"):
        theirs = doubles_of(dtype, data)
        check_same(to_doubles(dtype, data.tobytes(), len(theirs)), theirs, dtype)


@case
def complex_types():
    pairs = as_torch("complex32", np.stack([ALL16, ALL16[::-1]], axis=1))
    ours = to_complex("complex32", np.stack([ALL16, ALL16[::-1]], axis=1).tobytes(), 65536)
    check_same(ours.real, pairs.real.double().numpy(), "real part")
    check_same(ours.imag, pairs.imag.double().numpy(), "imaginary part")
    for dtype, numpy_type in (("complex64", np.complex64), ("complex128", np.complex128)):
        values = (rng.normal(size=1000) + 1j * rng.normal(size=1000)).astype(numpy_type)
        check_same(to_complex(dtype, values.tobytes(), 1000).imag, values.imag.astype(np.float64), dtype)
        magnitudes = np.abs(values.astype(np.complex128))
        assert np.allclose(to_doubles(dtype, values.tobytes(), 1000), magnitudes, rtol=4e-16, atol=0)


@case
def texts_of_float16_are_numpys():
    for pattern in ALL16:
        value = pattern.view(np.float16)
        text = item_to_string("float16", pattern.tobytes())
        assert text == numpy_text(value), f"{pattern:#x}: {text}, not {numpy_text(value)}"


def numpy_text(value):
    """NumPy's digits in Python's layout: NumPy writes 1e-04 where the float32 is a little less than 0.0001."""
    return repr(float(str(value)))


def rounds_to(fraction, patterns, values, pattern):
    """Whether the nearest of all values is that of pattern, ties going to the even pattern."""
    distances = [abs(fraction - values[p]) for p in patterns]
    nearest = min(distances)
    return pattern in [p for p, d in zip(patterns, distances) if d == nearest and (p & 1 == 0 or distances.count(nearest) == 1)]


@case
def texts_of_float8_and_bfloat16_round_to_themselves():
    for dtype, array in (("float8_e4m3fn", ALL8), ("float8_e4m3fnuz", ALL8), ("float8_e5m2", ALL8),
                         ("float8_e5m2fnuz", ALL8), ("bfloat16", ALL16)):
        doubles = doubles_of(dtype, array)
        order = [int(p) for p in np.argsort(doubles) if np.isfinite(doubles[p]) and (doubles[p] > 0 or p == 0)]
        values = {p: Fraction(doubles[p]) for p in order}
        for i, pattern in enumerate(order):
            text = item_to_string(dtype, array[pattern:pattern + 1].tobytes())
            near = order[max(0, i - 2):i + 3]
            assert rounds_to(Fraction(text), near, values, pattern), f"{dtype} {pattern:#x}: {text}"
            if i + 1 < len(order): # what is much above the largest number becomes no number
                check_shortest(dtype, text, near, values, pattern)


def check_shortest(dtype, text, near, values, pattern):
    """No decimal with a digit less rounds to the same number."""
    digits, exponent = decimal_digits(text)
    if len(digits) <= 1:
        return
    unit = Fraction(10) ** (exponent + 1)
    below = int(digits[:-1]) * unit
    for shorter in (below, below + unit):
        assert not rounds_to(shorter, near, values, pattern), f"{dtype} {pattern:#x}: {text} could be {float(shorter)}"


def decimal_digits(text):
    """Digits without zeros at the ends, and the power of ten of the last one."""
    mantissa, _, exponent = text.partition("e")
    whole, _, decimals = mantissa.partition(".")
    digits, power = whole + decimals, int(exponent or 0) - len(decimals)
    stripped = digits.rstrip("0")
    return stripped.lstrip("0"), power + len(digits) - len(stripped)


def interesting(kind, count):
    """Powers of two and ten with their neighbours, and random bit patterns."""
    info = np.finfo(kind)
    with np.errstate(all="ignore"):
        powers = np.concatenate([np.ldexp(kind(1), np.arange(info.minexp - info.nmant, info.maxexp)).astype(kind),
                                 (10.0 ** np.arange(-45, 39)).astype(kind)])
    bits = rng.integers(0, 256, count * kind().itemsize, dtype=np.uint8).view(kind)
    values = np.concatenate([powers, np.nextafter(powers, kind(0)), np.nextafter(powers, kind(np.inf)), bits,
                             rng.integers(0, 10 ** 7, 1000).astype(kind), rng.normal(size=count).astype(kind)])
    return values[np.isfinite(values)]


@case
def texts_of_float32_are_numpys():
    for value in interesting(np.float32, 40000):
        text = item_to_string("float32", value.tobytes())
        assert text == numpy_text(value), f"{text}, not {numpy_text(value)}"


@case
def texts_of_float64_are_pythons():
    for value in interesting(np.float64, 40000):
        text = item_to_string("float64", value.tobytes())
        assert text == repr(float(value)), f"{text}, not {float(value)!r}"


@case
def texts_of_complex_read_back():
    for value in (1 + 2j, -0.0 + 0.1j, complex(math.inf, -math.inf), 1e-5 - 1e16j, complex(-0.0, -0.0)):
        read = complex(item_to_string("complex128", struct.pack("dd", value.real, value.imag)))
        assert (repr(read.real), repr(read.imag)) == (repr(value.real), repr(value.imag)), value


@case
def texts_of_ints():
    for dtype in ("int8", "uint8", "int16", "uint16", "int32", "uint32", "int64", "uint64"):
        numpy_type = np.dtype(dtype)
        info = np.iinfo(numpy_type)
        samples = rng.integers(0, 256, 500 * numpy_type.itemsize, dtype=np.uint8).view(numpy_type)
        for value in [info.min, info.max, 0, 1, *samples]:
            assert item_to_string(dtype, numpy_type.type(value).tobytes()) == str(value)


main()
