# SPDX-License-Identifier: GPL-3.0-or-later
"""What `ckpt export` writes: copies that load where the original does not."""
import collections
import json
import struct

from results import TORCH, Refused, check_loads, check_same, ckpt, export, fixtures, folder, is_zip, load, note_cpu_copy, refusal, tell_counts
from tap import case, main

import torch
from torch import nn


def inner(value):
    """As an export does it by default: wrapped modules are unwrapped."""
    return value.module if isinstance(value, nn.DataParallel) else value


@case
def a_copy_on_the_cpu_loads_where_the_original_does_not():
    n = 0
    for path in sorted(TORCH.iterdir()):
        if path.suffix not in (".pt", ".ckpt") or path.stem in ("torchscript",):
            continue
        result = export(path, "--cpu")
        if not path.stem.startswith("xla"):
            note_cpu_copy(result, path)
        if path not in fixtures():
            continue
        n += refusal(path) is not None
        check_loads(result, inner(load(path, map_location="cpu")))
    print(f"# {n} originals that do not load here")
    assert n >= 8, n


@case
def what_is_shared_loads_with_weights_only():
    for path in fixtures():
        if path.stem in ("protocol4", "protocol5"):  # not for what is in them, but for how it is pickled
            continue
        result = export(path, "--share")
        assert refusal(result, weights_only=True) is None, (path, refusal(result, weights_only=True))


@case
def the_shared_copy_of_a_parallel_module_is_its_inner_state_dict():
    for name in "dataparallel_object", "cuda0_dataparallel_object", "whole_model":
        for path in TORCH / f"{name}.pt", TORCH / f"{name}.legacy.pt":
            if path in fixtures():
                expected = inner(load(path, map_location="cpu")).state_dict()
                check_same(collections.OrderedDict(load(export(path, "--share"))),
                           collections.OrderedDict((key, value.detach()) for key, value in expected.items()), is_laid_out=False)


@case
def a_checkpoint_of_a_gpu_becomes_weights():
    for name in "cuda1_multi_item.pt", "cuda1_multi_item.legacy.pt":
        expected = load(TORCH / name, map_location="cpu")
        result = load(export(TORCH / name, "--share"), weights_only=True)
        assert not any(str(key).startswith("optimizer") for key in result)
        check_same(result["model_state_dict"], expected["model_state_dict"], is_laid_out=False)


@case
def both_containers_hold_the_same():
    for path in fixtures():
        expected = inner(load(path, map_location="cpu"))
        for container in "zip", "legacy":
            result = export(path, "--cpu", "--format", container)
            assert is_zip(result) == (container == "zip")
            check_loads(result, expected)


NAMES = {torch.float32: "F32", torch.float64: "F64", torch.float16: "F16", torch.bfloat16: "BF16", torch.int64: "I64", torch.int32: "I32",
         torch.int16: "I16", torch.int8: "I8", torch.uint8: "U8", torch.bool: "BOOL"}


def read_safetensors(path):
    """The tensors, by the rules that the official parser enforces: a header of JSON that begins with "{", ranges that follow one another
    without a gap from the first byte to the last, and sizes that fit the shapes."""
    with open(path, "rb") as f:
        data = f.read()
    length, = struct.unpack_from("<Q", data)
    assert length <= 100_000_000 and data[8:9] == b"{"
    header = json.loads(data[8:8 + length], object_pairs_hook=without_repeats)
    metadata = header.pop("__metadata__", {})
    assert all(isinstance(item, str) for pair in metadata.items() for item in pair)
    body, end, tensors = data[8 + length:], 0, {}
    dtypes = {name: dtype for dtype, name in NAMES.items()}
    for name, entry in sorted(header.items(), key=lambda item: item[1]["data_offsets"]):
        assert set(entry) == {"dtype", "shape", "data_offsets"}
        begin, stop = entry["data_offsets"]
        assert begin == end <= stop <= len(body), (name, begin, end)
        end = stop
        part = torch.frombuffer(bytearray(body[begin:stop]) or bytearray(1), dtype=torch.uint8)[:stop - begin]
        tensors[name] = part.view(dtypes[entry["dtype"]]).reshape(entry["shape"])
    assert end == len(body)
    return {name: tensors[name] for name in header}, metadata


def without_repeats(pairs):
    assert len(dict(pairs)) == len(pairs), "a name is there twice"
    return dict(pairs)


@case
def safetensors_hold_the_tensors():
    for name in "state_dict.pt", "cuda0_state_dict.legacy.pt", "dataparallel_state_dict.pt", "special_values.pt", "histogram.pt", "dtypes.safetensors":
        path = TORCH / name
        result = export(path, "--share", "--format", "safetensors", "--leave-out")
        tensors, _ = read_safetensors(result)
        if path.suffix == ".pt":
            expected = {key.removeprefix("module."): value for key, value in load(path, map_location="cpu").items()}
        else:
            expected, _ = read_safetensors(path)
        assert set(tensors) == set(expected)
        check_same({key: tensors[key] for key in sorted(tensors)}, {key: expected[key] for key in sorted(expected)}, is_laid_out=False,
                   is_shared=False)
    try:
        from safetensors.torch import load_file
    except ImportError:
        print("# the safetensors package is not installed")
        return
    check_same(dict(sorted(load_file(result).items())), dict(sorted(tensors.items())), is_laid_out=False, is_shared=False)


@case
def counts_are_told():
    tell_counts()


main()
