# SPDX-License-Identifier: GPL-3.0-or-later
"""export-test.py ROOT: what `ckpt export` writes loads in PyTorch without a map_location, and is what PyTorch makes of the original."""

import os
import subprocess
import sys
import tempfile
import warnings

try:
    import torch
except ImportError:
    print('1..0 # SKIP torch is not installed')
    sys.exit(0)

ROOT = sys.argv[1]
FIXTURES = os.path.join(ROOT, 'tests/fixtures/torch-2.13')
sys.path.insert(0, os.path.join(ROOT, 'tests/fixtures'))
warnings.simplefilter('ignore')
WRAPPERS = (torch.nn.DataParallel, torch.nn.parallel.DistributedDataParallel)
NOT_WRITTEN = ('.pt2', 'torchscript.pt')


class Difference(Exception):
    pass


def need(condition, where, what):
    if not condition:
        raise Difference(f'{where or "."}: {what}')


def bits(tensor):
    """The elements, to be compared to the last bit."""
    if tensor.is_quantized:
        return tensor.int_repr(), tensor.qscheme()
    return tensor.detach().contiguous().reshape(-1).view(torch.uint8).tolist() if tensor.numel() else []


def compare_tensors(ours, theirs, where):
    for what in ('dtype', 'shape', 'layout', 'requires_grad', 'device', 'is_quantized'):
        need(getattr(ours, what) == getattr(theirs, what), where, f'{what}: {getattr(ours, what)}, not {getattr(theirs, what)}')
    need(type(ours) is type(theirs), where, f'{type(ours)}, not {type(theirs)}')
    if theirs.is_meta:
        return
    if theirs.layout is not torch.strided:
        need(repr(ours) == repr(theirs), where, 'values differ')
        return
    need(ours.stride() == theirs.stride() and ours.storage_offset() == theirs.storage_offset(), where, 'another view')
    need(ours.untyped_storage().nbytes() == theirs.untyped_storage().nbytes(), where, 'another storage')
    if theirs.dtype in (torch.complex32,):
        return
    need(repr(bits(ours)) == repr(bits(theirs)), where, 'values differ')


def compare(ours, theirs, where='', seen=None):
    """Raises where two values differ, or where what is one object in one of them is two in the other."""
    seen = {} if seen is None else seen
    if id(theirs) in seen:
        need(seen[id(theirs)] == id(ours) or not isinstance(theirs, (list, dict, torch.Tensor)), where, 'is another object')
        return
    seen[id(theirs)] = id(ours)
    if isinstance(theirs, torch.Tensor):
        compare_tensors(ours, theirs, where)
        return
    need(type(ours) is type(theirs), where, f'{type(ours)}, not {type(theirs)}')
    if isinstance(theirs, dict):
        need(list(map(repr, ours)) == list(map(repr, theirs)), where, 'other keys')
        for mine, key in zip(ours, theirs):
            compare(ours[mine], theirs[key], f'{where}[{key!r}]', seen)
    elif isinstance(theirs, (list, tuple)):
        need(len(ours) == len(theirs), where, 'another length')
        for i, (mine, value) in enumerate(zip(ours, theirs)):
            compare(mine, value, f'{where}[{i}]', seen)
    elif not isinstance(theirs, (type, torch.nn.Module)) and not hasattr(theirs, '__dict__'):
        need(repr(ours) == repr(theirs), where, f'{ours!r}, not {theirs!r}')
    if hasattr(theirs, '__dict__') and not isinstance(theirs, type) and not callable(theirs) or isinstance(theirs, torch.nn.Module):
        compare(vars(ours), vars(theirs), where + '.', seen)


def export(name, folder, *words):
    """Runs the command; the path of the result."""
    path = os.path.join(folder, '-'.join((name, *words)).replace('/', '_'))
    subprocess.run(['ckpt', 'export', os.path.join(FIXTURES, name), path, *words], check=True, capture_output=True, text=True)
    return path


def load(path, **words):
    return torch.load(path, **{'weights_only': False, **words})


def load_original(name):
    value = load(os.path.join(FIXTURES, name), map_location='cpu')
    return value.module if isinstance(value, WRAPPERS) else value


def check_cpu(name, folder):
    """The content is what map_location='cpu' gives, whatever the container."""
    original = load_original(name)
    for words in ([], ['--format', 'legacy'], ['--format', 'zip'], ['--reads-in', '1.6'], ['--reads-in', '1.5']):
        compare(load(export(name, folder, '--cpu', *words)), original)
    compare(load(export(name, folder, '--cpu', '--format', 'zip', '-f'), mmap=True), original)


def check_share(name, folder):
    """It loads with weights_only, and all of it is on the CPU."""
    path = export(name, folder, '--share')
    value = load(path, weights_only=True)
    compare(load(path, weights_only=True, mmap=True), value)


def loads(name):
    if not os.path.isfile(os.path.join(FIXTURES, name)) or name.endswith(NOT_WRITTEN):
        return False
    try:
        load_original(name)
    except Exception:  # whatever this version of PyTorch cannot load is no matter
        return False
    return True


def main():
    names = [name for name in sorted(os.listdir(FIXTURES)) if loads(name)]
    cases = [(check, name) for name in names for check in (check_cpu, check_share)]
    failed = 0
    print(f'1..{len(cases)}')
    with tempfile.TemporaryDirectory() as folder:
        for number, (check, name) in enumerate(cases, 1):
            what = f'{check.__name__[6:]} {name}'
            try:
                check(name, folder)
                print('ok', number, what, flush=True)
            except Exception as error:  # a test that cannot go on has failed
                failed += 1
                print('not ok', number, what, flush=True)
                text = f'{type(error).__name__}: {error} {getattr(error, "stderr", "")}'
                print('#   ' + text[:2000].replace('\n', '\n#   '), flush=True)
    sys.exit(failed > 0)


main()
