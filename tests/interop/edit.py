# SPDX-License-Identifier: GPL-3.0-or-later
"""What `ckpt edit` writes against what PyTorch makes of the same checkpoints."""
import collections
import copy
import re

from results import TORCH, Refused, check_loads, check_same, edit, fixtures, load, refusal, save, tell_counts
from tap import case, main

import torch
from torch import nn

import nets

OrderedDict = collections.OrderedDict


def tags_of(path):
    """The devices that the file names for its storages, in the order in which they are met."""
    tags = []

    def look(storage, tag):
        tags.append(tag)
        return storage

    load(path, map_location=look)
    return tags


def both(name):
    """A fixture in both containers."""
    return [TORCH / f"{name}.pt", TORCH / f"{name}.legacy.pt"]


def is_safe(path):
    return refusal(path, weights_only=True, map_location="cpu") is None


def all_state_dicts():
    """Fixtures whose root is a dict of tensors."""
    for path in fixtures():
        value = load(path, map_location="cpu")
        if isinstance(value, dict) and value and all(isinstance(item, torch.Tensor) for item in value.values()):
            yield path


def renamed(state_dict, rename):
    """With other keys, and what rename() makes of the modules of _metadata."""
    result = OrderedDict((rename(key), value) for key, value in state_dict.items())
    if hasattr(state_dict, "_metadata"):
        result._metadata = state_dict._metadata
    return result


def with_metadata(state_dict, metadata):
    result = OrderedDict(state_dict)
    result._metadata = metadata
    return result


def model_of(prefix):
    """A small model behind wrappers that PyTorch has."""
    torch.manual_seed(1)
    return nn.Sequential(OrderedDict(conv=nn.Conv1d(2, 3, 3), norm=nn.BatchNorm1d(3), out=nn.Linear(3, 2)))


def train(optimizer):
    for group in optimizer.param_groups:
        for parameter in group["params"]:
            parameter.grad = torch.ones_like(parameter)
    optimizer.step()
    return optimizer


# ---------------------------------------------------------------- devices

@case
def all_to_the_cpu():
    for path in fixtures():
        expected = load(path, map_location="cpu")
        result = edit(path, "--device", "*=cpu")
        assert set(tags_of(result)) <= {"cpu", "meta"}, (path, tags_of(result))
        check_loads(result, expected, is_safe=is_safe(path))


@case
def one_device_to_another():
    for name, device, target in ("cuda1_multi_item", "cuda:1", "cuda:0"), ("mixed_devices", "cuda:3", "cuda:1"), ("mixed_devices", "mps", "cpu"):
        for path in both(name):
            expected = [target if tag == device else tag for tag in tags_of(path)]
            result = edit(path, "--device", f"{device}={target}")
            assert device in tags_of(path) and tags_of(result) == expected, (path, tags_of(result), expected)
            check_loads(result, load(path, map_location="cpu"), is_safe=True, map_location="cpu")


@case
def several_devices_at_once():
    for path in both("mixed_devices"):
        to = {"cuda:0": "cuda:1", "cuda:3": "cpu", "mps": "cuda:0"}
        result = edit(path, "--device", *(f"{old}={new}" for old, new in to.items()))
        assert tags_of(result) == [to.get(tag, tag) for tag in tags_of(path)]


@case
def the_device_of_a_part():
    path = TORCH / "cuda1_multi_item.pt"
    result = edit(path, "--device", "*=cpu", '--under=["model_state_dict"]')
    seen = load(result, map_location=lambda storage, tag: storage)
    assert "cpu" in tags_of(result) and "cuda:1" in tags_of(result)
    check_same(seen, load(path, map_location="cpu"))


@case
def a_gpu_gets_no_steps_and_no_generators():
    """The steps of optimizers and the states of generators stay on the CPU, as PyTorch wants them there."""
    model = model_of("")
    path = save("steps", {"model": model.state_dict(), "optimizer": train(torch.optim.Adam(model.parameters())).state_dict(),
                          "rng": torch.get_rng_state()})
    result = edit(path, "--device", "cpu=cuda:0")
    tags = {}

    def look(storage, tag):
        tags[storage.nbytes()] = tag
        return storage

    load(result, map_location=look)
    assert tags[torch.get_rng_state().numel()] == "cpu" and "cuda:0" in tags.values()
    steps = len(load(path)["optimizer"]["state"])
    assert tags_of(result).count("cpu") == steps + 1
    check_loads(result, load(path), is_safe=True, map_location="cpu")


@case
def a_tensor_of_a_device_without_storages_becomes_its_copy():
    expected = {"w": torch.arange(3.), "c": torch.ones(2)}
    check_loads(edit(TORCH / "xla_device_tensor.pt", "--device", "*=cpu"), expected, is_safe=True)


@case
def no_device_that_cannot_be_loaded():
    for target in "cpu:0", "meta", "foo":
        try:
            edit(TORCH / "cuda0_state_dict.pt", "--device", f"*={target}")
        except Refused:
            continue
        raise AssertionError(target)


# ---------------------------------------------------------------- keys

@case
def wrapped_keys_become_those_of_the_inner_module():
    """With the _metadata that its own state_dict() has."""
    inner = nets.TheModelClass().state_dict()
    for path in *both("dataparallel_state_dict"), TORCH / "state_dict.pt":
        expected = with_metadata(((key.removeprefix("module."), value) for key, value in load(path).items()), inner._metadata)
        check_loads(edit(path, "--unwrap") if path.stem.startswith("data") else path, expected, is_safe=True)
    for name in "prefix_compiled", "prefix_ddp_compiled", "prefix_double_module", "prefix_compiled_layers":
        path = TORCH / f"{name}.pt"
        expected = OrderedDict((re.sub(r"\b(_orig_mod|module)\.", "", key), value) for key, value in load(path).items())
        assert list(expected) == list(inner)
        check_loads(edit(path, "--unwrap"), expected, is_safe=True)


@case
def what_pytorch_strips_is_stripped_alike():
    """Where consume_prefix_in_state_dict_if_present() can do it."""
    for path, prefix in (TORCH / "dataparallel_state_dict.pt", "module."), (TORCH / "diff_b_module.pt", "module."):
        expected = load(path, map_location="cpu")
        nn.modules.utils.consume_prefix_in_state_dict_if_present(expected, prefix)
        check_loads(edit(path, "--unwrap"), expected, is_safe=True, map_location="cpu")


@case
def a_wrapper_within_keeps_what_is_before_it():
    path = TORCH / "prefix_compiled_middle.pt"
    expected = renamed(load(path), lambda key: key.replace("_orig_mod.", ""))
    check_loads(edit(path, "--unwrap"), expected, is_safe=True)


@case
def an_averaged_model_becomes_the_model():
    """Its count is of the wrapper, and goes with it."""
    path = TORCH / "prefix_averaged_model.pt"
    result = load(edit(path, "--unwrap"))
    check_same(OrderedDict(result), OrderedDict((key.removeprefix("module."), value) for key, value in load(path).items() if key != "n_averaged"))
    nets.TheModelClass().load_state_dict(result)
    metadata = nets.TheModelClass().state_dict()._metadata
    assert dict(result._metadata) == dict(metadata), result._metadata


@case
def unwrapped_keys_load_into_the_inner_module():
    """And the names in the optimizer follow."""
    model = model_of("")
    parallel = nn.DataParallel(model)
    value = {"model": parallel.state_dict(), "optimizer": train(torch.optim.AdamW(parallel.named_parameters())).state_dict()}
    expected = {"model": model.state_dict(), "optimizer": copy.deepcopy(value["optimizer"])}
    for group in expected["optimizer"]["param_groups"]:
        group["param_names"] = [name.removeprefix("module.") for name in group["param_names"]]
    result = edit(save("named", value), "--unwrap")
    check_loads(result, expected, is_safe=True, is_shared=False)
    model.load_state_dict(load(result)["model"])


@case
def a_collision_stops_it():
    path = TORCH / "prefix_collision.pt"
    for words in ("--unwrap", "module", "--partial"), ("--rename-prefix", "module.", ""):
        try:
            edit(path, *words)
        except Refused as e:
            assert "fc.weight" in str(e), e
        else:
            raise AssertionError(words)


@case
def a_prefix_is_what_dataparallel_adds():
    model = nets.TheModelClass()
    for path in both("state_dict"):
        model.load_state_dict(load(path))
        check_loads(edit(path, "--prefix", "module."), nn.DataParallel(model).state_dict(), is_safe=True, is_shared=False)


@case
def a_name_of_a_user_goes_on_request():
    path = TORCH / "training_run.ckpt"
    expected = load(path)
    expected["state_dict"] = renamed(expected["state_dict"], lambda key: key.removeprefix("model."))
    check_loads(edit(path, "--unwrap", "model", '--under=["state_dict"]'), expected, is_safe=is_safe(path))


@case
def keys_are_renamed():
    for path in both("state_dict"):
        expected = renamed(load(path), lambda key: "head.weight" if key == "fc2.weight" else key)
        check_loads(edit(path, "--rename", '["fc2.weight"]', "head.weight"), expected, is_safe=True)


@case
def prefixes_are_renamed():
    path = TORCH / "multi_item.pt"
    expected = load(path)
    model = expected["model_state_dict"]
    expected["model_state_dict"] = OrderedDict((re.sub(r"^conv", "layer", key), value) for key, value in model.items())
    result = load(edit(path, "--rename-prefix", "conv", "layer", '--under=["model_state_dict"]'))
    check_same(OrderedDict(result["model_state_dict"]), expected["model_state_dict"])


@case
def expressions_rename_keys():
    path = TORCH / "state_dict.pt"
    expected = OrderedDict((re.sub(r"^conv(\d)\.(.*)$", r"features.\1.\2", key), value) for key, value in load(path).items())
    result = load(edit(path, "--rename-regex", r"^conv(\d)\.(.*)$", r"features.\1.\2"))
    check_same(OrderedDict(result), expected)


# ---------------------------------------------------------------- values

@case
def values_are_removed():
    path = TORCH / "multi_item.pt"
    expected = load(path)
    del expected["optimizer_state_dict"], expected["model_state_dict"]["fc1.weight"]
    check_loads(edit(path, "--remove", '["optimizer_state_dict"]', '["model_state_dict"]["fc1.weight"]'), expected, is_safe=True)
    expected = load(TORCH / "list_of_dicts.pt")
    del expected[0]
    check_loads(edit(TORCH / "list_of_dicts.pt", "--remove", "[0]"), expected, is_safe=True)


@case
def values_are_kept():
    for path in both("multi_item"):
        expected = load(path)
        check_loads(edit(path, "--keep", '["model_state_dict"]', '["epoch"]'),
                    {key: expected[key] for key in expected if key in ("epoch", "model_state_dict")}, is_safe=True)


@case
def values_are_duplicated():
    path = TORCH / "multi_item.pt"
    result = load(edit(path, "--duplicate", '["model_state_dict"]', "copy"))
    check_same(result["copy"], load(path)["model_state_dict"], is_shared=False)
    check_same({key: result[key] for key in result if key != "copy"}, load(path))


@case
def scalars_are_set():
    path = TORCH / "multi_item.pt"
    for text, value in ("7", 7), ("-1.5", -1.5), ("True", True), ("None", None), ('"text é"', "text é"), ("2**3", None), ("12345678901", 12345678901):
        expected = load(path)
        expected["epoch"] = value
        try:
            result = edit(path, "--set", '["epoch"]', text)
        except Refused:
            assert text == "2**3"
            continue
        check_loads(result, expected, is_safe=True)


@case
def a_part_of_another_file_is_inserted():
    source, other = TORCH / "state_dict.pt", TORCH / "multi_item.pt"
    for path in other, TORCH / "multi_item.legacy.pt":
        expected = load(source)
        expected["momentum"] = load(path)["optimizer_state_dict"]
        result = edit(source, "--insert", ".", "momentum", path, '["optimizer_state_dict"]')
        check_loads(result, expected, is_safe=True)
    expected = load(other)
    expected["model_state_dict"]["extra"] = load(TORCH / "bare_tensor.pt")
    check_loads(edit(other, "--insert", '["model_state_dict"]', "extra", TORCH / "bare_tensor.pt", "."), expected, is_safe=True)


# ---------------------------------------------------------------- tensors

def cast_all(value, dtype):
    """As .to(dtype) does to all that is floating but the steps of optimizers, which PyTorch wants to be float32."""
    if isinstance(value, torch.Tensor):
        return value.to(dtype) if value.is_floating_point() and not value.is_quantized else value
    if isinstance(value, dict):
        result = type(value)((key, item if key == "step" else cast_all(item, dtype)) for key, item in value.items())
        result.__dict__.update(value.__dict__) if hasattr(value, "__dict__") else None
        return result
    if isinstance(value, list):
        return [cast_all(item, dtype) for item in value]
    return value


@case
def tensors_are_cast():
    for name in "state_dict.pt", "state_dict.legacy.pt", "special_values.pt", "multi_item.pt", "dtypes.pt", "views.pt", "histogram.pt":
        path = TORCH / name
        for dtype in torch.float16, torch.bfloat16, torch.float32, torch.float64:
            result = edit(path, "--cast", str(dtype).removeprefix("torch."))
            check_loads(result, cast_all(load(path), dtype), is_safe=True, is_shared=False, is_laid_out=False, is_nan_one=True)


@case
def what_is_tied_stays_tied_when_cast():
    path = save("tied", nets.TiedLM().state_dict())
    for words in ("--cast", "float16"), ("--cast", "bfloat16"):
        result = load(edit(path, *words))
        assert result["embed.weight"].data_ptr() == result["head.weight"].data_ptr()
        assert result["head.weight"].dtype != torch.float32


@case
def norms_and_optimizers_can_be_left_out_of_a_cast():
    path = TORCH / "multi_item.pt"
    expected = load(path)
    model = expected["model_state_dict"]
    for key, value in model.items():
        if value.is_floating_point() and not key.startswith("bn."):
            model[key] = value.half()
    result = load(edit(path, "--cast", "float16", "--keep-norm", "--keep-optimizer"))
    check_same(result["model_state_dict"], model, is_shared=False)
    check_same(result["optimizer_state_dict"], expected["optimizer_state_dict"], is_shared=False)


@case
def storages_are_compacted():
    for name in "views.pt", "state_dict.pt", "multi_item.legacy.pt":
        path = TORCH / name
        try:
            result = edit(path, "--compact")
        except Refused:
            assert name != "views.pt"
            continue
        check_loads(result, load(path), is_safe=True, is_laid_out=False, is_shared=False)
    sliced = save("slices", {"a": torch.arange(1000.)[10:14], "b": torch.arange(64.)[8:32:2]})
    result = edit(sliced, "--compact")
    check_loads(result, load(sliced), is_safe=True, is_laid_out=False)
    assert all(value.untyped_storage().nbytes() <= 24 * 4 for value in load(result).values())


@case
def tied_tensors_are_split():
    path = TORCH / "views.pt"
    result = load(edit(path, "--split"))
    assert result["same_a"].data_ptr() != result["same_b"].data_ptr()
    check_same(result, load(path), is_shared=False, is_laid_out=False)
    tied = save("to-split", nets.TiedLM().state_dict())
    result = edit(tied, "--split", '["head.weight"]')
    assert load(result)["embed.weight"].data_ptr() != load(result)["head.weight"].data_ptr()
    check_loads(result, load(tied), is_safe=True, is_shared=False)


# ---------------------------------------------------------------- modules

def modules():
    """Models of torch's own classes, with all that the rules of state_dict() tell apart."""
    torch.manual_seed(2)
    shared = nn.Linear(2, 2)
    no_bias = nn.Sequential(nn.Conv2d(1, 2, 3, bias=False), nn.BatchNorm2d(2, affine=False), nn.InstanceNorm2d(2, track_running_stats=True))
    buffers = nn.Module()
    buffers.register_buffer("kept", torch.ones(2))
    buffers.register_buffer("dropped", torch.ones(2), persistent=False)
    buffers.register_buffer("absent", None)
    buffers.register_parameter("empty", None)
    buffers.child = None
    return {
        "small": model_of(""), "no-bias": no_bias, "buffers": buffers, "shared": nn.Sequential(shared, nn.ReLU(), shared),
        "lstm": nn.LSTM(3, 4, num_layers=2), "attention": nn.MultiheadAttention(4, 2), "transformer": nn.TransformerEncoderLayer(4, 2, 8),
        "embedding": nn.EmbeddingBag(5, 3), "lists": nn.ModuleDict({"a": nn.ModuleList([nn.Linear(1, 1)]), "b": nn.ParameterList([nn.Parameter(torch.ones(2))])}),
        "norms": nn.Sequential(nn.GroupNorm(1, 2), nn.LayerNorm(2), nn.SyncBatchNorm(2), nn.BatchNorm3d(2)),
        "losses": nn.Sequential(nn.CrossEntropyLoss(weight=torch.ones(3)), nn.PReLU(), nn.Bilinear(1, 2, 3)), "frozen": model_of("").requires_grad_(False),
        "parallel": nn.DataParallel(model_of("")), "tied": nets.TiedLM(), "own": nets.TheModelClass(),
    }


@case
def a_module_becomes_its_state_dict():
    for name, module in modules().items():
        for options in {}, {"_use_new_zipfile_serialization": False}:
            path = save(f"module-{name}", module, **options)
            expected = save("expected", load(path).state_dict())
            result = edit(path, "--state-dict")
            if name in ("tied", "own"):  # of classes that nobody can know here, the order and the values
                check_same(OrderedDict(load(result)), OrderedDict(load(expected)))
            else:
                check_loads(result, load(expected), is_safe=True)
            assert refusal(result, weights_only=True) is None


@case
def modules_of_the_fixtures_become_their_state_dicts():
    for path in fixtures():
        value = load(path, map_location="cpu")
        if isinstance(value, nn.Module) and not isinstance(value, (nn.DataParallel, nets.ExtraStateNet)):
            expected = save("expected", value.state_dict())
            check_same(OrderedDict(load(edit(path, "--device", "*=cpu", "--state-dict"))), OrderedDict(load(expected)))


def wrapped():
    yield nn.DataParallel(model_of(""))
    try:
        yield torch.compile(model_of(""))
    except Exception:  # where PyTorch is built without it
        pass
    try:
        store = torch.distributed.HashStore()
        torch.distributed.init_process_group("gloo", store=store, rank=0, world_size=1)
        yield nn.parallel.DistributedDataParallel(model_of(""))
        torch.distributed.destroy_process_group()
    except (AttributeError, RuntimeError, ValueError):
        pass


@case
def a_wrapper_becomes_its_inner_module():
    n = 0
    for wrapper in wrapped():
        try:
            path = save("wrapper", wrapper)
        except Exception:  # some versions cannot pickle it
            continue
        inner = getattr(wrapper, "module", None) or wrapper._orig_mod
        result = edit(path, "--unwrap-object")
        again = save("inner", inner)
        check_same(load(result), load(again))
        data = torch.ones(2, 2, 5)
        assert torch.equal(load(result).conv(data), inner.conv(data))
        n += 1
    print(f"# {n} kinds of wrappers")
    for path in *both("dataparallel_object"), *both("cuda0_dataparallel_object"):
        check_loads(edit(path, "--unwrap-object"), load(path, map_location="cpu").module, map_location="cpu")


@case
def modules_are_set_to_train_or_eval():
    for name, module in modules().items():
        for verb in "train", "eval":
            path = save(f"mode-{name}", module)
            expected = getattr(load(path), verb)()
            expected_path = save("expected", expected)
            try:
                result = edit(path, f"--{verb}")
            except Refused:
                raise
            check_same(load(result), load(expected_path))


@case
def optimizers_are_removed():
    for path in fixtures():
        value = load(path, map_location="cpu")
        if isinstance(value, dict) and {"optimizer", "optimizer_state_dict", "optimizer_states"} & {key for key in value if isinstance(key, str)}:
            expected = {key: item for key, item in value.items() if not str(key).startswith("optimizer")}
            result = load(edit(path, "--remove-optimizer"), map_location="cpu")
            check_same({key: item for key, item in result.items() if not str(key).startswith("lr_sched")},
                       {key: item for key, item in expected.items() if not str(key).startswith("lr_sched")})


@case
def only_the_average_is_kept():
    result = load(edit(TORCH / "ema.pt", "--keep-ema"))
    expected = load(TORCH / "ema.pt")["ema"]
    check_same(result["ema"] if "ema" in result else result, expected)


@case
def what_weights_only_refuses_goes():
    n = 0
    for path in fixtures():
        if path.stem in ("protocol4", "protocol5"):  # not for what is in them, but for how it is pickled
            continue
        result = edit(path, "--weights-only")
        problem = refusal(result, weights_only=True, map_location="cpu")
        assert problem is None, (path, problem)
        if is_safe(path):
            check_same(load(result, map_location="cpu"), load(path, map_location="cpu"))
        else:
            n += 1
    print(f"# {n} files that were refused")


@case
def older_versions_get_what_they_know():
    for path in fixtures():
        if path.stem.startswith("xla"):
            continue
        for version in "any", "1.6", "1.5":
            try:
                result = edit(path, "--reads-in", version, *(("--format", "legacy") if version == "1.5" else ()))
            except Refused:
                continue
            check_same(load(result, map_location="cpu"), load(path, map_location="cpu"), is_laid_out=False)


@case
def counts_are_told():
    tell_counts()


main()
