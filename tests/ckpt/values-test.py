# SPDX-License-Identifier: GPL-3.0-or-later
"""values-test.py ROOT: what `ckpt get` writes as JSON, .npy and .csv is what PyTorch reads from the same file."""

import csv
import json
import math
import os
import subprocess
import sys
import tempfile

import numpy
import torch

FIXTURES = os.path.join(sys.argv[1], 'tests/fixtures/torch-2.13')
FILES = ['bare_tensor.pt', 'big_endian.pt', 'dtypes.pt', 'dtypes.legacy.pt', 'histogram.pt', 'mixed_devices.pt', 'optim_sgd.pt',
         'parameter.pt', 'quantized.pt', 'special_values.pt', 'views.pt']
NUMPY_LACKS = {torch.bfloat16: 'float32', torch.float8_e4m3fn: 'float32', torch.float8_e5m2: 'float32',
               torch.float8_e4m3fnuz: 'float32', torch.float8_e5m2fnuz: 'float32', torch.complex32: 'complex64',
               torch.quint8: 'float32', torch.qint8: 'float32', torch.qint32: 'float32', torch.bits8: 'uint8'}


def tensors(value, path=''):
    """Path in text form and tensor, of all dense tensors in a value."""
    if isinstance(value, torch.Tensor):
        if value.layout is torch.strided and not value.is_meta and not value.is_nested:
            yield path or '.', value.detach()
    elif isinstance(value, dict):
        for key, inside in value.items():
            text = json.dumps(key, ensure_ascii=False) if isinstance(key, str) else repr(key)
            yield from tensors(inside, f'{path}[{text}]')
    elif isinstance(value, (list, tuple)):
        for index, inside in enumerate(value):
            yield from tensors(inside, f'{path}[{index}]')


def plain(tensor):
    """The tensor as NumPy and tolist() can take it."""
    if tensor.is_quantized:
        return tensor.dequantize()
    if tensor.dtype is torch.complex32:
        return tensor.to(torch.complex64)
    if tensor.dtype in NUMPY_LACKS:
        return tensor.to(torch.float32)
    return tensor.resolve_conj().resolve_neg()


def to_json(value):
    """Nested lists as ckpt writes them."""
    if isinstance(value, list):
        return [to_json(inside) for inside in value]
    if isinstance(value, complex):
        return [to_json(value.real), to_json(value.imag)]
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return value


def ckpt(*words):
    return subprocess.run(['ckpt', 'get', *words], capture_output=True, text=True, check=True)


def check_json(file, path, tensor, _):
    entry = json.loads(ckpt('--json', file, path).stdout)['files'][0]
    assert entry['value'] == to_json(plain(tensor).tolist()), 'the numbers differ'


def check_npy(file, path, tensor, folder):
    name = os.path.join(folder, 'x.npy')
    notes = ckpt('-o', name, file, path).stderr
    ours, theirs = numpy.load(name), plain(tensor).numpy()
    assert ours.dtype == theirs.dtype and ours.shape == theirs.shape, f'{ours.dtype} {ours.shape}'
    assert ours.tobytes() == theirs.tobytes() or numpy.array_equal(ours, theirs, equal_nan=True), 'the numbers differ'
    substitute = NUMPY_LACKS.get(tensor.dtype)
    assert (f'written as {substitute}' in notes) if substitute else not notes, f'notes: {notes}'


def read_field(text, kind):
    if kind == 'b':
        return {'True': True, 'False': False}[text]
    return {'c': complex, 'f': float}.get(kind, int)(text)


def check_csv(file, path, tensor, folder):
    name = os.path.join(folder, 'x.csv')
    ckpt('-o', name, file, path)
    theirs = plain(tensor).numpy()
    with open(name, newline='', encoding='utf-8') as lines:
        rows = list(csv.reader(lines))
    if theirs.ndim > 2:
        names = [f'dim{i}' for i in range(theirs.ndim - 1)] + [str(i) for i in range(theirs.shape[-1])]
        assert rows.pop(0) == names, 'the names of the columns differ'
        n_indices = theirs.ndim - 1
        indices = [tuple(map(int, row[:n_indices])) for row in rows]
        assert indices == list(numpy.ndindex(theirs.shape[:-1])) or not theirs.size, 'the indices differ'
        rows = [row[n_indices:] for row in rows]
    assert {len(row) for row in rows} <= {theirs.shape[-1] if theirs.ndim > 1 else 1}, 'the rows are of another length'
    ours = numpy.array([read_field(field, theirs.dtype.kind) for row in rows for field in row], theirs.dtype)
    assert numpy.array_equal(ours.reshape(theirs.shape), theirs, equal_nan=theirs.dtype.kind in 'fc'), 'the numbers differ'


def check_expanded(_, path, tensor, folder):
    """A few bytes that claim to be terabytes are printed by their edges, and not written out."""
    name, file = os.path.join(folder, 'x.npy'), os.path.join(folder, 'x.pt')
    torch.save(tensor, file)
    assert ckpt(file, path).stdout.startswith('tensor([[3., 3., 3.,'), 'the edges are missing'
    for words in (['--json'], ['-o', name]):
        run = subprocess.run(['ckpt', 'get', *words, file, path], capture_output=True, text=True, check=False)
        assert run.returncode == 2 and '[tensor-repeats]' in run.stderr, run.stderr


def cases():
    yield 'expanded', check_expanded, (None, '.', torch.full((1,), 3.).expand(1 << 20, 1 << 20))
    for name in FILES:
        file = os.path.join(FIXTURES, name)
        for path, tensor in tensors(torch.load(file, map_location='cpu', weights_only=False)):
            for form, check in (('json', check_json), ('npy', check_npy), ('csv', check_csv)):
                if form == 'json' or tensor.dtype is not torch.bits8:
                    yield f'{form} of {name} {path}'.replace('#', ''), check, (file, path, tensor)


def main():
    failed = 0
    every = list(cases())
    print(f'1..{len(every)}')
    with tempfile.TemporaryDirectory() as folder:
        for number, (what, check, words) in enumerate(every, 1):
            try:
                check(*words, folder)
                print('ok', number, what)
            except (AssertionError, KeyError, ValueError, subprocess.CalledProcessError) as error:
                failed += 1
                detail = getattr(error, 'stderr', None) or error
                print('not ok', number, what)
                print('#   ' + f'{type(error).__name__}: {detail}'[:2000].replace('\n', '\n#   '))
    sys.exit(failed > 0)


main()
