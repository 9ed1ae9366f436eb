# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests of edits share: running `ckpt`, and loading what it wrote in all the ways that PyTorch has."""
import atexit
import functools
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import warnings
import zipfile

from tap import skip_all

try:
    import torch
except ImportError as e:
    skip_all(f"{e.name} is not installed")

from same import check_same

FIXTURES = pathlib.Path(os.environ["FIXTURES"])
TORCH = FIXTURES / "torch-2.13"
CKPT = os.environ["CKPT"]
# Results are kept for a newer PyTorch, if somebody wants them: see later.py.
KEPT = os.environ.get("STATEROOM_KEEP_RESULTS")

sys.path.insert(0, str(FIXTURES))  # the classes of pickled modules
warnings.simplefilter("ignore")

folder = pathlib.Path(KEPT or tempfile.mkdtemp(prefix="stateroom-edit-"))
folder.mkdir(parents=True, exist_ok=True)
if not KEPT:
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
counts = {"results": 0, "loads": 0}


class Refused(Exception):
    """What `ckpt` says where it does not do what was asked for."""


def ckpt(*words):
    done = subprocess.run([CKPT, *map(str, words)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL)
    if done.returncode == 1 or done.returncode == 2:
        raise Refused(done.stderr.decode())
    assert done.returncode == 0, f"ckpt {words}: {done.returncode}: {done.stderr.decode()}"
    return done.stdout.decode()


@functools.cache
def fixtures():
    """The checkpoints that PyTorch loads here."""
    return [path for path in sorted(TORCH.iterdir()) if path.suffix in (".pt", ".ckpt") and can_load(path)]


def can_load(path):
    try:
        return not isinstance(load(path, map_location="cpu"), torch.jit.ScriptModule)
    except Exception:  # TorchScript, and what this PyTorch is too old for
        return False


def load(path, **options):
    return torch.load(path, **{"weights_only": False, **options})


def save(name, value, **options):
    """What PyTorch writes: a file to be edited."""
    path = folder / f"source-{name}.pt"
    torch.save(value, path, **options)
    return path


def result_path(source, words):
    counts["results"] += 1
    return folder / f"{counts['results']:04}-{pathlib.Path(source).name}"


def edit(source, *words):
    """The result of `ckpt edit`, whose container was looked at."""
    path = result_path(source, words)
    ckpt("edit", source, path, *words)
    check_container(path)
    return path


def export(source, *words):
    path = result_path(source, words)
    ckpt("export", source, path, *words)
    check_container(path)
    return path


def is_zip(path):
    with open(path, "rb") as f:
        return f.read(4) == b"PK\3\4"


def check_container(path):
    if not is_zip(path) or path.stem.endswith("crc_off"):  # its checksums are wrong before and, unedited, after
        return
    with zipfile.ZipFile(path) as z:
        assert z.testzip() is None, path
    done = subprocess.run(["unzip", "-tqq", path], stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    assert done.returncode == 0 and not done.stdout.strip(), (path, done.stdout)


def ways(path):
    """How a file can be loaded."""
    yield {}
    if is_zip(path):
        yield {"mmap": True}
    yield {"weights_only": True}
    if is_zip(path):
        yield {"weights_only": True, "mmap": True}


def refusal(path, **options):
    try:
        load(path, **options)
        return None
    except Exception as e:
        return str(e)


def check_loads(path, expected, is_safe=False, map_location=None, **options):
    """What PyTorch loads of a result, in each way, is what is expected. @is_safe: weights_only=True must take it, too."""
    for way in ways(path):
        problem = refusal(path, map_location=map_location, **way) if way.get("weights_only") else None
        if problem is not None:
            assert not is_safe, f"{path}: {problem}"
            continue
        counts["loads"] += 1
        check_same(load(path, map_location=map_location, **way), expected, **options)


def note_cpu_copy(result, source):
    """For later.py."""
    with open(folder / "cpu-copies", "a") as f:
        f.write(json.dumps([str(result), str(source.relative_to(FIXTURES))]) + "\n")


def tell_counts():
    print(f"# {counts['results']} results, {counts['loads']} loads")
