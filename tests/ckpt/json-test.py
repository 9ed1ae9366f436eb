# SPDX-License-Identifier: GPL-3.0-or-later
"""json-test.py ROOT: `ckpt ... --json` writes what docs/json.md says, for every fixture, and agrees with what PyTorch saw in it."""

import json
import math
import os
import re
import subprocess
import sys

ROOT = sys.argv[1]
FIXTURES = os.path.join(ROOT, 'tests/fixtures/torch-2.13')
EXPECTED = os.path.join(ROOT, 'tests/fixtures/expected')
TYPES = {
    'string': lambda value: isinstance(value, str),
    'integer': lambda value: isinstance(value, int) and not isinstance(value, bool),
    'number': lambda value: isinstance(value, (int, float)) and not isinstance(value, bool),
    'boolean': lambda value: isinstance(value, bool),
    'array': lambda value: isinstance(value, list),
    'object': lambda value: isinstance(value, dict),
    'null': lambda value: value is None,
    'any': lambda value: True,
}
TENSOR_FIELDS = ('dtype', 'shape', 'requires_grad', 'layout', 'stride', 'storage_offset', 'storage_nbytes', 'device')


class Schema:
    """The tables of docs/json.md."""

    def __init__(self, text):
        self.tables = {}
        for part in re.split(r'^#+ ', text, flags=re.MULTILINE)[1:]:
            title = part.split('\n', 1)[0].replace('`', '')
            rows = re.findall(r'^\| `(\w+)` \| ([^|]+?) \|', part, re.MULTILINE)
            self.tables[title] = {name: (kinds.replace(', optional', '').split(' or '), 'optional' in kinds)
                                  for name, kinds in rows}

    def check(self, value, *titles):
        """Raises if an object does not have the fields of these tables."""
        fields = {name: rule for title in titles for name, rule in self.tables[title].items()}
        for name, (kinds, is_optional) in fields.items():
            if name not in value:
                assert is_optional, f'{name} of {titles} is missing in {value}'
            else:
                assert any(TYPES[kind](value[name]) for kind in kinds), f'{name} is no {kinds} in {value}'
        unknown = set(value) - set(fields)
        assert not unknown, f'{unknown} of {titles} is not documented: {value}'


SCHEMA = Schema(open(os.path.join(ROOT, 'docs/json.md'), encoding='utf-8').read())


def tables_of(value):
    """The tables of docs/json.md that a value follows."""
    kind = value['kind']
    if kind in ('tensor', 'object', 'storage'):
        return 'Value', f'Value: {kind}'
    if kind in ('list', 'tuple', 'dict', 'set', 'frozenset'):
        return 'Value', 'Value: list, tuple, dict, set, frozenset'
    return 'Value', 'Value: number or text'


def check_value(value):
    SCHEMA.check(value, *tables_of(value))


def check_entry(entry, *titles):
    SCHEMA.check(entry, 'Entry of a file', *titles)
    if 'error' in entry:
        SCHEMA.check(entry['error'], 'Error')
    for warning in entry.get('warnings', []):
        SCHEMA.check(warning, 'Error', 'Warning')


def ckpt(*words, status=0):
    """The entries of a JSON document that ckpt writes, after a look at its frame."""
    run = subprocess.run(['ckpt', *words, '--json'], capture_output=True, check=False, cwd=FIXTURES)
    assert run.returncode == status, f'{words}: {run.returncode}: {run.stderr.decode()}'
    document = json.loads(run.stdout.decode('ascii'))
    assert list(document) == ['schema', 'files'] and document['schema'] == f'ckpt.{words[0]}.1', document
    return document['files']


def check_info(name):
    entry, = ckpt('info', name)
    check_entry(entry, 'ckpt info')
    SCHEMA.check(entry['total'], 'Total')
    for total in entry['by_dtype'] + entry['by_device']:
        SCHEMA.check(total, 'Total')
    for module in entry['modules']:
        SCHEMA.check(module, 'Module')
    for value in entry['scalars']:
        check_value(value)
    for waste in entry['wasted']:
        SCHEMA.check(waste, 'Waste')
        for piece in waste['shown'] + waste['views']:
            SCHEMA.check(piece, 'Byte range')
    assert sum(waste['wasted_bytes'] for waste in entry['wasted']) == entry['total']['wasted_bytes']
    assert sum(total['tensors'] for total in entry['by_dtype']) == entry['total']['tensors']


def check_ls(name):
    for options in ([], ['--all'], ['--tensors']):
        entry, = ckpt('ls', *options, name)
        check_entry(entry, 'ckpt ls')
        for value in entry['values']:
            check_value(value)
        paths = [value['path'] for value in entry['values']]
        assert len(set(paths)) == len(paths), 'a path is listed twice'


def check_get(name):
    """The whole file, and every value that is in it."""
    entry, = ckpt('get', name, '.')
    for value in entry.get('items', []):
        check_value(value)
    fields = {field: value for field, value in entry.items() if field not in ('file', 'items', 'warnings')}
    check_value(fields)
    check_entry({field: value for field, value in entry.items() if field not in fields}, 'ckpt get')


STATS_FIELDS = {'stats', 'tensors', 'error', 'reason'}


def check_statistics(stats):
    SCHEMA.check(stats, 'Statistics')
    for percentile in stats.get('percentiles', []):
        SCHEMA.check(percentile, 'Percentile')
    if 'histogram' in stats:
        SCHEMA.check(stats['histogram'], 'Histogram')
        n_finite = stats['count'] - stats['nan'] - stats['pos_inf'] - stats['neg_inf']
        assert sum(stats['histogram']['counts']) == n_finite, 'values are lost'


def check_stats(name):
    for options in ([], ['--percentiles', '--bins=20'], ['--merge', '--percentiles', '--bins=20'],
                    ['--depth=2', '--percentiles', '--bins=20']):
        entry, = ckpt('stats', *options, name)
        check_entry(entry, 'ckpt stats')
        for value in entry['values']:
            fields = {field: value[field] for field in value if field not in STATS_FIELDS}
            if 'glob' in fields:
                SCHEMA.check(fields, 'Part of a value')
            else:
                check_value(fields)
            SCHEMA.check({field: value[field] for field in value if field in STATS_FIELDS}, 'Statistics of a value')
            assert (value['stats'] is None) == ('reason' in value), value
            if value['stats'] is not None:
                check_statistics(value['stats'])
                has_finite = 'min' in value['stats']
                assert (has_finite and '--percentiles' in options) == ('percentiles' in value['stats']), value
                assert (has_finite and '--bins=20' in options) == ('histogram' in value['stats']), value


def check_findings(name):
    """Only the file of special values has anything wrong."""
    entry, = ckpt('stats', '--findings', name, status=1 if name.startswith('special_values') else 0)
    check_entry(entry, 'ckpt stats')
    for finding in entry['findings']:
        SCHEMA.check(finding, 'Finding')
        assert finding['grade'] == 'problem', finding


def check_result(name):
    """What would be written; some kinds of files are not."""
    for words in (['edit', name, '--device', '*=cpu'], ['edit', name, '--format', 'safetensors', '--leave-out'], ['export', '--cpu', name], ['export', '--share', name]):
        run = subprocess.run(['ckpt', *words, '--dry-run', '--json'], capture_output=True, check=False, cwd=FIXTURES)
        document = json.loads(run.stdout.decode('ascii'))
        assert document['schema'] == f'ckpt.{words[0]}.1', document
        entry, = document['files']
        assert run.returncode == (2 if 'error' in entry else 0), words
        check_entry(entry, 'ckpt edit', *(['ckpt export'] if words[0] == 'export' else []))
        for edit in entry.get('edits', []):
            SCHEMA.check(edit, 'Edit')
            assert (edit['count'] == 0) == (edit['title'] is None), edit
            for change in edit['changes']:
                SCHEMA.check(change, 'Change')
        if 'error' in entry:
            assert entry['error']['code'], entry
        else:
            assert entry['written'] is False and not os.path.exists(os.path.join(FIXTURES, entry['output'])), entry


def same(ours, theirs):
    if isinstance(theirs, float) and isinstance(ours, (int, float)):
        return math.isclose(ours, theirs, rel_tol=0, abs_tol=0)
    return ours == theirs


def compare(ours, theirs):
    """Raises if a value of ours is not what PyTorch saw."""
    kind = theirs['kind']
    if kind == 'tensor':
        for field in TENSOR_FIELDS:
            assert (field not in theirs) or ours.get(field) == theirs[field], f'{field}: {ours} {theirs}'
        assert ours['class'].split('.')[-1] == theirs['class'], f'{ours} {theirs}'
    elif kind == 'object':
        assert ours['kind'] not in ('tensor', 'int', 'float', 'str', 'bool', 'NoneType'), f'{ours} {theirs}'
        if ours['kind'] == 'object':
            assert ours['class'] == theirs['class'], f'{ours} {theirs}'
    elif kind != 'module':
        assert ours['kind'] == kind and same(ours['value'], theirs['value']), f'{ours} {theirs}'


def check_oracle(name):
    with open(os.path.join(EXPECTED, name + '.json'), encoding='utf-8') as file:
        expected = {json.dumps(json.loads(path)): value for path, value in json.load(file)['entries'].items()}
    entry, = ckpt('ls', '--all', name)
    ours = {json.dumps(value['keys']): value for value in entry['values']}
    for path, theirs in expected.items():
        if 'state_dict()' in path:
            continue
        assert path in ours, f'{path} is missing'
        compare(ours[path], theirs)


def checks():
    for name in sorted(os.listdir(FIXTURES)):
        if os.path.isfile(os.path.join(FIXTURES, name)):
            yield 'info ' + name, check_info, name
            yield 'ls ' + name, check_ls, name
            yield 'get ' + name, check_get, name
            yield 'stats ' + name, check_stats, name
            yield 'findings ' + name, check_findings, name
            yield 'result ' + name, check_result, name
            if os.path.exists(os.path.join(EXPECTED, name + '.json')):
                yield 'oracle ' + name, check_oracle, name


def main():
    failed = 0
    every = list(checks())
    print(f'1..{len(every)}')
    for number, (what, function, name) in enumerate(every, 1):
        try:
            function(name)
            print('ok', number, what)
        except (AssertionError, KeyError, ValueError) as error:
            failed += 1
            print('not ok', number, what)
            print('#   ' + f'{type(error).__name__}: {error}'[:2000].replace('\n', '\n#   '))
    sys.exit(failed > 0)


main()
