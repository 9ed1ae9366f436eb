# SPDX-License-Identifier: GPL-3.0-or-later
"""Files that the library writes, as PyTorch, Python's zipfile and unzip see them."""
import ctypes
import json
import mmap
import os
import pathlib
import pickle
import subprocess
import sys
import tempfile
import warnings
import zipfile

from harness import Failed, Tree, case, function, lib, main, np, take_text, torch

warnings.filterwarnings("ignore")
FIXTURES = pathlib.Path(os.environ["FIXTURES"])
CHECKPOINTS = FIXTURES / "torch-2.13"
sys.path.insert(0, str(FIXTURES))
FOLDER = tempfile.TemporaryDirectory(prefix="stateroom-save-")
ZIP, LEGACY, SAFETENSORS = 0, 1, 2
# PyTorch 2.6 does not know what is in them.
TOO_NEW = {"dtypes_new.pt"}


class CkptSaveOptions(ctypes.Structure):
    _fields_ = [("container", ctypes.c_int), ("alignment", ctypes.c_uint), ("folder", ctypes.c_char_p), ("anew", ctypes.c_int),
                ("leaves_out", ctypes.c_int), ("flags", ctypes.c_int)]


_pointer = ctypes.c_void_p
_save = function("ckpt_save", ctypes.c_int, _pointer, ctypes.c_char_p, _pointer, _pointer, _pointer, _pointer, _pointer)
_parse = function("ckpt_edit_parse", _pointer, ctypes.c_char_p)
_apply = function("ckpt_edit_apply", _pointer, _pointer, _pointer, _pointer, _pointer)
lib.ckpt_effect_new.restype = _pointer
lib.ckpt_tree_get_container.argtypes = [_pointer]


def edit(tree, line):
    """A tree that an edit makes of another one."""
    version = Tree.__new__(Tree)
    version.tree = _apply(_parse(line.encode()), tree.tree, lib.ckpt_effect_new(), None)
    return version


def save(tree, name, **options):
    path = os.path.join(FOLDER.name, name)
    options.setdefault("container", lib.ckpt_tree_get_container(tree.tree))
    given = CkptSaveOptions(**options)
    _save(tree.tree, os.fsencode(path), ctypes.byref(given), None, None, None, None)
    return path


def load_all(path):
    """What torch.load() makes of a file, in each way in which it can be asked to."""
    loaded = [torch.load(path, weights_only=False, map_location="cpu")]
    if zipfile.is_zipfile(path):
        loaded.append(torch.load(path, weights_only=False, map_location="cpu", mmap=True))
    try:
        loaded.append(torch.load(path, weights_only=True, map_location="cpu"))
    except pickle.UnpicklingError:
        pass
    return loaded


def same(a, b, seen=None):
    """Whether two values are, with the bits of their tensors."""
    seen = seen if seen is not None else set()
    if (id(a), id(b)) in seen:
        return True
    seen.add((id(a), id(b)))
    if type(a) is not type(b):
        return False
    if isinstance(a, torch.Tensor):
        return same_tensors(a, b)
    if isinstance(a, dict):
        return list(map(repr, a)) == list(map(repr, b)) and all(same(x, y, seen) for x, y in zip(a.values(), b.values()))
    if isinstance(a, (list, tuple)):
        return len(a) == len(b) and all(same(x, y, seen) for x, y in zip(a, b))
    if isinstance(a, np.ndarray):
        return a.dtype == b.dtype and a.shape == b.shape and a.tobytes() == b.tobytes()
    if hasattr(a, "__dict__"):
        return same(vars(a), vars(b), seen)
    return repr(a) == repr(b)


def same_tensors(a, b):
    if (a.dtype, a.shape, a.layout, a.device, a.requires_grad) != (b.dtype, b.shape, b.layout, b.device, b.requires_grad):
        return False
    if a.layout != torch.strided or a.is_quantized or a.is_meta or a.is_nested:
        return repr(a) == repr(b)
    if a.stride() != b.stride() or a.storage_offset() != b.storage_offset():
        return False
    return bytes(a.untyped_storage()) == bytes(b.untyped_storage())


def checkpoints():
    """Those that PyTorch 2.6 loads."""
    for path in sorted(CHECKPOINTS.iterdir()):
        if path.is_file() and path.name not in TOO_NEW and (FIXTURES / "expected" / f"{path.name}.json").exists():
            yield path


@case
def loads_as_before():
    n = 0
    for path in checkpoints():
        before = load_all(path)
        for alignment in (0, 1, 4096):
            tree = Tree(str(path))
            if alignment and not zipfile.is_zipfile(path):
                continue
            after = load_all(save(tree, "saved.pt", anew=True, alignment=alignment))
            # Of what was pickled by protocol 4, weights_only takes the copy.
            assert len(after) >= len(before), path
            for value in after:
                assert same(before[0], value), f"{path.name}, aligned to {alignment}"
            n += len(after)
    print(f"# loaded {n} times")
    assert n > 300


@case
def zips_are_sound():
    n = 0
    for path in checkpoints():
        if not zipfile.is_zipfile(path) or path.name == "crc_off.pt":
            continue
        for alignment in (0, 4096):
            saved = save(Tree(str(path)), "saved.pt", anew=True, alignment=alignment)
            assert zipfile.ZipFile(saved).testzip() is None, path
            done = subprocess.run(["unzip", "-tqq", saved], capture_output=True, text=True)
            assert done.returncode == 0, f"{path.name}: {done.stdout} {done.stderr}"
            n += 1
    assert n > 100


@case
def edited_files_load():
    """What was on GPUs loads where there is none, with the values that it had."""
    n = 0
    for path in checkpoints():
        if "cuda" not in path.name and "devices" not in path.name:
            continue
        tree = edit(Tree(str(path)), "device *=cpu")
        saved = save(tree, "cpu.pt")
        theirs = torch.load(path, weights_only=False, map_location="cpu")
        for ours in [torch.load(saved, weights_only=False), *load_all(saved)]:
            assert same(theirs, ours), path
            n += 1
        if zipfile.is_zipfile(saved):
            assert zipfile.ZipFile(saved).testzip() is None
    assert n > 10


def read_safetensors(path):
    """The tensors, their metadata, and whether the file is as safetensors wants it: no library for it is at hand."""
    data = pathlib.Path(path).read_bytes()
    length = int.from_bytes(data[:8], "little")
    assert length % 8 == 0 and data[8:9] == b"{"
    header = json.loads(data[8:8 + length])
    metadata = header.pop("__metadata__", None)
    end = 0
    for entry in header.values():
        begin, end_of_entry = entry["data_offsets"]
        assert begin == end
        end = end_of_entry
    assert end == len(data) - 8 - length
    return {name: (entry["dtype"], entry["shape"], data[8 + length + entry["data_offsets"][0]:8 + length + entry["data_offsets"][1]])
            for name, entry in header.items()}, metadata


NAMES = {"F64": torch.float64, "F32": torch.float32, "F16": torch.float16, "BF16": torch.bfloat16, "I64": torch.int64, "I32": torch.int32,
         "I16": torch.int16, "I8": torch.int8, "U8": torch.uint8, "BOOL": torch.bool, "C64": torch.complex64, "U16": torch.uint16,
         "U32": torch.uint32, "U64": torch.uint64, "F8_E4M3": torch.float8_e4m3fn, "F8_E5M2": torch.float8_e5m2,
         "F8_E4M3FNUZ": torch.float8_e4m3fnuz, "F8_E5M2FNUZ": torch.float8_e5m2fnuz}


def bytes_of(tensor):
    tensor = tensor.resolve_conj().resolve_neg().contiguous()
    return bytes(tensor.reshape(-1).view(torch.uint8).numpy()) if tensor.numel() else b""


@case
def safetensors_hold_the_tensors():
    x = torch.randn(4, 5)
    tensors = {"t": x.t(), "row": x[2], "scalar": torch.tensor(2.5), "empty": torch.empty(0, 3), "conj": torch.randn(3, dtype=torch.complex64).conj(),
               "neg": torch._neg_view(torch.randn(3)), "expanded": x[:1].expand(3, 5), "\u00e9\"\\\n": torch.ones(2)}
    tensors.update((str(dtype), torch.ones(3).to(dtype)) for dtype in NAMES.values())
    path = os.path.join(FOLDER.name, "source.pt")
    for options in ({}, {"_use_new_zipfile_serialization": False}):
        torch.save(tensors, path, **options)
        found, metadata = read_safetensors(save(Tree(path), "x.safetensors", container=SAFETENSORS))
        assert metadata == {"format": "pt"}
        assert set(found) == set(tensors)
        for name, (dtype, shape, data) in found.items():
            assert NAMES[dtype] == tensors[name].dtype and shape == list(tensors[name].shape), name
            assert data == bytes_of(tensors[name]), name
        ranks = [list(NAMES).index(dtype) >= 0 and torch.empty(0, dtype=NAMES[dtype]).element_size() for dtype, _, _ in found.values()]
        assert ranks == sorted(ranks, reverse=True)


@case
def safetensors_leave_out_the_rest():
    x = torch.ones(3)
    path = os.path.join(FOLDER.name, "source.pt")
    torch.save({"b": x, "a": x, "c": x[:2], "epoch": 3, "big": torch.ones(2, dtype=torch.complex128), "s": torch.eye(2).to_sparse()}, path)
    try:
        save(Tree(path), "x.safetensors", container=SAFETENSORS)
    except Failed as e:
        assert "epoch" in str(e) and "big" in str(e) and "b" in str(e), e
    else:
        raise AssertionError("nothing was said of what has no place")
    found, metadata = read_safetensors(save(Tree(path), "x.safetensors", container=SAFETENSORS, leaves_out=True))
    assert set(found) == {"a", "c"}
    assert metadata == {"format": "pt", "b": "a"}


class Sparse:
    """A file into which PyTorch writes; of long zeros it has none on the disk."""

    def __init__(self, path):
        self.file = open(path, "wb")

    def write(self, data):
        if len(data) > 1 << 20:
            self.file.seek(len(data), os.SEEK_CUR)
        else:
            self.file.write(data)
        return len(data)


@case
def beyond_four_gigabytes():
    """PyTorch itself writes records of more than 4 GiB and behind 4 GiB: all that is not data is what we would write."""
    path = os.path.join(FOLDER.name, "sparse.pt")
    size = (1 << 32) + 12345
    zeros = mmap.mmap(-1, size, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    sparse = Sparse(path)
    writer = torch._C.PyTorchFileWriter(sparse)
    writer.write_record("data.pkl", pickle.dumps({}, 2), len(pickle.dumps({}, 2)))
    writer.write_record("byteorder", "little", 6)
    writer.write_record("data/0", ctypes.addressof(ctypes.c_char.from_buffer(zeros)), size)
    writer.write_record("data/1", b"0123456789", 10)
    writer.write_record("data/2", b"", 0)
    writer.write_end_of_file()
    sparse.file.close()
    assert os.path.getsize(path) > size and os.stat(path).st_blocks < 1000
    done = subprocess.run([os.environ["ZIP_LAYOUT"], path], capture_output=True, text=True)
    assert done.returncode == 0 and int(done.stdout) == 7, done.stderr


main()
