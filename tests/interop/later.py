# SPDX-License-Identifier: GPL-3.0-or-later
"""What a PyTorch of 2.7 or later makes of the results of edit.py and export.py.

    ./dev test interop --python PATH    runs this with that Python, which need not be the system's
"""
import json
import os
import pathlib
import sys
import warnings

from tap import case, main, skip_all

RESULTS = os.environ.get("STATEROOM_KEEP_RESULTS")
if not RESULTS:
    skip_all("no newer PyTorch was named: ./dev test interop --python PATH")

import torch  # noqa: E402

try:
    from torch.utils.serialization import config
except ImportError:
    skip_all(f"PyTorch {torch.__version__} cannot calculate where storages are")

from same import check_same  # noqa: E402

FIXTURES = pathlib.Path(os.environ["FIXTURES"])
sys.path.insert(0, str(FIXTURES))
warnings.simplefilter("ignore")


def results(pattern):
    return sorted(pathlib.Path(RESULTS).glob(pattern))


def is_zip(path):
    with open(path, "rb") as f:
        return f.read(4) == b"PK\3\4"


def load(path, **options):
    return torch.load(path, **{"map_location": "cpu", "weights_only": False, **options})


@case
def storages_are_where_pytorch_calculates_them():
    """Which it asserts for every hundredth storage, and which shows in all."""
    n = 0
    for path in results("[0-9]*.pt") + results("[0-9]*.ckpt"):
        if not is_zip(path):
            continue
        expected = load(path)
        config.load.calculate_storage_offsets = True
        try:
            check_same(load(path), expected)
            check_same(load(path, mmap=True), expected)
        finally:
            config.load.calculate_storage_offsets = False
        n += 1
    print(f"# {n} zips")
    assert n > 100, n


@case
def copies_on_the_cpu_are_what_map_location_gives():
    n = 0
    for line in (pathlib.Path(RESULTS) / "cpu-copies").read_text().splitlines():
        result, source = json.loads(line)
        try:
            expected = load(FIXTURES / source)
        except Exception:  # TorchScript, exported programs, XLA
            continue
        check_same(torch.load(result, weights_only=False), expected)
        n += 1
    print(f"# {n} copies")
    assert n > 50, n


main()
