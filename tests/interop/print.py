# SPDX-License-Identifier: GPL-3.0-or-later
"""What PyTorch's print() shows of a tensor, character by character."""
import warnings

from harness import DTYPES, case, main, np, save, torch

warnings.filterwarnings("ignore")
torch.manual_seed(2)
torch.set_printoptions(profile="default")

FLOATS = [torch.float64, torch.float32, torch.float16, torch.bfloat16, torch.float8_e4m3fn, torch.float8_e4m3fnuz,
          torch.float8_e5m2, torch.float8_e5m2fnuz]
INTS = [torch.int64, torch.int32, torch.int16, torch.int8, torch.uint8, torch.bool]
COMPLEX = [torch.complex128, torch.complex64, torch.complex32]
SHAPES = [(), (1,), (3,), (7,), (40,), (1000,), (1001,), (2, 3), (5, 1), (1, 9), (30, 30), (40, 30), (6, 200), (7, 200), (2, 3, 4),
          (8, 9, 10), (11, 10, 12), (2, 2, 300), (3, 1, 2, 2), (9, 9, 9, 9), (1, 1, 1, 1, 1), (2,) * 8, (2, 1001), (1001, 1), (0,), (0, 3),
          (2, 0, 4)]


def check(tensors, **options):
    tree = save(tensors, **options)
    for name, tensor in tensors.items():
        ours, theirs = tree[name].print(), repr(tensor)
        assert ours == theirs, f"{name}: {tensor.dtype} {tuple(tensor.shape)}\n{ours}\nnot\n{theirs}"


def random(dtype, shape):
    if dtype.is_complex:
        return torch.complex(torch.randn(shape), torch.randn(shape)).to(dtype)
    if dtype.is_floating_point:
        return torch.randn(shape).to(dtype)
    return torch.randint(0, 2 if dtype == torch.bool else 100, shape).to(dtype)


@case
def every_type_and_shape():
    for dtype in FLOATS + INTS + COMPLEX:
        check({str(shape): random(dtype, shape) for shape in SHAPES})


@case
def unsigned_ints():
    for dtype in (torch.uint16, torch.uint32, torch.uint64):
        check({str(shape): random(torch.int64, shape).to(dtype) for shape in SHAPES if np.prod(shape) <= 1000})


@case
def random_shapes():
    for _ in range(150):
        shape = tuple(int(torch.randint(1, 9 if i else 13, (1,))) for i in range(int(torch.randint(1, 6, (1,)))))
        scale = 10.0 ** float(torch.randint(-6, 7, (1,)))
        check({"f": torch.randn(shape) * scale, "i": (torch.randn(shape) * scale).long(), "w": (torch.randn(shape) * scale).round(),
               "c": torch.complex(torch.randn(shape) * scale, torch.randn(shape))})


@case
def odd_values():
    inf, nan = float("inf"), float("nan")
    rows = {
        "nan": [nan], "inf": [inf, -inf], "mixed": [nan, inf, 1.5, -inf], "whole": [nan, 1, -inf, 2], "zeros": [0.0, -0.0],
        "zero and nan": [0, nan, 0], "zero and inf": [0, -inf], "tiny": [1e-5, 0.1], "large": [1e9, 1], "whole large": [1e8, 1e7],
        "limit": [1000.0, 1.0], "over": [1001.0, 1.0], "fraction": [1000.5, 1.0], "under": [1e-4, 0.05], "just under": [9.9e-5, 0.05],
        "rounds up": [0.99999, 1.5], "negative": [-0.5, -123.25], "minus zero": [-0.0, 0.5], "ten thousand": [9999.99995, 10.5],
        "whole and over": [123456.0, 100000000.0], "denormal": [5e-324, 1.0], "most": [1.7e308, 1.0], "sci nan": [1e10, 0.1, nan],
    }
    for dtype in (torch.float64, torch.float32):
        check({name: torch.tensor(values, dtype=dtype) for name, values in rows.items()})
        check({name: torch.tensor(values, dtype=dtype)[0] for name, values in rows.items()})
    complexes = {name: torch.complex(torch.tensor(values), torch.tensor(values).flip(0)) for name, values in rows.items()}
    check(complexes)
    check({name: tensor[0] for name, tensor in complexes.items()})


@case
def all_patterns():
    for dtype in FLOATS[2:4]:
        every = torch.arange(65536, dtype=torch.int32).to(torch.int16).view(dtype)
        for part in every[torch.randperm(65536)].reshape(-1, 64)[:200]:
            check({"x": part})
    for dtype in FLOATS[4:]:
        check({"x": torch.arange(256, dtype=torch.int32).to(torch.uint8).view(dtype)})


@case
def int_widths():
    for dtype in (torch.int64, torch.int32, torch.int8):
        info = torch.iinfo(dtype)
        check({"x": torch.tensor([info.min, info.max, 0, -1], dtype=dtype), "y": torch.tensor([[1, 22], [-3, 4]], dtype=dtype)})


@case
def parameters():
    check({"p": torch.nn.Parameter(torch.randn(3, 4)), "long": torch.nn.Parameter(torch.randn(50)),
           "frozen": torch.nn.Parameter(torch.randn(2), requires_grad=False),
           "half": torch.nn.Parameter(torch.randn(9).half()), "leaf": torch.randn(3, requires_grad=True)})


@case
def views():
    x = torch.randn(60, 50)
    check({"transposed": x.t(), "expanded": x[:1].expand(300, 50), "slice": x[::2, 3:9], "one": torch.tensor(2.5).expand(4, 5)})
    z = torch.randn(3, 4, dtype=torch.complex64)
    check({"conj": z.conj(), "imag": torch.randn(3, dtype=torch.complex64).conj().imag})


@case
def huge_views():
    check({"x": torch.tensor([1.25]).expand(1 << 21, 1 << 21), "y": torch.arange(1 << 13)[:, None].expand(1 << 13, 1 << 13)})


@case
def meta():
    check({"m": torch.empty(3, 4, device="meta"), "i": torch.empty(2, dtype=torch.int64, device="meta")})


@case
def quantized():
    for dtype in (torch.qint8, torch.quint8, torch.qint32):
        for shape in ((3,), (4, 5), (40, 40), (0, 2)):
            check({"q": torch.quantize_per_tensor(torch.randn(shape) * 3, 0.1, 2, dtype)})
    check({"whole": torch.quantize_per_tensor(torch.tensor([1.0, 2, -1]), 1 / 49, 0, torch.qint8)}) # 49 * (1 / 49) < 1
    x = torch.randn(4, 3)
    scales = torch.tensor([.1, .2, .3, .4], dtype=torch.float64)
    check({"q": torch.quantize_per_channel(x, scales, torch.tensor([1, 2, 3, 4]), 0, torch.qint8)})
    check({"q": torch.quantize_per_channel(x, torch.rand(3, dtype=torch.float64) / 7, torch.arange(3), 1, torch.quint8)})
    check({"q": torch.quantize_per_channel(torch.randn(20, 3), torch.rand(20).double() / 7, torch.arange(20), 0, torch.qint8)})
    check({"q": torch.quantize_per_channel(x, scales.float(), torch.tensor([1.5, 2, 3, 4]), 0, torch.quint4x2)})


@case
def legacy():
    check({"x": torch.randn(3, 3), "h": torch.randn(3).half()}, _use_new_zipfile_serialization=False)


@case
def what_pytorch_cannot_print():
    x = torch.arange(4, dtype=torch.uint8)
    tree = save({"bits8": x.view(torch.bits8), "bits16": x.view(torch.bits16)})
    assert "bits8" in DTYPES
    assert tree["bits8"].print() == "tensor([0, 1, 2, 3], dtype=torch.bits8)"
    assert tree["bits16"].print() == "tensor([256, 770], dtype=torch.bits16)"


main()
