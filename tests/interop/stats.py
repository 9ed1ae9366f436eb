# SPDX-License-Identifier: GPL-3.0-or-later
"""Statistics and histograms against NumPy, in double precision."""
import warnings

from harness import case, main, np, save, torch

warnings.filterwarnings("ignore")
torch.manual_seed(3)
rng = np.random.default_rng(3)


def as_doubles(tensor):
    if tensor.is_quantized:
        tensor = tensor.dequantize()
    if tensor.dtype == torch.complex32:
        tensor = tensor.to(torch.complex64)
    if tensor.dtype.is_complex:
        return np.abs(tensor.resolve_conj().numpy().astype(np.complex128)).reshape(-1)
    if tensor.dtype == torch.uint64:
        return tensor.numpy().astype(np.float64).reshape(-1)
    return tensor.to(torch.float64).resolve_neg().contiguous().numpy().reshape(-1)


def check_stats(ours, values, times=1, tolerance=0):
    finite = values[np.isfinite(values)]
    assert ours.n == len(values) * times
    assert ours.n_nan == np.isnan(values).sum() * times
    assert ours.n_pos_inf == np.isposinf(values).sum() * times
    assert ours.n_neg_inf == np.isneginf(values).sum() * times
    assert ours.n_zero == (values == 0).sum() * times
    assert ours.n_finite == len(finite) * times
    if not len(finite):
        assert all(np.isnan(x) for x in (ours.min, ours.max, ours.mean, ours.std))
        return
    wide = finite.astype(np.longdouble)
    mean, rms, std = wide.mean(), np.sqrt((wide * wide).mean()), wide.std()
    assert abs(ours.min - finite.min()) <= tolerance * rms and abs(ours.max - finite.max()) <= tolerance * rms
    assert abs(ours.mean - mean) <= max(1e-12, tolerance) * max(abs(mean), rms), (ours.mean, mean)
    assert abs(ours.std - std) <= max(1e-9 * std, tolerance * rms), (ours.std, std)


def check(tensor, tolerance=0):
    """With a tolerance, values may be off, and so in another bin."""
    ours = save({"x": tensor})["x"]
    values = as_doubles(tensor)
    check_stats(ours.stats(), values, tolerance=tolerance)
    if tolerance:
        return
    check_histogram(ours, values, -2.5, 3, 40)
    finite = values[np.isfinite(values)]
    if len(finite) and finite.min() < finite.max():
        check_histogram(ours, values, finite.min(), finite.max(), 100)


QUANTILES = (0, 0.001, 0.01, 0.25, 0.5, 0.75, 0.99, 0.999, 1)


def check_profile(tensor, tolerance=0):
    """The survey of a file: the same figures, the norm, and percentiles within what is said of them."""
    values = as_doubles(tensor)
    stats, found = save({"x": tensor})["x"].profile(QUANTILES)
    check_stats(stats, values, tolerance=tolerance)
    finite = values[np.isfinite(values)]
    norm = np.sqrt((finite.astype(np.longdouble) ** 2).sum())
    assert abs(stats.norm - norm) <= max(1e-10, tolerance) * norm
    rms = norm / np.sqrt(max(len(finite), 1))
    for q, (value, error) in zip(QUANTILES, found):
        theirs = np.quantile(finite, q, method="inverted_cdf")
        assert abs(value - theirs) <= error + tolerance * rms, (q, value, theirs, error)
        assert error <= abs(value) / 64 + 1e-37
    for dtype, fits in ((torch.bfloat16, stats.fits_bfloat16), (torch.float16, stats.fits_float16)):
        if tensor.dtype in (torch.float32, torch.float64):
            back = tensor.to(dtype).to(tensor.dtype)
            assert bool(fits) == bool(((back == tensor) | tensor.isnan()).all()), dtype
        else:
            assert not fits


def check_histogram(ours, values, low, high, n_bins, times=1):
    counts, n_below, n_above = ours.histogram(low, high, n_bins)
    with np.errstate(all="ignore"):
        theirs = np.histogram(values[np.isfinite(values)], bins=n_bins, range=(low, high))[0]
    assert n_below == ((values < low) & np.isfinite(values)).sum() * times
    assert n_above == ((values > high) & np.isfinite(values)).sum() * times
    assert sum(counts) + n_below + n_above == np.isfinite(values).sum() * times
    assert counts == [int(n) * times for n in theirs], (low, high)


@case
def floats():
    for dtype in (torch.float64, torch.float32, torch.float16, torch.bfloat16):
        for n in (0, 1, 2, 3, 5, 1000, 16384, 16385, 100003):
            check(torch.randn(n).to(dtype))
        check(torch.randn(300, 200).to(dtype).t())


@case
def all_patterns():
    every16 = torch.arange(65536, dtype=torch.int32).to(torch.int16)
    for dtype in (torch.float16, torch.bfloat16, torch.int16, torch.uint16):
        check(every16.view(dtype))
    every8 = torch.arange(256, dtype=torch.int32).to(torch.uint8)
    for dtype in (torch.float8_e4m3fn, torch.float8_e4m3fnuz, torch.float8_e5m2, torch.float8_e5m2fnuz, torch.uint8, torch.int8):
        check(every8.view(dtype))


@case
def ints_and_bools():
    for dtype in (torch.int64, torch.int32, torch.int8, torch.uint8, torch.bool):
        check(torch.randint(0, 2 if dtype == torch.bool else 120, (5000,)).to(dtype))
    check(torch.randint(-2 ** 62, 2 ** 62, (5000,)))
    check(torch.randint(0, 2 ** 62, (5000,)).to(torch.uint64))
    check(torch.randint(0, 2 ** 31, (5000,)).to(torch.uint32))


@case
def complex_magnitudes():
    for dtype in (torch.complex128, torch.complex64, torch.complex32):
        x = torch.complex(torch.randn(4000), torch.randn(4000)).to(dtype)
        ours = save({"x": x})["x"].stats()
        check_stats(ours, as_doubles(x), tolerance=1e-15)
        assert ours.is_magnitude
    x = torch.complex(torch.randn(4000), torch.randn(4000))
    check_stats(save({"x": x.conj()})["x"].stats(), as_doubles(x), tolerance=1e-15)


@case
def what_is_not_finite():
    nan, inf = float("nan"), float("inf")
    for values in ([nan], [inf, -inf, nan], [nan, 1.0], [1.0] * 20000 + [inf], [-inf] + [2.0] * 16384 + [nan] * 3):
        for dtype in (torch.float64, torch.float32, torch.float16):
            check(torch.tensor(values, dtype=dtype))


@case
def large_offsets():
    for offset in (1e8, -1e12, 1e15):
        check(torch.from_numpy(offset + rng.normal(size=200000) * max(1, abs(offset) * 1e-11)))
    check(torch.from_numpy(rng.normal(size=100000) * 1e-3 + 1000).float())


@case
def extremes_of_double():
    for scale in (1e300, 1.7e308, 1e-300, 1e-310, 1e155, 1e-155, 1e-160, 1e-165):
        x = torch.from_numpy(rng.uniform(-1, 1, size=20000) * scale)
        ours, values = save({"x": x})["x"].stats(), x.numpy().astype(np.longdouble)
        rms = np.sqrt((values * values).mean())
        assert abs(ours.mean - values.mean()) <= 1e-12 * rms + 5e-324, scale
        assert abs(ours.std - values.std()) <= 1e-9 * values.std() + 5e-324, scale
        assert ours.max == x.max() and ours.min == x.min()


@case
def negative_bit():
    for dtype in (torch.float32, torch.float16, torch.int32):
        x = (torch.randn(3000) * 10).to(dtype)
        check(torch._neg_view(x))


@case
def quantized():
    x = torch.randn(60, 50) * 2
    q = torch.quantize_per_tensor(x, 0.05, 3, torch.qint8)
    check(q, tolerance=1e-6)
    check(q.t(), tolerance=1e-6)
    check(torch.quantize_per_channel(x, torch.rand(60).double() / 9 + .1, torch.arange(60), 0, torch.qint8), tolerance=1e-6)
    check(torch.quantize_per_channel(x, torch.rand(50).double() / 9 + .1, torch.arange(50), 1, torch.quint8), tolerance=1e-6)
    check(torch.quantize_per_channel(x, torch.rand(60) / 9 + .1, torch.rand(60), 0, torch.quint4x2), tolerance=1e-6)


@case
def views():
    x = torch.randn(50, 40, 30)
    for view in (x.permute(2, 0, 1), x[::2, 5:, ::3], x[:, 1, 2], x[3, 4, 5], x[:, :, :1].expand(50, 40, 8), x[:1].expand(9, 40, 30),
                 x.reshape(-1).unfold(0, 64, 16), x.reshape(-1).unfold(0, 64, 1), x.reshape(-1).as_strided((100, 100, 3), (1, 2, 7), 5)):
        check(view)


@case
def huge_views():
    x = torch.tensor([1.5, -2, float("nan"), 0])
    ours = save({"one": x[:1].expand(1 << 21, 1 << 21), "four": x.expand(1 << 20, 1 << 20, 4), "window": torch.ones(1 << 21).as_strided(
        (1 << 20, 1 << 20), (1, 1))})
    check_stats(ours["one"].stats(), x[:1].double().numpy(), times=1 << 42)
    check_stats(ours["four"].stats(), x.double().numpy(), times=1 << 40)
    check_histogram(ours["four"], x.double().numpy(), -2, 1, 6, times=1 << 40)
    check_stats(ours["window"].stats(), np.ones(1), times=1 << 40)


@case
def edges_of_bins():
    """Values on and beside the edges fall where NumPy puts them."""
    for low, high, n_bins in ((0, 1, 10), (-1, 1, 7), (0.1, 0.7, 6), (1e8, 1e8 + 1, 100), (-3e307, 1e308, 13), (1e-320, 9e-320, 5)):
        with np.errstate(all="ignore"):
            edges = np.linspace(low, high, n_bins + 1)
        values = np.concatenate([edges, np.nextafter(edges, -np.inf), np.nextafter(edges, np.inf)])
        check_histogram(save({"x": torch.from_numpy(values)})["x"], values, low, high, n_bins)
    ours = save({"x": torch.tensor([2.0, 2, 3, 1])})["x"]
    assert ours.histogram(2, 2, 4) == ([0, 0, 0, 2], 1, 1)


@case
def profiles_of_types():
    x = torch.randn(150000) * 3
    for dtype in (torch.float64, torch.float32, torch.float16, torch.bfloat16, torch.float8_e4m3fn, torch.float8_e5m2, torch.int64, torch.int32,
                  torch.int16, torch.int8):
        check_profile(x.to(dtype))
    for dtype in (torch.uint8, torch.uint16, torch.uint32, torch.uint64, torch.bool):
        check_profile((x.abs() * 20).long().to(dtype))
    check_profile(torch.randint(-2 ** 62, 2 ** 62, (150000,)))
    check_profile(torch.complex(x, x.flip(0)), tolerance=1e-15)
    check_profile(torch.complex(x, x.flip(0)).to(torch.complex128), tolerance=1e-15)
    check_profile(torch.quantize_per_tensor(x, 0.05, 3, torch.qint8), tolerance=1e-6)
    check_profile(torch.quantize_per_channel(x.reshape(500, 300), torch.rand(300).double() / 9 + .1, torch.arange(300) % 100, 1, torch.qint8),
                  tolerance=1e-6)


@case
def numbers_of_half_precision():
    for dtype in (torch.bfloat16, torch.float16):
        for scale in (1, 1e-3, 1e-6, 1e4):
            half = (torch.randn(70000) * scale).to(dtype)
            for wide in (torch.float32, torch.float64):
                check_profile(half.to(wide))
                odd = half.to(wide)
                odd[69999] = 1.0001
                check_profile(odd)
    check_profile(torch.tensor([float("nan"), float("inf"), 1.0]))
    check_profile(torch.zeros(5))


main()
