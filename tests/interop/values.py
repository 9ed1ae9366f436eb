# SPDX-License-Identifier: GPL-3.0-or-later
"""Values of tensors that PyTorch saved: bytes of every element in every layout, against PyTorch."""
import warnings

from harness import Failed, case, check_same, main, np, save, torch

warnings.filterwarnings("ignore")
torch.manual_seed(1)

DTYPES = [getattr(torch, name) for name in (
    "float64 float32 float16 bfloat16 float8_e4m3fn float8_e4m3fnuz float8_e5m2 float8_e5m2fnuz complex128 complex64 complex32 "
    "int64 int32 int16 int8 uint64 uint32 uint16 uint8 bool").split()]


def noise(dtype, *shape):
    """Any bits; PyTorch's own bools are 0 and 1."""
    size = torch.empty(0, dtype=dtype).element_size()
    n = int(np.prod(shape)) * size
    data = torch.randint(0, 2 if dtype == torch.bool else 256, (n,), dtype=torch.uint8)
    return data.view(dtype).reshape(shape)


def bytes_of(tensor):
    """Elements in row-major order; numpy() resolves neither conj nor neg, and knows few types."""
    tensor = tensor.resolve_conj().resolve_neg().contiguous()
    return bytes(tensor.view(torch.uint8).numpy() if tensor.dim() else tensor.reshape(1).view(torch.uint8).numpy())


def check_all(tensors, **options):
    tree = save(tensors, **options)
    for name, tensor in tensors.items():
        size = tensor.element_size()
        theirs = bytes_of(tensor)
        ours = tree[name]
        assert ours.dtype == str(tensor.dtype).removeprefix("torch."), name
        assert ours.read(size) == theirs, f"{name}: {tensor.dtype} {tuple(tensor.shape)} {tensor.stride()}"
        n = tensor.numel()
        for _ in range(5):
            first = int(torch.randint(0, n + 1, (1,)))
            length = int(torch.randint(0, n - first + 1, (1,)))
            assert ours.read(size, first, length) == theirs[first * size:(first + length) * size], f"{name} {first} {length}"


def layouts(dtype):
    x = noise(dtype, 5, 6, 7)
    one = noise(dtype, 1)
    return {
        "plain": x, "transposed": x.transpose(0, 2), "permuted": x.permute(1, 2, 0), "slice": x[1:4, ::2, 3:],
        "column": x[:, 2, 4], "expanded": x[:1].expand(4, 6, 7), "scalar": x[1, 2, 3], "repeated": one.expand(3, 5),
        "inner": x[:, :, :1].expand(5, 6, 9), "empty": x[:0], "window": x.reshape(-1).as_strided((20, 9), (3, 1), 2),
        "channels_last": noise(dtype, 2, 3, 4, 5).contiguous(memory_format=torch.channels_last),
        "last": x[4, 5, 6:], "reversed": x.as_strided((7, 6, 5), (1, 7, 42)),
    }


@case
def every_type_in_every_layout():
    for dtype in DTYPES:
        check_all(layouts(dtype))


@case
def legacy_files():
    for dtype in (torch.float32, torch.bfloat16, torch.complex64, torch.bool, torch.int64):
        check_all(layouts(dtype), _use_new_zipfile_serialization=False)


@case
def large_tensors():
    x = noise(torch.int32, 700, 1100)
    check_all({"x": x, "t": x.t(), "half": x[:, 550:].t(), "rows": x[::3], "cube": x.reshape(70, 10, 1100).permute(2, 0, 1)})


@case
def conj_and_neg():
    for dtype in (torch.complex128, torch.complex64):
        x = noise(dtype, 4, 5)
        check_all({"conj": x.conj(), "both": torch._neg_view(x.conj()), "transposed": x.mH})
        check_all({"imag": x.conj().imag})
    for dtype in (torch.float32, torch.float64, torch.float16, torch.int32, torch.int8, torch.int64, torch.int16):
        check_all({"neg": torch._neg_view(noise(dtype, 4, 5)), "odd": torch._neg_view(noise(dtype, 4, 5)).t()})


@case
def conj_of_complex32():
    """PyTorch cannot conjugate it, only say that it is to be."""
    x = noise(torch.complex32, 6)
    expected = np.frombuffer(bytes_of(x), dtype=np.uint16).copy()
    expected[1::2] ^= 0x8000
    assert save({"x": x.conj()})["x"].read(4) == expected.tobytes()


@case
def parameters_and_buffers():
    module = torch.nn.Sequential(torch.nn.Linear(4, 5), torch.nn.BatchNorm1d(5))
    check_all(dict(module.state_dict()))
    check_all({"p": torch.nn.Parameter(torch.randn(3, 4).t())})


@case
def doubles():
    for dtype in DTYPES:
        x = noise(dtype, 40, 30).t()
        ours = save({"x": x})["x"].read_doubles()
        if dtype == torch.complex32:
            x = x.to(torch.complex64)
        if dtype.is_complex:
            theirs = np.abs(x.contiguous().numpy().astype(np.complex128)).reshape(-1)
            fine = np.isfinite(theirs)
            assert np.allclose(ours[fine], theirs[fine], rtol=1e-15, atol=0), dtype
        elif dtype == torch.uint64:
            check_same(ours, x.contiguous().numpy().astype(np.float64).reshape(-1), dtype)
        else:
            check_same(ours, x.contiguous().to(torch.float64).numpy().reshape(-1), dtype)


@case
def quantized_by_tensor():
    x = torch.randn(6, 7) * 3
    for dtype, zero in ((torch.qint8, -3), (torch.quint8, 100), (torch.qint32, 12)):
        q = torch.quantize_per_tensor(x, 0.05, zero, dtype)
        for name, view in (("plain", q), ("transposed", q.t())):
            ours = save({"q": view})["q"]
            assert ours.read(q.element_size()) == view.int_repr().contiguous().numpy().tobytes(), (dtype, name)
            real = view.dequantize().double().contiguous().numpy().reshape(-1)
            assert np.allclose(ours.read_doubles(), real, rtol=1e-6, atol=1e-7)
            assert np.allclose([float(ours.item_to_string(i)) for i in range(42)], real, rtol=1e-6, atol=1e-7)


def unpack(q, per_byte):
    """The bytes of a packed tensor, lowest bits first, as PyTorch's own int_repr() does not unpack."""
    data = np.frombuffer(bytes(q.untyped_storage()), dtype=np.uint8)
    bits = 8 // per_byte
    return np.stack([data >> (bits * i) & ((1 << bits) - 1) for i in range(per_byte)], axis=1).reshape(-1)[:q.numel()]


@case
def quantized_by_channel():
    x = torch.randn(4, 5)
    scales, zeros = torch.rand(4) + 0.1, torch.rand(4)
    for axis, count in ((0, 4), (1, 5)):
        q = torch.quantize_per_channel(x, torch.rand(count, dtype=torch.float64) + 0.1, torch.arange(count), axis, torch.qint8)
        ours = save({"q": q})["q"]
        assert ours.read(1) == q.int_repr().numpy().tobytes()
        assert np.allclose(ours.read_doubles(), q.dequantize().double().numpy().reshape(-1), rtol=1e-6, atol=1e-7), axis
    for dtype, per_byte in ((torch.quint4x2, 2), (torch.quint2x4, 4)):
        q = torch.quantize_per_channel(x, scales, zeros, 0, dtype)
        ours = save({"q": q})["q"]
        assert ours.read(1) == unpack(q, per_byte).astype(np.uint8).tobytes(), dtype
        assert np.allclose(ours.read_doubles(), q.dequantize().double().numpy().reshape(-1), rtol=1e-6, atol=1e-7), dtype


@case
def many_channels():
    q = torch.quantize_per_channel(torch.randn(3, 2500), torch.rand(2500, dtype=torch.float64) + 0.1, torch.arange(2500) % 9, 1,
                                   torch.qint8)
    ours = save({"q": q})["q"]
    theirs = q.dequantize().double().numpy().reshape(-1)
    assert np.allclose(ours.read_doubles(), theirs, rtol=1e-6, atol=1e-6)
    assert np.allclose(ours.read_doubles(1300, 4000), theirs[1300:5300], rtol=1e-6, atol=1e-6)


@case
def what_has_no_values():
    tree = save({"meta": torch.empty(3, device="meta"), "sparse": torch.eye(3).to_sparse()})
    for name in ("meta", "sparse"):
        try:
            tree[name].read(4)
        except Failed as e:
            assert ("meta" if name == "meta" else "sparse") in str(e), e
        else:
            raise AssertionError(f"{name} was read")


main()
