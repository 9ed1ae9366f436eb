# SPDX-License-Identifier: GPL-3.0-or-later
"""What `ckpt export` writes: copies that load where the original does not."""
import collections

from results import TORCH, check_loads, check_same, export, fixtures, is_zip, load, note_cpu_copy, refusal, tell_counts
from tap import case, main

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


@case
def counts_are_told():
    tell_counts()


main()
