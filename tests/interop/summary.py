# SPDX-License-Identifier: GPL-3.0-or-later
"""Totals of what PyTorch saved: tensors (PyTorch's own), values, bytes of storages, waste."""
import warnings

from harness import case, main, save, torch

warnings.filterwarnings("ignore")


def check(summary, **expected):
    for name, value in expected.items():
        assert summary[name] == value, f"{name}: {summary[name]}, not {value}"


def storages_of(tensors):
    """Bytes of the storages of plain tensors, each once."""
    return sum({t.untyped_storage().data_ptr(): t.untyped_storage().nbytes() for t in tensors}.values())


@case
def state_dict():
    model = torch.nn.Sequential(torch.nn.Linear(10, 20), torch.nn.BatchNorm1d(20), torch.nn.Linear(20, 5))
    tensors = list(model.state_dict().values())
    n_values = sum(t.numel() for t in tensors)
    for legacy in (False, True):
        summary = save(model.state_dict(), _use_new_zipfile_serialization=not legacy).summary()
        check(summary, total=(len(tensors), n_values, storages_of(tensors)), tied=0, wasted=0,
              by_device={"cpu": (len(tensors), n_values, storages_of(tensors))})
        assert summary["by_dtype"]["int64"] == (1, 1, 8)
        assert list(summary["by_dtype"]) == ["float32", "int64"]


@case
def training_checkpoint():
    model = torch.nn.Linear(30, 40)
    optimizer = torch.optim.Adam(model.parameters())
    model(torch.randn(2, 30)).sum().backward()
    optimizer.step()
    n = 30 * 40 + 40
    check(save({"model": model.state_dict(), "optimizer": optimizer.state_dict(), "epoch": 3}).summary(),
          total=(2 + 3 * 2, 3 * n + 2, 4 * (3 * n + 2)), tied=0, wasted=0)


@case
def tied_and_viewed():
    x = torch.randn(100)
    check(save({"a": x, "b": x, "c": x[:], "d": x.view(10, 10), "e": x[5:9]}).summary(), total=(5, 100, 400), tied=2, wasted=0)
    check(save({"head": x[:10], "tail": x[80:]}).summary(), total=(2, 30, 400), wasted=280)
    check(save({"every second": x[::2]}).summary(), total=(1, 50, 400), wasted=4)
    check(save({"expanded": x[:3].expand(1000, 3)}).summary(), total=(1, 3, 400), wasted=388)


@case
def whole_module():
    model = torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.Linear(4, 3))
    model[1].weight = torch.nn.Parameter(model[0].weight.detach().t())
    check(save(model).summary(), total=(4, 19, 4 * 19), wasted=0)


@case
def sparse():
    coo = torch.sparse_coo_tensor([[0, 1, 1], [2, 0, 2]], [3.0, 4, 5], (2, 3))
    check(save({"x": coo}).summary(), total=(1, 3, 3 * 4 + 6 * 8), wasted=0, by_dtype={"float32": (1, 3, 60)})
    csr = torch.eye(4).to_sparse_csr()
    check(save({"x": csr}).summary(), total=(1, 4, 4 * 4 + 5 * 8 + 4 * 8), by_dtype={"float32": (1, 4, 88)})


@case
def quantized():
    q = torch.quantize_per_channel(torch.randn(3, 4), torch.rand(3).double() + 1, torch.arange(3), 0, torch.qint8)
    check(save({"q": q}).summary(), total=(1, 12, 12 + 24 + 24), by_dtype={"qint8": (1, 12, 60)}, wasted=0)
    packed = torch.quantize_per_channel(torch.randn(3, 5), torch.rand(3) + 1, torch.rand(3), 0, torch.quint4x2)
    # PyTorch reserves whole bytes for each row, and does not use them.
    check(save({"q": packed}).summary(), total=(1, 15, 9 + 12 + 12), wasted=1)


@case
def nested():
    x = torch.nested.nested_tensor([torch.randn(2, 3), torch.randn(4, 3)])
    total = save({"x": x}).summary()["total"]
    assert total[:2] == (1, 18), total


@case
def without_data():
    check(save({"m": torch.empty(3, 4, device="meta")}).summary(), total=(1, 12, 0), by_device={"meta": (1, 12, 0)})
    check(save({"e": torch.empty(0, 4)}).summary(), total=(1, 0, 0))


@case
def bare_storages():
    storage = torch.randn(10).untyped_storage()
    check(save({"s": storage}).summary(), total=(0, 0, 40), wasted=0)


@case
def repeated_containers():
    x = torch.randn(5)
    inner = {"x": x}
    check(save({"first": inner, "again": inner, "and": x}).summary(), total=(2, 5, 20), tied=1)


@case
def writers_and_readers():
    release = tuple(int(part) for part in torch.__version__.split(".")[:2])
    writer = "PyTorch 2.7 or newer" if release >= (2, 7) else "PyTorch 2.1 to 2.6"
    check(save({"x": torch.zeros(1)}).summary(), writer=writer, readers="PyTorch 1.6 or newer")
    check(save({"x": torch.zeros(1).to(torch.float8_e5m2)}).summary(), readers="PyTorch 2.1 or newer")
    check(save({"x": torch.zeros(1, dtype=torch.complex64).conj()}).summary(), readers="PyTorch 2.0 or newer")
    check(save({"x": torch.zeros(1)}, pickle_protocol=4).summary(), readers="PyTorch 1.6 or newer, with weights_only=False")
    check(save({"x": torch.zeros(1)}, _use_new_zipfile_serialization=False).summary(),
          writer="PyTorch before 1.6, or with _use_new_zipfile_serialization=False", readers="PyTorch 0.4 or newer")


main()
