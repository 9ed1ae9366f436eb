# SPDX-License-Identifier: GPL-3.0-or-later
"""figures-test.py ROOT: `ckpt stats` gives the figures that PyTorch gives, for every fixture, in every form."""

import csv
import io
import json
import math
import os
import pty
import subprocess
import sys
import tempfile
import time

import numpy
import torch

ROOT = sys.argv[1]
FIXTURES = os.path.join(ROOT, 'tests/fixtures/torch-2.13')
EXPECTED = os.path.join(ROOT, 'tests/fixtures/expected')
COUNTS = ('count', 'nan', 'pos_inf', 'neg_inf', 'zero')
FIGURES = ('min', 'max', 'mean', 'std')


def ckpt(*words, status=0):
    run = subprocess.run(['ckpt', 'stats', *words], capture_output=True, text=True, check=False)
    assert run.returncode == status, f'{words}: {run.returncode}: {run.stderr}'
    return run.stdout


def values_of(*words):
    """Key list as JSON -> what is told of the tensor."""
    entry, = json.loads(ckpt('--json', *words))['files']
    return {json.dumps(value['keys']): value for value in entry['values']}


def figures_of(values):
    """What NumPy says of doubles."""
    finite = values[numpy.isfinite(values)].astype(numpy.longdouble)
    figures = {'count': values.size, 'nan': int(numpy.isnan(values).sum()), 'pos_inf': int(numpy.isposinf(values).sum()),
               'neg_inf': int(numpy.isneginf(values).sum()), 'zero': int((values == 0).sum())}
    if finite.size:
        figures.update(min=finite.min(), max=finite.max(), mean=finite.mean(), std=finite.std(), norm=numpy.sqrt((finite * finite).sum()))
    return figures


def compare(ours, theirs):
    """Counts are equal, figures within what the library promises; the numbers of the oracle are doubles themselves."""
    for field in COUNTS:
        assert ours[field] == theirs[field], f'{field}: {ours} {theirs}'
    if 'min' not in theirs:
        assert not set(ours) & {*FIGURES, 'norm'}, ours
        return
    scale = max(abs(float(theirs['min'])), abs(float(theirs['max'])))
    for field in ('min', 'max'):
        assert math.isclose(ours[field], float(theirs[field]), rel_tol=1e-15), f'{field}: {ours} {theirs}'
    for field in ('mean', 'std'):
        assert abs(ours[field] - float(theirs[field])) <= 1e-11 * scale + 5e-324, f'{field}: {ours} {theirs}'
    if 'norm' in theirs:
        assert math.isclose(ours['norm'], float(theirs['norm']), rel_tol=1e-9, abs_tol=5e-324), f'norm: {ours} {theirs}'


def as_doubles(tensor):
    tensor = tensor.detach()
    if tensor.is_quantized:
        tensor = tensor.dequantize()
    if tensor.dtype is torch.complex32:
        tensor = tensor.to(torch.complex64)
    if tensor.dtype.is_complex:
        return numpy.abs(tensor.resolve_conj().numpy().astype(numpy.complex128)).reshape(-1)
    return tensor.resolve_neg().to(torch.float64).numpy().reshape(-1)


def check_expected(name):
    """What PyTorch 2.13 saw."""
    with open(os.path.join(EXPECTED, name + '.json'), encoding='utf-8') as file:
        entries = {json.dumps(json.loads(path)): value for path, value in json.load(file)['entries'].items()}
    ours = values_of(os.path.join(FIXTURES, name))
    for path, theirs in entries.items():
        if theirs['kind'] == 'tensor' and 'stats' in theirs and 'state_dict()' not in path:
            assert path in ours and ours[path]['stats'] is not None, f'{path} is missing'
            compare(ours[path]['stats'], theirs['stats'])
            assert ours[path]['stats']['missing'] == 0


def made():
    """Types that the oracle has no figures of."""
    torch.manual_seed(11)
    x = torch.randn(300, 70)
    values = {str(dtype).split('.')[1]: x.to(dtype) for dtype in (
        torch.float64, torch.float16, torch.bfloat16, torch.float8_e4m3fn, torch.float8_e5m2, torch.float8_e4m3fnuz,
        torch.float8_e5m2fnuz, torch.complex64, torch.complex128)}
    values['complex32'] = torch.complex(x, x.flip(0)).to(torch.complex32)
    for dtype in (torch.bool, torch.uint8, torch.int8, torch.int16, torch.int32, torch.int64, torch.uint16, torch.uint32):
        values[str(dtype).split('.')[1]] = (x.abs() * 40).to(torch.int64).remainder(2 if dtype is torch.bool else 120).to(dtype)
    values['quint8'] = torch.quantize_per_tensor(x, .05, 100, torch.quint8)
    values['qint32'] = torch.quantize_per_tensor(x, .001, 0, torch.qint32)
    values['transposed'] = x.t()
    values['strided'] = x[::3, 1::2]
    values['expanded'] = x[:, :1].expand(300, 50)
    values['neg'] = torch._neg_view(x)
    values['offset'] = 1e6 + x.double()
    values['empty'] = torch.empty(0, 5)
    return values


def check_made(folder):
    file = os.path.join(folder, 'made.pt')
    values = made()
    torch.save(values, file)
    ours = values_of(file)
    for key, tensor in values.items():
        compare(ours[json.dumps([key])]['stats'], figures_of(as_doubles(tensor)))
    assert ours['["complex64"]']['stats']['magnitude'] is True


def check_percentiles(folder):
    """As NumPy's, within the error that is told; exact where it says so."""
    file = os.path.join(folder, 'made.pt')
    values = made()
    torch.save(values, file)
    ours = values_of('-p', file)
    for key, tensor in values.items():
        doubles = as_doubles(tensor)
        doubles = doubles[numpy.isfinite(doubles)]
        for told in ours[json.dumps([key])]['stats'].get('percentiles', []):
            true = numpy.percentile(doubles, told['percent'], method='inverted_cdf')
            assert abs(told['value'] - true) <= told['error'] + 1e-15 * abs(true), f'{key}: {told}, not {true}'
            assert told['error'] <= .01 * abs(true) + 1e-300, f'{key}: {told}'
    assert [told['percent'] for told in ours['["int8"]']['stats']['percentiles']] == [1, 25, 50, 75, 99]


def check_histograms(folder):
    """Counts are NumPy's, but for those that may be in the bin beside."""
    file = os.path.join(folder, 'made.pt')
    values = made()
    torch.save(values, file)
    ours = values_of('--bins=32', file)
    for key, tensor in values.items():
        doubles = as_doubles(tensor)
        doubles = doubles[numpy.isfinite(doubles)]
        if not doubles.size:
            continue
        told = ours[json.dumps([key])]['stats']['histogram']
        theirs = numpy.histogram(doubles, bins=len(told['counts']), range=(told['low'], told['high']))[0]
        off = numpy.abs(numpy.cumsum(told['counts']) - numpy.cumsum(theirs))
        assert off.max() <= told['uncertain'] and told['uncertain'] <= .2 * doubles.size, f'{key}: {told} {theirs}'
        assert len(told['counts']) == 32 or tensor.dtype in (torch.bool, torch.uint8, torch.int8, torch.int16, torch.int32, torch.int64,
                                                            torch.uint16, torch.uint32), key


def check_merge(folder):
    """Tied tensors count once, and so do two views of the same elements."""
    file = os.path.join(folder, 'merge.pt')
    torch.manual_seed(12)
    a, b, c = torch.randn(1000), torch.randn(50, 60).half(), torch.arange(3000)
    torch.save({'model': {'a': a, 'b': b, 'a again': a, 'a as well': a[:]}, 'other': {'c': c}, 'n': 3}, file)
    entry, = json.loads(ckpt('--json', '-mp', '--keys=.', '--keys=model', '--keys=other', '--keys=model/a', file))['files']
    ours = {value['path']: value for value in entry['values']}
    assert list(ours) == ['.', '["model"]', '["other"]', '["model"]["a"]'], ours
    parts = {'.': (a, b, c), '["model"]': (a, b), '["other"]': (c,), '["model"]["a"]': (a,)}
    for path, tensors in parts.items():
        doubles = numpy.concatenate([as_doubles(tensor) for tensor in tensors])
        compare(ours[path]['stats'], figures_of(doubles))
        for told in ours[path]['stats']['percentiles']:
            true = numpy.percentile(doubles, told['percent'], method='inverted_cdf')
            assert abs(told['value'] - true) <= told['error'] + 1e-15 * abs(true), f'{path}: {told}, not {true}'


def check_depth(_):
    """A glob that names a part matches its tensors, and each tensor is in one part."""
    for name in ('multi_item.pt', 'several_models.pt', 'training_run.ckpt', 'optim_adamw_named.pt', 'unicode_keys.pt', 'whole_model.pt'):
        file = os.path.join(FIXTURES, name)
        values = values_of(file).values()
        has_ties = any(value['tied_to'] for value in values)
        total = sum(value['stats']['count'] for value in values)
        for depth in range(1, 5):
            entry, = json.loads(ckpt('--json', '-d', str(depth), file))['files']
            assert has_ties or sum(value['stats']['count'] for value in entry['values']) == total, (name, depth)
            for value in entry['values']:
                if 'glob' not in value:
                    continue
                parts = [part['stats'] for part in values_of('-k', value['glob'], file).values()]
                assert len(parts) == value['tensors'], (name, value, len(parts))
                assert min(part['min'] for part in parts if 'min' in part) == value['stats']['min'], (name, value)


def check_csv(folder):
    """The same figures as JSON, to the last digit."""
    file = os.path.join(folder, 'made "=1".pt')
    torch.save(made(), file)
    ours = values_of('-p', file)
    rows = list(csv.DictReader(io.StringIO(ckpt('--csv', '-p', file))))
    assert len(rows) == len(ours)
    for row, value in zip(rows, ours.values()):
        assert row['file'] == file and row['path'] == value['path'] and row['dtype'] == value['dtype'], row
        assert json.loads(row['shape']) == value['shape'] and row['tensors'] == '1'
        for field in ('count', 'missing', 'nan', 'pos_inf', 'neg_inf', 'zero', 'min', 'max', 'mean', 'std', 'norm'):
            assert float(row[field] or 'nan') == value['stats'].get(field) or (not row[field] and field not in value['stats']), (field, row, value)
        for told in value['stats'].get('percentiles', []):
            assert float(row[f'p{told["percent"]}']) == told['value'], (told, row)


def check_spreadsheet(folder):
    """A name that a spreadsheet would compute has a quote before it."""
    subprocess.run(['cp', os.path.join(FIXTURES, 'bare_tensor.pt'), os.path.join(folder, '=cmd().pt')], check=True)
    run = subprocess.run(['ckpt', 'stats', '--csv', '=cmd().pt'], cwd=folder, capture_output=True, text=True, check=True)
    assert run.stdout.splitlines()[1].startswith('''"'=cmd().pt","."'''), run.stdout


def in_terminal(words, columns, lines=40):
    """What a terminal of this size is given."""
    master, slave = pty.openpty()
    import fcntl
    import struct
    import termios
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack('HHHH', lines, columns, 0, 0))
    process = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=slave, stderr=slave)
    os.close(slave)
    text = b''
    while True:
        try:
            piece = os.read(master, 65536)
        except OSError:
            break
        if not piece:
            break
        text += piece
    process.wait()
    os.close(master)
    return text.decode(), process.returncode


def check_terminal(_):
    """Columns are left out until the table fits."""
    file = os.path.join(FIXTURES, 'state_dict.pt')
    for columns, wanted in ((120, {'shape', 'dtype', 'zeros'}), (112, {'dtype', 'zeros'}), (95, {'zeros'}), (84, set())):
        text, _ = in_terminal(['ckpt', 'stats', file], columns)
        lines = text.replace('\r', '').splitlines()
        assert max(map(len, lines)) <= columns, f'{columns}: {lines[0]}'
        assert set(lines[0].split()) & {'shape', 'dtype', 'zeros'} == wanted, f'{columns}: {lines[0]}'
        assert {'path', 'min', 'max', 'mean', 'std', 'NaN', 'Inf'} <= set(lines[0].split()), lines[0]


def check_progress(folder):
    """Bytes, rate and time left, and nothing of that remains; none without a terminal."""
    file = os.path.join(folder, 'large.pt')
    torch.save({f'x{i}': torch.randn(1 << 20, dtype=torch.float64) for i in range(24)}, file)
    text, status = in_terminal(['ckpt', 'stats', '--threads=1', file], 200)
    shown = [part for part in text.split('\r\x1b[K') if '/s, ' in part]
    assert status == 0 and all(' s left' in part and ' of 201 MB' in part for part in shown), shown
    screen = [line.split('\r\x1b[K')[-1] for line in text.replace('\r\n', '\n').rstrip('\n').split('\n')]
    screen = [line for line in screen if line]
    assert len(screen) == 25 and not any('left' in line for line in screen), screen
    run = subprocess.run(['ckpt', 'stats', file], capture_output=True, text=True, check=True)
    assert not run.stderr, run.stderr
    return f'{len(shown)} lines of progress'


def check_interrupt(folder):
    """Ctrl+C ends it at once, and no line is half-written."""
    file, output = os.path.join(folder, 'many.pt'), os.path.join(folder, 'out.csv')
    one = torch.randn(1 << 16)
    torch.save({f'x{i}': one[i:] for i in range(4000)}, file)
    with open(output, 'w', encoding='utf-8') as out:
        process = subprocess.Popen(['ckpt', 'stats', '--csv', '--threads=1', file], stdout=out)
        while process.poll() is None and os.path.getsize(output) < 100000:
            time.sleep(.01)
        process.send_signal(2)
        start = time.monotonic()
        process.wait()
    assert time.monotonic() - start < 1
    with open(output, encoding='utf-8') as lines:
        text = lines.read()
    assert process.returncode == -2, f'it ended by itself: {process.returncode}'
    assert text.endswith('\n'), text[-200:]
    assert len(set(map(len, csv.reader(io.StringIO(text))))) == 1


def check_reader_gone(_):
    """A reader that has enough ends it, quietly."""
    file = os.path.join(FIXTURES, 'optim_adamw_groups.pt')
    run = subprocess.run(['bash', '-c', f'set -o pipefail; ckpt stats {file} | head -1'], capture_output=True, text=True, check=False)
    assert run.stdout.startswith('path') and not run.stderr, run.stderr


def checks():
    for name in sorted(os.listdir(FIXTURES)):
        if os.path.exists(os.path.join(EXPECTED, name + '.json')):
            yield 'expected ' + name, lambda folder, name=name: check_expected(name)
    for check in (check_made, check_percentiles, check_histograms, check_merge, check_depth, check_csv, check_spreadsheet, check_terminal, check_progress,
                  check_interrupt, check_reader_gone):
        yield check.__name__.removeprefix('check_'), check


def main():
    failed = 0
    every = list(checks())
    print(f'1..{len(every)}')
    for number, (what, check) in enumerate(every, 1):
        with tempfile.TemporaryDirectory() as folder:
            try:
                note = check(folder)
                print('ok', number, what + (f' ({note})' if note else ''), flush=True)
            except (AssertionError, KeyError, ValueError, subprocess.CalledProcessError) as error:
                failed += 1
                print('not ok', number, what)
                print('#   ' + f'{type(error).__name__}: {error}'[:2000].replace('\n', '\n#   '), flush=True)
    sys.exit(failed > 0)


main()
