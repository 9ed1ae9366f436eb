# SPDX-License-Identifier: GPL-3.0-or-later
"""where-test.py ROOT: `ckpt ls --where` finds the tensors of every fixture that Python finds among what PyTorch saw in it."""

import fnmatch
import json
import math
import os
import subprocess
import sys

ROOT = sys.argv[1]
FIXTURES = os.path.join(ROOT, 'tests/fixtures/torch-2.13')
EXPECTED = os.path.join(ROOT, 'tests/fixtures/expected')


def is_float(dtype):
    return fnmatch.fnmatchcase(dtype, 'float*') or dtype == 'bfloat16'


def is_long(shape):
    return len(shape) == 4 and shape[0] == 6 and shape[2:] == [5, 5]


# What is asked, and the same in Python, of a dtype, a shape and a device as PyTorch saw them.
QUESTIONS = {
    'dtype:float32': lambda dtype, shape, device: dtype == 'float32',
    'dtype:float': lambda dtype, shape, device: is_float(dtype),
    '-dtype:int64,bool': lambda dtype, shape, device: dtype not in ('int64', 'bool'),
    'shape:6': lambda dtype, shape, device: shape == [6],
    'shape:6x*x5x5': lambda dtype, shape, device: is_long(shape),
    'shape:>9x...': lambda dtype, shape, device: len(shape) > 0 and shape[0] > 9,
    'shape:()': lambda dtype, shape, device: shape == [],
    'dims:2..4': lambda dtype, shape, device: 2 <= len(shape) <= 4,
    'device:cuda': lambda dtype, shape, device: device.split(':')[0] == 'cuda',
    'device:cuda:1': lambda dtype, shape, device: device == 'cuda:1',
    'values:>24': lambda dtype, shape, device: math.prod(shape) > 24,
    'dtype:float32 values:<=24 -device:cpu': lambda dtype, shape, device:
        dtype == 'float32' and math.prod(shape) <= 24 and device != 'cpu',
}


def read_expected(name):
    """The tensors that PyTorch saw in a file: path -> (dtype, shape, device)."""
    with open(os.path.join(EXPECTED, name + '.json'), encoding='utf-8') as file:
        entries = json.load(file)['entries']
    return {json.dumps(json.loads(path)): (entry['dtype'], entry['shape'], entry['device'])
            for path, entry in entries.items()
            if entry['kind'] == 'tensor' and 'state_dict()' not in path and 'device' in entry}


def find(question, names):
    """The paths that ckpt finds, by file."""
    run = subprocess.run(['ckpt', 'ls', '--all', '--json', '--where', question, *names], capture_output=True, check=True,
                         cwd=FIXTURES)
    return {entry['file']: {json.dumps(value['keys']) for value in entry['values']}
            for entry in json.loads(run.stdout)['files']}


def main():
    names = sorted(name for name in os.listdir(FIXTURES) if os.path.exists(os.path.join(EXPECTED, name + '.json')))
    expected = {name: read_expected(name) for name in names}
    failed = 0
    print(f'1..{len(QUESTIONS)}')
    for number, (question, is_meant) in enumerate(QUESTIONS.items(), 1):
        found = find(question, names)
        wanted = {name: {path for path, tensor in expected[name].items() if is_meant(*tensor)} for name in names}
        wrong = [name for name in names if found[name] & expected[name].keys() != wanted[name]]
        is_good = not wrong and any(wanted.values())
        failed += not is_good
        print('ok' if is_good else 'not ok', number, question)
        if not is_good:
            print('#   otherwise than Python, or never met:', ' '.join(wrong))
    sys.exit(failed > 0)


main()
