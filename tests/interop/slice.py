# SPDX-License-Identifier: GPL-3.0-or-later
"""Slices of tensors that PyTorch saved: cells, reduced blocks, and the files they become, against PyTorch and NumPy."""
import ctypes
import io
import warnings

from harness import case, check_same, function, lib, main, np, save, take_text, torch

warnings.filterwarnings("ignore")
torch.manual_seed(4)

pointer = ctypes.c_void_p


class Rect(ctypes.Structure):
    _fields_ = [(name, ctypes.c_uint64) for name in ("row", "n_rows", "column", "n_columns")]


WRITE = ctypes.CFUNCTYPE(ctypes.c_int, pointer, ctypes.POINTER(ctypes.c_char), ctypes.c_size_t, pointer)


class Sink(ctypes.Structure):
    _fields_ = [("write", WRITE), ("data", pointer)]


def declare(name, restype, *argtypes):
    raw = getattr(lib, name)
    raw.restype = restype
    raw.argtypes = argtypes
    return raw


u64 = ctypes.c_uint64
slice_new = function("ckpt_slice_new", pointer, pointer, pointer)
slice_free = declare("ckpt_slice_free", None, pointer)
set_axes = declare("ckpt_slice_set_axes", None, pointer, ctypes.c_int, ctypes.c_int)
set_index = declare("ckpt_slice_set_index", None, pointer, ctypes.c_uint, u64)
get_part = declare("ckpt_slice_get_part", pointer, pointer, ctypes.POINTER(Rect))
part_free = declare("ckpt_part_free", None, pointer)
cells_read = function("ckpt_cells_read", pointer, pointer, ctypes.POINTER(Rect), pointer)
cells_unref = declare("ckpt_cells_unref", None, pointer)
cells_text = declare("ckpt_cells_dup_text", pointer, pointer, u64, u64)
blocks_compute = function("ckpt_blocks_compute", pointer, pointer, ctypes.POINTER(Rect), u64, u64, pointer, pointer, pointer)
blocks_unref = declare("ckpt_blocks_unref", None, pointer)
blocks_value = declare("ckpt_blocks_get_value", ctypes.c_double, pointer, ctypes.c_int, u64, u64)
npy_write = function("ckpt_npy_write", ctypes.c_int, pointer, pointer, ctypes.POINTER(Sink), pointer)
csv_write = function("ckpt_csv_write", ctypes.c_int, pointer, pointer, ctypes.POINTER(Sink), pointer)


class Slice:
    """Two axes of a tensor at fixed indices of the others."""

    def __init__(self, ours, rows, columns, indices):
        self.ours = ours
        self.slice = slice_new(ours.tree.tree, ours.tensor)
        set_axes(self.slice, rows, columns)
        for axis, index in indices.items():
            set_index(self.slice, axis, index)

    def __del__(self):
        slice_free(self.slice)

    def texts(self, rect):
        cells = cells_read(self.slice, rect, None)
        texts = [[take_text(cells_text(cells, rect.row + i, rect.column + j)) for j in range(rect.n_columns)]
                 for i in range(rect.n_rows)]
        cells_unref(cells)
        return texts

    def blocks(self, rect, factors, kind):
        blocks = blocks_compute(self.slice, rect, *factors, None, None, None)
        n_rows, n_columns = -(-rect.n_rows // factors[0]), -(-rect.n_columns // factors[1])
        values = [[blocks_value(blocks, kind, i, j) for j in range(n_columns)] for i in range(n_rows)]
        blocks_unref(blocks)
        return np.array(values)

    def write(self, function, rect):
        """The bytes of the file that some cells become."""
        data = bytearray()

        def write(_, bytes_, length, __):
            data.extend(bytes_[:length])
            return 1

        part = get_part(self.slice, rect)
        function(self.ours.tree.tree, part, Sink(WRITE(write), None), None)
        part_free(part)
        return bytes(data)


def random_slice(theirs):
    """Axes and indices, and what PyTorch has there, rows first."""
    rows, columns = (int(axis) for axis in torch.randperm(theirs.dim())[:2])
    indices = {axis: int(torch.randint(theirs.shape[axis], ())) for axis in range(theirs.dim()) if axis not in (rows, columns)}
    cut = theirs[tuple(indices.get(axis, slice(None)) for axis in range(theirs.dim()))]
    return rows, columns, indices, cut if rows < columns else cut.t()


def random_rect(matrix):
    row, column = (int(torch.randint(n, ())) for n in matrix.shape)
    n_rows, n_columns = (int(torch.randint(1, n - first + 1, ())) for n, first in zip(matrix.shape, (row, column)))
    return Rect(row, n_rows, column, n_columns), matrix[row:row + n_rows, column:column + n_columns]


def parse(text, dtype):
    if dtype == torch.bool:
        return {"True": True, "False": False}[text]
    return complex(text) if dtype.is_complex else float(text) if dtype.is_floating_point else int(text)


DTYPES = [getattr(torch, name) for name in "float64 float32 float16 bfloat16 complex64 int64 int8 uint8 bool float8_e4m3fn".split()]


def tensors():
    for dtype in DTYPES:
        size = torch.empty(0, dtype=dtype).element_size()
        x = torch.randint(0, 2 if dtype == torch.bool else 256, (6 * 7 * 8 * 3 * size,), dtype=torch.uint8).view(dtype)
        x = x.reshape(6, 7, 8, 3)
        yield from (x, x.permute(2, 0, 3, 1), x[::2, :, 1:6].transpose(0, 2), x[:, :1].expand(6, 5, 8, 3))


def block_means(matrix, factors):
    """The mean of each block's finite values, NaN where there is none."""
    result = np.full([-(-n // factor) for n, factor in zip(matrix.shape, factors)], np.nan)
    for i, j in np.ndindex(result.shape):
        block = matrix[i * factors[0]:(i + 1) * factors[0], j * factors[1]:(j + 1) * factors[1]]
        block = block[np.isfinite(block)]
        if block.size:
            result[i, j] = np.mean(block / 2**60) * 2**60
    return result


@case
def cells():
    for x in tensors():
        ours = save({"x": x})["x"]
        for _ in range(4):
            *how, matrix = random_slice(x)
            rect, theirs = random_rect(matrix)
            texts = Slice(ours, *how).texts(rect)
            for text, value in zip(sum(texts, []), theirs.reshape(-1)):
                wide = torch.complex128 if x.dtype.is_complex else torch.float64 if x.dtype.is_floating_point else x.dtype
                parsed = torch.tensor(parse(text, x.dtype), dtype=wide).to(x.dtype)
                same = parsed.reshape(1).view(torch.uint8).tolist() == value.reshape(1).view(torch.uint8).tolist()
                assert same or (parsed.isnan() and value.isnan()), (x.dtype, text, value)


@case
def quantized_cells():
    for axis in range(3):
        x = torch.quantize_per_channel(torch.randn(4, 5, 6), torch.rand((4, 5, 6)[axis]).double() + .1,
                                       torch.arange((4, 5, 6)[axis]), axis, torch.qint8)
        ours = save({"x": x})["x"]
        for _ in range(8):
            *how, matrix = random_slice(x.dequantize())
            rect, theirs = random_rect(matrix)
            texts = Slice(ours, *how).texts(rect)
            assert np.allclose(np.array(texts, dtype=float), theirs.numpy(), rtol=1e-6, atol=1e-7), axis


@case
def means():
    for x in tensors():
        if x.dtype.is_complex:
            continue
        ours = save({"x": x})["x"]
        for _ in range(4):
            *how, matrix = random_slice(x)
            rect, theirs = random_rect(matrix)
            factors = [int(f) for f in torch.randint(1, 5, (2,))]
            values = Slice(ours, *how).blocks(rect, factors, 0)
            expected = block_means(theirs.double().numpy(), factors)
            fine = np.isfinite(expected)
            biggest = np.abs(np.nan_to_num(theirs.double().numpy(), posinf=0, neginf=0)).max()
            assert np.all(np.abs(values[fine] / 2**60 - expected[fine] / 2**60) <= 1e-12 * biggest / 2**60), x.dtype


@case
def files():
    for x in tensors():
        if x.dtype in (torch.bfloat16, torch.float8_e4m3fn):
            continue
        ours = save({"x": x})["x"]
        *how, matrix = random_slice(x)
        rect, theirs = random_rect(matrix)
        cut = Slice(ours, *how)
        loaded = np.load(io.BytesIO(cut.write(npy_write, rect)))
        assert loaded.shape == tuple(theirs.shape) and loaded.dtype == theirs.numpy().dtype
        assert loaded.tobytes() == theirs.contiguous().numpy().tobytes(), x.dtype
        lines = cut.write(csv_write, rect).decode().splitlines()
        table = np.array([[parse(text, x.dtype) for text in line.split(",")] for line in lines])
        if not x.dtype.is_complex:
            check_same(table.astype(float).reshape(-1), theirs.double().numpy().reshape(-1), x.dtype)


main()
