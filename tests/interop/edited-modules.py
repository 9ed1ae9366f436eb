# SPDX-License-Identifier: GPL-3.0-or-later
"""Edited and saved: what PyTorch loads then is what it makes of the same values itself."""
import collections
import copy
import datetime
import enum
import os
import pathlib
import types
import warnings

from edited import edit, save_tree
from harness import _folder, case, main, np, save, torch
from torch import nn

import models

warnings.filterwarnings("ignore")


def loads(path, weights_only=True):
    """What PyTorch loads, in each way that it can."""
    results = [torch.load(path, weights_only=weights_only, mmap=mmap) for mmap in (False, True)]
    results.append(torch.load(path, weights_only=False))
    return results


def edited(value, *lines, weights_only=True, **options):
    return loads(save_tree(edit(save(value, **options), *lines)), weights_only)


def same(ours, theirs, what=""):
    """Equal in every value, and of the same types."""
    assert type(ours) is type(theirs), f"{what}: {type(ours)}, not {type(theirs)}"
    if isinstance(theirs, torch.Tensor):
        assert ours.dtype == theirs.dtype and ours.shape == theirs.shape and ours.stride() == theirs.stride(), what
        assert ours.requires_grad == theirs.requires_grad, what
        assert torch.equal(ours, theirs), what
    elif isinstance(theirs, dict):
        assert list(ours) == list(theirs), f"{what}: {list(ours)}, not {list(theirs)}"
        for key in theirs:
            same(ours[key], theirs[key], f"{what}[{key!r}]")
    elif isinstance(theirs, (list, tuple)):
        assert len(ours) == len(theirs), what
        for i, (one, other) in enumerate(zip(ours, theirs)):
            same(one, other, f"{what}[{i}]")
    else:
        assert ours == theirs, f"{what}: {ours}, not {theirs}"


def same_state_dict(ours, theirs):
    same(ours, theirs)
    same(ours._metadata, theirs._metadata, "_metadata")


def compiled(module):
    return torch.compile(module, backend="eager")


def make(n=0):
    torch.manual_seed(n)
    return nn.Sequential(collections.OrderedDict(conv=nn.Conv1d(2, 3, 3), norm=nn.BatchNorm1d(3), out=nn.Linear(3, 2)))


WRAPPERS = {
    "parallel": nn.DataParallel, "averaged": torch.optim.swa_utils.AveragedModel, "compiled": compiled,
    "both": lambda model: nn.DataParallel(compiled(model)), "twice": lambda model: nn.DataParallel(nn.DataParallel(model)),
    "compiled parallel": lambda model: compiled(nn.DataParallel(model)),
}


@case
def unwrap():
    model = make()
    for name, wrap in WRAPPERS.items():
        for legacy in (False, True):
            for result in edited(wrap(model).state_dict(), "unwrap", _use_new_zipfile_serialization=not legacy) if not legacy else [
                    torch.load(save_tree(edit(save(wrap(model).state_dict(), _use_new_zipfile_serialization=False), "unwrap")), weights_only=True)]:
                same_state_dict(result, model.state_dict())
    wrapped = make()
    wrapped.norm = compiled(wrapped.norm)
    for result in edited({"model": wrapped.state_dict(), "epoch": 3}, "unwrap"):
        same_state_dict(result["model"], model.state_dict())


@case
def unwrap_as_pytorch_strips():
    theirs = nn.DataParallel(make()).state_dict()
    torch.nn.modules.utils.consume_prefix_in_state_dict_if_present(theirs, "module.")
    for ours in edited(nn.DataParallel(make()).state_dict(), "unwrap module."):
        same_state_dict(ours, theirs)


@case
def unwrap_follows_in_optimizer():
    if "param_names" not in torch.optim.SGD(make().named_parameters()).state_dict()["param_groups"][0]:
        return
    model = make()
    wrapped = nn.DataParallel(model)
    value = {"model": wrapped.state_dict(), "optimizer": torch.optim.SGD(wrapped.named_parameters(), lr=.1).state_dict()}
    for result in edited(value, "unwrap"):
        same(result["optimizer"], torch.optim.SGD(model.named_parameters(), lr=.1).state_dict())


@case
def prefix():
    model = make()
    for result in edited(model.state_dict(), "prefix module"):
        same_state_dict(result, nn.DataParallel(model).state_dict())


@case
def unwrap_object():
    model = make().eval()
    for wrap in (nn.DataParallel, compiled, WRAPPERS["both"], WRAPPERS["compiled parallel"]):
        for result in edited({"net": wrap(model)}, "unwrap-object", weights_only=False):
            assert type(result["net"]) is nn.Sequential
            same_state_dict(result["net"].state_dict(), model.state_dict())


class Head(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(3, 2)

    def forward(self, x):
        return self.fc(x)


@case
def forward_on_cpu():
    """A module that was saved on a GPU, with two of them, does not load here; our copy runs."""
    parallel = nn.DataParallel(Head())
    parallel.device_ids, parallel.output_device, parallel.dim, parallel.src_device_obj = [0, 1], 0, 0, torch.device("cuda", 0)
    claimed = {value.untyped_storage().data_ptr() for value in parallel.state_dict().values()}
    torch.serialization.register_package(-100, lambda storage: "cuda:0" if storage.data_ptr() in claimed else None,
                                         lambda storage, tag: None)
    tree = save(parallel, "gpu.pt")
    claimed.clear()
    if not torch.cuda.is_available():
        try:
            torch.load(os.path.join(_folder, "gpu.pt"), weights_only=False)
            raise AssertionError("it loads")
        except RuntimeError as error:
            assert "CUDA" in str(error)
    for result in loads(save_tree(edit(tree, "device '*=cpu'", "unwrap-object")), weights_only=False):
        x = torch.randn(4, 3)
        assert torch.equal(result(x), parallel.module(x))


@case
def state_dict():
    for name, make_model in models.fresh().items():
        if name in ("observed", "gan"):
            continue
        model = make_model()
        wanted = model.state_dict()
        for result in edited({"model": model, "step": 1}, "state-dict"):
            ours = result["model"]
            same(ours, wanted, name)
            for path, entry in wanted._metadata.items():
                assert ours._metadata.get(path, entry) == entry, f"{name} {path}"
            assert set(ours._metadata) <= set(wanted._metadata)
            make_model().load_state_dict(ours)


@case
def state_dict_is_exact_for_classes_of_torch():
    for model in (make(), nn.DataParallel(make()), nn.Transformer(8, 2, 1, 1, 16), nn.LSTM(2, 3), compiled(make())):
        for result in edited(model, "state-dict"):
            same_state_dict(result, model.state_dict())


@case
def mode():
    model = nn.Sequential(make(), nn.Dropout())
    for line, wanted in (("eval", False), ("train", True)):
        for result in edited(model, "eval" if wanted else "train", line, weights_only=False):
            assert all(module.training is wanted for module in result.modules())


class Mode(enum.Enum):
    ON = "on"


Point = collections.namedtuple("Point", "x y")


class Table(dict):
    pass


class Fancy(torch.Tensor):
    pass


PLAIN = {
    "int": (np.int64(-3), -3), "uint": (np.uint8(200), 200), "float": (np.float32(.5), .5), "half": (np.float16(.25), .25),
    "double": (np.float64(.1), .1), "bool": (np.bool_(True), True), "complex": (np.complex64(1 + 2j), 1 + 2j), "text": (np.str_("añ"), "añ"),
    "array": (np.arange(6, dtype=np.float32).reshape(2, 3), [[0., 1., 2.], [3., 4., 5.]]), "big-endian": (np.arange(3, dtype=">i4"), [0, 1, 2]),
    "fortran": (np.asfortranarray(np.arange(24).reshape(2, 3, 4)), np.arange(24).reshape(2, 3, 4).tolist()),
    "objects": (np.array([None, "a"], dtype=object), [None, "a"]), "strings": (np.array(["ab", "c"]), ["ab", "c"]),
    "zero-dim": (np.array(7), 7), "no rows": (np.zeros((0, 3)), []), "path": (pathlib.PurePosixPath("/a/b"), "/a/b"),
    "relative": (pathlib.PurePosixPath("a/b"), "a/b"), "when": (datetime.datetime(2026, 1, 2, 3, 4, 5, 6), "2026-01-02T03:04:05.000006"),
    "date": (datetime.date(2026, 1, 2), "2026-01-02"), "time": (datetime.time(1, 2, 3), "01:02:03.000000"), "range": (range(5, 0, -2), [5, 3, 1]),
    "slice": (slice(1, 2), (1, 2, None)), "frozen": (frozenset({1}), {1}), "deque": (collections.deque([1, 2]), [1, 2]),
    "default": (collections.defaultdict(list, a=[1]), {"a": [1]}), "enum": (Mode.ON, "on"), "point": (Point(1, 2), (1, 2)),
    "table": (Table(a=1), {"a": 1}), "namespace": (types.SimpleNamespace(lr=.1, nested=types.SimpleNamespace(a=np.int64(1))), {"lr": .1, "nested": {"a": 1}}),
    "empty": (b"", b""), "function": (os.path.join, "posixpath.join"), "class": (int, "builtins.int"),
    "kept": ({"set": {1}, "counter": collections.Counter("aab"), "ordered": collections.OrderedDict(a=1), "dtype": torch.float16, "device": torch.device("cpu")},) * 2,
    "key": ({np.int64(3): "three", Mode.ON: 1}, {3: "three", "on": 1}),
}


@case
def weights_only():
    value = {name: pair[0] for name, pair in PLAIN.items()}
    wanted = {name: pair[1] for name, pair in PLAIN.items()}
    for ours in edited(value, "weights-only"):
        same(ours, wanted)
    for name, (before, after) in PLAIN.items():
        same(edited([before], "weights-only")[0], [after], name)


@case
def weights_only_tensors():
    torch.manual_seed(1)
    fancy = torch.randn(3).as_subclass(Fancy)
    parameter = nn.Parameter(torch.randn(2))
    parameter.tag = types.SimpleNamespace(a=1)
    model = make()
    value = {"fancy": fancy, "parameter": parameter, "model": model, "tied": [fancy, fancy], "lost": os.environ}
    for ours in edited({key: value[key] for key in ("fancy", "parameter", "model", "tied")}, "weights-only"):
        same(ours["fancy"], fancy.as_subclass(torch.Tensor))
        assert ours["tied"][0] is ours["fancy"]
        same(ours["parameter"].detach(), parameter.detach())
        same(ours["parameter"].tag, {"a": 1})
        same_state_dict(ours["model"], model.state_dict())


@case
def reads_in():
    parameter = nn.Parameter(torch.randn(3))
    parameter.tag = 1
    tensor = torch.randn(4)
    tensor.tag = 2
    value = {"parameter": parameter, "tagged": tensor, "neg": torch._neg_view(torch.randn(5)), "conj": torch.randn(3, 2, dtype=torch.complex64).t().conj(),
             "coo": torch.eye(3).to_sparse(), "scalar": np.float32(2)}
    for release in ("1.6", "1.5"):
        for ours in edited(value, f"reads-in {release}", weights_only=False):
            assert not hasattr(ours["parameter"], "tag") and type(ours["parameter"]) is nn.Parameter
            for key in ("parameter", "tagged"):
                same(ours[key].detach(), value[key].detach())
            for key in ("neg", "conj")[:2 if release == "1.6" else 1]:  # complex numbers came with 1.6
                assert torch.equal(ours[key], value[key]) and not ours[key].is_conj() and not ours[key].is_neg()
            assert torch.equal(ours["coo"].to_dense(), value["coo"].to_dense())
            assert ours["scalar"] == 2


@case
def parts():
    model = make()
    optimizer = torch.optim.Adam(model.parameters())
    sum(parameter.sum() for parameter in model.parameters()).backward()
    optimizer.step()
    value = {"model": model.state_dict(), "ema": copy.deepcopy(model).half().state_dict(), "optimizer": optimizer.state_dict(), "epoch": 3}
    for ours in edited(value, "remove-optimizer"):
        same(ours, {key: value[key] for key in ("model", "ema", "epoch")})
    for ours in edited(value, "keep-ema"):
        same(ours, {key: value[key] for key in ("ema", "epoch")})


main()
