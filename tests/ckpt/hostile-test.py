# SPDX-License-Identifier: GPL-3.0-or-later
"""hostile-test.py ROOT FOLDER: shows every hostile input with the command.

Whatever is in a file: exit status 0 or 2, JSON that is JSON and has the error and the warnings of tests/hostile/expected.tsv, text without a
byte that a terminal would act on, and the same on standard error.
"""

import json
import os
import pathlib
import subprocess
import sys
import unicodedata

ROOT = pathlib.Path(sys.argv[1])
sys.path.insert(0, str(ROOT / 'tests/hostile'))
import hostile  # noqa: E402

# C08 and C09 hold millions of values, which take their time to be listed; C06 has 10,000 lists, each in the one before: all their paths
# come to half a gigabyte.
UNLISTED = {'C06', 'C08', 'C09'}
COMMANDS = (['info', '--json'], ['ls', '--json', '--all'], ['ls'], ['get'], ['stats', '-p'],
            ['stats', '--json', '--findings'])


def expectations():
    lines = (ROOT / 'tests/hostile/expected.tsv').read_text().splitlines()[1:]
    return {line.split('\t')[0]: line.split('\t')[1:] for line in lines}


def unsafe(output):
    """Why text must not go to a terminal, or None."""
    try:
        text = output.decode()
    except UnicodeDecodeError as error:
        return f'no UTF-8: {error}'
    odd = {character for character in text if character not in '\n\t' and unicodedata.category(character) in ('Cc', 'Cf', 'Cs', 'Zl', 'Zp')}
    return f'unescaped {sorted(map(ascii, odd))}' if odd else None


def check_json(output, expected, problems):
    try:
        entry, = json.loads(output.decode('ascii'))['files']
    except (ValueError, KeyError) as error:
        problems.append(f'no JSON: {error}')
        return
    refused, warned = expected[0] == 'REFUSE', expected[0] == 'WARN'
    if refused != ('error' in entry):
        problems.append('an error is missing' if refused else f'has an error: {entry["error"]}')
    elif refused and [str(entry['error'][key]) for key in ('code', 'offset')] != [expected[1], expected[2].replace('-', 'None')]:
        problems.append(f'another error: {entry["error"]}')
    elif not refused and warned != bool(entry['warnings']):
        problems.append(f'other warnings: {entry["warnings"]}')
    elif warned and set(expected[1].split(',')) != {warning['code'] for warning in entry['warnings']}:
        problems.append(f'other warnings: {entry["warnings"]}')


def check(path, row_id, expected):
    problems = []
    for command in COMMANDS:
        if row_id in UNLISTED and command[0] != 'info':
            continue
        words = ['ckpt', *command, path] + (['.'] if command[0] == 'get' else [])
        try:
            run = subprocess.run(words, capture_output=True, timeout=60, check=False)
        except subprocess.TimeoutExpired:
            problems.append(f'{" ".join(command)}: did not end')
            continue
        found = [f'ended with {run.returncode}: {run.stderr[-2000:]!r}'] if run.returncode not in (0, 2) else []
        found += [f'printed {why}' for why in (unsafe(run.stdout), unsafe(run.stderr)) if why]
        if (run.returncode == 2 or expected[0] != 'OPEN') != bool(run.stderr):
            found.append(f'said {run.stderr!r}')
        if expected[0] == 'REFUSE' and run.returncode != 2:
            found.append('was not refused')
        if '--json' in command and command[0] != 'get':
            check_json(run.stdout, expected, found)
        problems += [f'{" ".join(command)}: {problem}' for problem in found]
    return problems


def main():
    folder = pathlib.Path(sys.argv[2])
    rows, table = hostile.make_inputs(folder), expectations()
    failed = 0
    print(f'1..{len(rows)}')
    for number, row in enumerate(rows, 1):
        problems = check(os.path.join(folder, row[1]), row[0], table[row[0]])
        failed += bool(problems)
        print('not ok' if problems else 'ok', number, row[0])
        for problem in problems:
            print('#   ' + problem[:2000].replace('\n', '\n#   '))
    sys.exit(failed > 0)


main()
