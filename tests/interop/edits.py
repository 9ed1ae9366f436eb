# SPDX-License-Identifier: GPL-3.0-or-later
"""Values after edits, read through the library, against what PyTorch makes of the same tensors."""
from edited import edit
from harness import case, check_same, main, save, torch


def check(tree, key, expected):
    """Bit for bit, but for the payload of NaN."""
    ours = tree[key]
    name = str(expected.dtype).removeprefix("torch.")
    assert ours.dtype == name, f"{key}: {ours.dtype}, not {name}"
    assert list(ours.tensor.contents.shape[:ours.tensor.contents.n_dims]) == list(expected.shape)
    theirs = expected.detach().resolve_conj().resolve_neg().contiguous()
    raw = ours.read(theirs.element_size())
    mine = torch.frombuffer(bytearray(raw), dtype=theirs.dtype).reshape(theirs.shape) if raw else theirs
    if theirs.is_complex():
        assert torch.equal(mine, theirs), key
    else:
        check_same(mine.double().numpy().ravel(), theirs.double().numpy().ravel(), key)


def values():
    torch.manual_seed(3)
    wide = torch.cat([torch.randn(1000), torch.tensor([1e30, -1e-30, 65519., 65520., 7e-46, float("inf"), float("-inf"), float("nan"), -0.0])])
    base = torch.randn(40, 50)
    return {
        "wide": wide, "base": base, "row": base[3], "column": base[:, 7], "tied": base, "transposed": base.t(),
        "double": torch.randn(33, dtype=torch.float64) * 1e20, "half": torch.randn(70).half(), "bfloat": torch.randn(5, 5).bfloat16(),
        "ints": torch.arange(10), "flags": torch.tensor([True, False]), "complex": torch.randn(6, dtype=torch.complex64),
        "scalar": torch.tensor(2.5), "empty": torch.empty(0, 3), "expanded": torch.randn(4, 1).expand(4, 100),
        "parameter": torch.nn.Parameter(torch.randn(3, 3)), "channels": torch.randn(2, 3, 4, 5).to(memory_format=torch.channels_last),
        "float8": torch.randn(9).to(torch.float8_e4m3fn), "slice": torch.randn(100, 100)[10:20, 5:9],
        "negative": torch._neg_view(torch.randn(12)),
    }


TARGETS = ("float64", "float32", "float16", "bfloat16", "float8_e4m3fn", "float8_e5m2", "float8_e4m3fnuz", "float8_e5m2fnuz")


@case
def cast():
    data = values()
    for legacy in (False, True):
        tree = save(data, _use_new_zipfile_serialization=not legacy)
        for name in TARGETS:
            dtype = getattr(torch, name)
            cast_tree = edit(tree, f"cast {name}")
            for key, value in data.items():
                check(cast_tree, key, value.to(dtype) if value.is_floating_point() else value)


@case
def cast_twice():
    data = values()
    tree = edit(save(data), "cast float16", "cast float32", "cast bfloat16")
    for key in ("wide", "column", "double", "bfloat", "parameter"):
        check(tree, key, data[key].half().float().bfloat16())


@case
def module_half():
    model = torch.nn.Sequential(torch.nn.Linear(4, 5), torch.nn.BatchNorm1d(5))
    tree = edit(save(model.state_dict()), "cast half")
    for key, value in model.half().state_dict().items():
        check(tree, key, value)


@case
def compact_and_split():
    data = values()
    for line in ("compact", "split", "split column row"):
        tree = edit(save(data), line)
        for key, value in data.items():
            check(tree, key, value)
        tree = edit(tree, "cast float16")
        for key, value in data.items():
            check(tree, key, value.half() if value.is_floating_point() else value)


@case
def sizes_after_compact_are_those_of_clones():
    base = torch.randn(1000, 1000)
    for view in (base[5], base[:, 5], base[10:20], base[10:20, 3:7], base.t()[4:6]):
        tree = edit(save({"view": view}), "compact")
        assert tree.summary()["total"][2] == view.clone().untyped_storage().nbytes()


@case
def sizes_after_split():
    base = torch.randn(100)
    data = {"a": base, "b": base, "c": base[10:20]}
    assert save(data).summary()["total"][2] == 400
    assert edit(save(data), "split").summary()["total"][2] == 840
    assert edit(save(data), "split b").summary()["total"][2] == 800


main()
