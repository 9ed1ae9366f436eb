# SPDX-License-Identifier: GPL-3.0-or-later
"""Findings: nothing is said about models that were just made, and what is planted into them is found."""
import copy
import ctypes
import warnings

from harness import Tree, case, function, lib, main, np, save, torch

import models

warnings.filterwarnings("ignore")

_pointer = ctypes.c_void_p


class CkptFinding(ctypes.Structure):
    _fields_ = [("grade", ctypes.c_int), ("kind", ctypes.c_char_p), ("tensor", ctypes.c_uint32), ("node", ctypes.c_uint32),
                ("path", ctypes.c_char_p), ("count", ctypes.c_uint64), ("text", ctypes.c_char_p)]


class GPtrArray(ctypes.Structure):
    _fields_ = [("data", ctypes.POINTER(ctypes.POINTER(CkptFinding))), ("len", ctypes.c_uint)]


glib = ctypes.CDLL("libglib-2.0.so.0")
glib.g_ptr_array_unref.argtypes = [_pointer]
lib.ckpt_survey_new.restype = _pointer
lib.ckpt_survey_new.argtypes = [_pointer, ctypes.c_uint]
lib.ckpt_survey_unref.argtypes = [_pointer]
lib.ckpt_tree_get_root.restype = ctypes.c_uint32
lib.ckpt_tree_get_root.argtypes = [_pointer]
lib.ckpt_path_get_node.restype = ctypes.c_uint32
_findings = function("ckpt_findings_new", _pointer, _pointer, ctypes.c_uint32, _pointer, _pointer, _pointer)
_resolve = function("ckpt_path_resolve", _pointer, _pointer, ctypes.c_char_p)


def find(tree, below="."):
    """(kind, path, count, text) of each finding."""
    path = _resolve(tree.tree, below.encode())
    node = lib.ckpt_path_get_node(path, tree.tree)
    lib.ckpt_path_free(path)
    survey = lib.ckpt_survey_new(tree.tree, 2)
    pointer = _findings(survey, node, None, None, None)
    array = GPtrArray.from_address(pointer)
    found = [array.data[i].contents for i in range(array.len)]
    result = [(f.kind.decode(), f.path.decode(), f.count, f.text.decode()) for f in found]
    assert [f.grade for f in found] == [0 if f.kind in (b"nan", b"inf") else 1 for f in found]
    glib.g_ptr_array_unref(pointer)
    lib.ckpt_survey_unref(survey)
    return result


def check(value, *expected, below=".", name="test.pt"):
    """The kinds and paths of the findings, and counts where they are given."""
    found = find(save(value, name), below)
    short = [f[:len(e)] for f, e in zip(found, expected)]
    assert len(found) == len(expected) and short == list(expected), f"found {found}"


def train(model, inputs, n_steps, make_optimizer):
    optimizer = make_optimizer(model.parameters())
    for _ in range(n_steps):
        optimizer.zero_grad()
        output = model(inputs)
        (output.float() - 1).square().mean().backward()
        optimizer.step()
    return {"model": model.state_dict(), "optimizer": optimizer.state_dict(), "epoch": 3}


@case
def fresh_models():
    """As a state dict, whole, and in half precision."""
    failed = []
    for name, make in models.fresh().items():
        torch.manual_seed(7)
        model = make()
        state = model.state_dict()
        values = {"state": state, "wrapped": {"ema": {"module." + key: value for key, value in state.items()}},
                  "half": {key: value.half() if value.is_floating_point() else value for key, value in state.items()}}
        if not any("parametrizations" in key for key in state):
            values["whole"] = model
        for what, value in values.items():
            failed += [(name, what, *finding) for finding in find(save(value))]
    assert not failed, "\n".join(map(str, failed))


@case
def trained_models():
    """With the state of an optimizer, after no step, one, and many."""
    failed = []
    images, tokens = torch.randn(2, 3, 32, 32), torch.randint(1, 300, (2, 12))
    for name, model, inputs in (("resnet18", models.ResNet18(True), images), ("gpt2", models.GPT2(), tokens), ("bert", models.BERT(), tokens),
                                ("vit", models.ViT(), images)):
        for make, n_steps in ((torch.optim.AdamW, 0), (torch.optim.AdamW, 1), (torch.optim.AdamW, 12),
                              (lambda p: torch.optim.SGD(p, .01, momentum=.9), 2), (lambda p: torch.optim.Adagrad(p, .01), 2)):
            value = train(copy.deepcopy(model), inputs, n_steps, make)
            failed += [(name, n_steps, *finding) for finding in find(save(value))]
    assert not failed, "\n".join(map(str, failed))


@case
def nan_and_inf():
    state = models.ResNet18().state_dict()
    state["layer2.0.conv1.weight"][3, 4, 0, 0] = float("nan")
    state["layer3.1.bn1.running_var"][:2] = float("inf")
    state["fc.weight"][0, :5] = float("-inf")
    state["fc.weight"][1, 5] = float("nan")
    check(state, ("nan", '["layer2.0.conv1.weight"]', 1), ("nan", '["fc.weight"]', 1), ("inf", '["layer3.1.bn1.running_var"]', 2),
          ("inf", '["fc.weight"]', 5))
    check({"a": {"w": torch.tensor([1., float("nan")])}, "b": {"w": torch.ones(2)}}, below='["b"]')
    check({"a": {"w": torch.tensor([1., float("nan")])}, "b": {"w": torch.ones(2)}}, ("nan", '["a"]["w"]'), below='["a"]')
    check({"x": torch.complex(torch.tensor([1., float("nan")]), torch.ones(2)).to(torch.complex64)}, ("nan", '["x"]'))
    check({"x": torch.tensor([1., float("inf")]).to(torch.float8_e5m2)}, ("inf", '["x"]', 1))


@case
def nan_in_a_moment():
    checkpoint = train(models.GPT2(2), torch.randint(0, 300, (2, 8)), 2, torch.optim.AdamW)
    checkpoint["optimizer"]["state"][3]["exp_avg_sq"][0] = float("nan")
    check(checkpoint, ("nan", '["optimizer"]["state"][3]["exp_avg_sq"]', 1))


@case
def masks():
    minus = float("-inf")
    upper = torch.full((9, 9), minus).triu(1)
    check({"attn.mask": upper, "attn.bias": upper[None, None], "causal": upper, "x.min_val": torch.tensor(float("inf")),
           "best_loss": torch.tensor(float("inf"))})
    check({"attn.bias": upper + torch.eye(9), "weight": upper + torch.eye(9), "fc.bias": torch.tensor([0., minus])},
          ("inf", '["attn.bias"]'), ("inf", '["weight"]'), ("inf", '["fc.bias"]'))
    check({"attn.mask": -upper}, ("inf", '["attn.mask"]'))


@case
def zeros():
    state = models.GPT2().state_dict()
    state["transformer.h.3.mlp.c_fc.weight"].zero_()
    state["transformer.h.2.ln_1.weight"].zero_()
    check(state, ("all-zero", '["transformer.h.2.ln_1.weight"]', 64), ("all-zero", '["transformer.h.3.mlp.c_fc.weight"]', 64 * 256))
    check({"fc1.weight": torch.zeros(8, 8), "fc1.bias": torch.zeros(8), "fc2.weight": torch.randn(1, 8)}, ("all-zero", '["fc1.weight"]'))
    check({"fc2.weight": torch.zeros(1, 8, dtype=torch.bfloat16)}, ("all-zero", '["fc2.weight"]'))
    check({"q": torch.quantize_per_tensor(torch.zeros(4, 4), .1, 3, torch.qint8)}, ("all-zero", '["q"]', 16))
    check({"zero_shot.fc.weight": torch.zeros(4, 4), "zero_convs.0.weight": torch.zeros(4, 4, 1, 1)}, ("all-zero", '["zero_shot.fc.weight"]'))
    emptied = {key: torch.zeros_like(value) for key, value in models.ResNet18().state_dict().items()}
    found = find(save(emptied))
    assert {f[0] for f in found} == {"all-zero"} and len(found) == sum(v.dim() > 1 for v in emptied.values()), found


@case
def no_gradient():
    checkpoint = train(models.GPT2(2), torch.randint(0, 300, (2, 8)), 12, torch.optim.AdamW)
    checkpoint["optimizer"]["state"][4]["exp_avg_sq"].zero_()
    checkpoint["optimizer"]["state"][4]["exp_avg"].zero_()
    check(checkpoint, ("all-zero", '["optimizer"]["state"][4]["exp_avg_sq"]'))
    assert "after 12 steps" in find(save(checkpoint))[0][3]


@case
def constants():
    check({"fc1.weight": torch.full((8, 8), .5), "fc1.bias": torch.zeros(8), "norm.weight": torch.ones(4, 4)}, ("constant", '["fc1.weight"]', 64))
    check({"plane.weight": torch.ones(4, 4), "plane.bias": torch.zeros(4, 4), "fc.weight": torch.ones(4, 4), "fc.bias": torch.zeros(4)},
          ("constant", '["fc.weight"]'))
    assert find(save({"fc.weight": torch.full((4, 4), .1)}))[0][3] == "All 16 values are 0.1."


@case
def dead():
    state = models.ResNet18().state_dict()
    state["layer1.0.conv1.weight"][[5, 9]] = 0
    state["layer1.0.conv2.weight"][:, 7] = 0
    state["fc.weight"][2] = 0
    state["fc.weight"][:, 100] = 0
    check(state, ("dead-rows", '["layer1.0.conv1.weight"]', 2), ("dead-rows", '["fc.weight"]', 1), ("dead-columns", '["layer1.0.conv2.weight"]', 1),
          ("dead-columns", '["fc.weight"]', 1))
    texts = [finding[3] for finding in find(save(state))]
    assert texts[0] == "2 of 16 rows (dimension 0) are all zeros, the first at index 5." and "index 100" in texts[3], texts
    scattered = torch.randn(64, 64).abs() + 1
    scattered[torch.eye(64).bool()] = 0
    check({"fc.weight": scattered})


@case
def dead_against_numpy():
    """Counts and first indices, in every layout."""
    rng = np.random.default_rng(5)
    for shape in ((40, 30), (6, 5, 3, 3), (7, 1, 5, 5), (700, 50), (3, 30000)):
        for _ in range(4):
            x = rng.normal(size=shape)
            x[rng.random(shape[0]) < .3] = 0
            x[:, rng.random(shape[1]) < .2] = 0
            for tensor in (torch.from_numpy(x).float(), torch.from_numpy(x).half().transpose(0, 1).contiguous().transpose(0, 1)):
                rows = np.flatnonzero((x.reshape(shape[0], -1) == 0).all(1))
                columns = np.flatnonzero((np.moveaxis(x, 1, 0).reshape(shape[1], -1) == 0).all(1))
                found = {f[0]: f for f in find(save({"fc.weight": tensor, "fc.bias": torch.ones(shape[0])}))}
                if (x == 0).all():
                    assert list(found) == ["all-zero"]
                    continue
                for kind, dead_ones, size in (("dead-rows", rows, shape[0]), ("dead-columns", columns, shape[1])):
                    if not len(dead_ones) or size == 1 or x.size // size < 4:
                        assert kind not in found, (shape, found)
                        continue
                    assert found[kind][2] == len(dead_ones) and f"index {dead_ones[0]:,}." in found[kind][3], (found, dead_ones)


@case
def padding():
    table = torch.randn(50, 8)
    table[0] = 0
    check({"emb.weight": table, "lookup.weight": table.clone()})
    table[[7, 30]] = 0
    check({"emb.weight": table}, ("dead-rows", '["emb.weight"]', 3))
    end = torch.randn(64, 8)
    end[50:] = 0
    check({"wte.weight": end})
    check({"fc.weight": end}, ("dead-rows", '["fc.weight"]', 14))


@case
def scales():
    state = models.GPT2(8).state_dict()
    state["transformer.h.5.mlp.c_fc.weight"] *= 100
    state["transformer.h.1.attn.c_proj.weight"] /= 50
    check(state, ("odd-scale", '["transformer.h.1.attn.c_proj.weight"]'), ("odd-scale", '["transformer.h.5.mlp.c_fc.weight"]'))
    texts = [finding[3] for finding in find(save(state))]
    assert "smaller than in 7 other layers, transformer.h.*.attn.c_proj.weight" in texts[0] and "times as large" in texts[1], texts
    check({f"layers.{i}.weight": torch.randn(8, 8) * (100 if i == 2 else 1) for i in range(3)})
    check({f"layers.{i}.weight": torch.randn(8, 8) * 3 ** i for i in range(9)})


@case
def types():
    state = {key: value.bfloat16().float() if value.is_floating_point() else value for key, value in models.ResNet18().state_dict().items()}
    n = sum(value.dim() > 1 for value in state.values())
    check(state, ("fits-bfloat16", '["conv1.weight"]', n))
    assert find(save(state))[0][3].startswith(f"{n} of {n} float32 tensors hold only values that bfloat16"), find(save(state))
    state["conv1.weight"] = torch.randn_like(state["conv1.weight"])
    state["fc.weight"] = torch.randn_like(state["fc.weight"]).half().float()
    check(state, ("fits-bfloat16", '["layer1.0.conv1.weight"]', n - 2), ("fits-float16", '["fc.weight"]', 1))
    check({"a.weight": torch.randint(0, 10, (100, 100)).float(), "b.weight": torch.randn(4, 4).bfloat16().float(), "c.weight": torch.randn(99, 99).double()})


@case
def places():
    """Tied tensors are told once, at the first place; parts of a tensor have no notes of their own."""
    zero = torch.zeros(9, 9)
    check({"a": {"w": zero}, "b": {"w": zero, "v": zero[:]}}, ("all-zero", '["a"]["w"]'))
    check({"a": {"w": zero}, "b": {"w": zero, "v": zero[:]}}, ("all-zero", '["b"]["w"]'), below='["b"]')
    sparse = torch.sparse_coo_tensor([[0, 1], [1, 0]], torch.tensor([0., 0.]), (5, 5))
    check({"x": sparse})
    check({"x": torch.sparse_coo_tensor([[0, 1], [1, 0]], torch.tensor([0., float("nan")]), (5, 5))}, ("nan", '["x"].args[1][1]'))
    check({"x": torch.empty(0, 4), "m": torch.empty(4, 4, device="meta"), "i": torch.zeros(9, 9, dtype=torch.long), "b": torch.zeros(9, 9, dtype=torch.bool)})


main()
