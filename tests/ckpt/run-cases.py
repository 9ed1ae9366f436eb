# SPDX-License-Identifier: GPL-3.0-or-later
"""run-cases.py [--update] FIXTURES CASE...: runs the commands in case files, and compares what they print.

What is indented by two spaces is run or compared; the rest says what it is about:

    A value that is not there.

      $ ckpt get state_dict.pt nothing
      2| state_dict.pt: * [no-such-path] (glob)
      [2]

`$ ` begins a command for bash, `> ` goes on with it. Lines of standard output follow as they are, those of standard error after `2| `,
and the exit status, if it is not 0, in brackets. Spaces at the end of a line do not count. `(glob)` at the end of a line lets `*` and `?` match. Commands run in a folder of their
own, one for a case file, that has a link to every fixture.
"""

import fnmatch
import os
import subprocess
import sys
import tempfile

FOLDER = os.path.dirname(os.path.abspath(__file__))
TIMEOUT = 60


class Step:
    """One command, with the lines that are expected of it."""

    def __init__(self, line, title, command):
        self.line = line
        self.title = title
        self.command = command
        self.expected = []


def parse(lines):
    """The steps of a case file, and for every line whether it is expected output. An empty line between two lines of output is output."""
    steps, is_output, title, n_empty = [], [], '', 0
    for number, line in enumerate(lines, 1):
        is_output.append(False)
        if line.startswith('  $ '):
            steps.append(Step(number, title, line[4:]))
        elif line.startswith('  > ') and steps and not steps[-1].expected:
            steps[-1].command += '\n' + line[4:]
        elif line.startswith('  '):
            steps[-1].expected += [''] * n_empty + [line[2:]]
            is_output[-1 - n_empty:] = [True] * (n_empty + 1)
        elif line:
            title = line
        n_empty = 0 if line else n_empty + 1
    return steps, is_output


def run(step, folder):
    """The lines that the command gives, in the form of the case file."""
    env = {'PATH': os.environ['PATH'], 'LC_ALL': 'C.UTF-8', 'HOME': '/nonexistent', 'CASES': FOLDER,
           'PYTHONDONTWRITEBYTECODE': '1', 'G_DEBUG': 'fatal-criticals'}
    env.update({name: value for name, value in os.environ.items() if name.endswith('SAN_OPTIONS')})
    try:
        result = subprocess.run(['bash', '-c', step.command], cwd=folder, env=env, stdin=subprocess.DEVNULL,
                                capture_output=True, timeout=TIMEOUT, check=False)
    except subprocess.TimeoutExpired:
        return ['did not end']
    lines = result.stdout.decode(errors='backslashreplace').splitlines()
    lines += ['2| ' + line for line in result.stderr.decode(errors='backslashreplace').splitlines()]
    lines = [line.rstrip() for line in lines]
    return lines + ([f'[{result.returncode}]'] if result.returncode else [])


def matches(expected, actual):
    if expected.endswith(' (glob)'):
        pattern = expected[:-len(' (glob)')].replace('[', '[[]')
        return fnmatch.fnmatchcase(actual, pattern)
    return expected == actual


def agree(expected, actual):
    """An empty last line cannot be seen in a case file."""
    while actual and not actual[-1]:
        actual = actual[:-1]
    return len(expected) == len(actual) and all(map(matches, expected, actual))


def link_fixtures(fixtures, folder):
    for name in os.listdir(fixtures):
        os.symlink(os.path.join(fixtures, name), os.path.join(folder, name))


def update(name, lines, is_output, outcomes):
    """Writes what the commands gave into the case file, where it does not match."""
    result = []
    for number, line in enumerate(lines, 1):
        if not is_output[number - 1]:
            result.append(line)
        for step, actual in outcomes:
            if step.line + step.command.count('\n') == number:
                same = agree(step.expected, actual)
                result += [('  ' + text).rstrip() for text in (step.expected if same else actual)]
    with open(name, 'w', encoding='utf-8') as file:
        file.write('\n'.join(result) + '\n')


def run_case(name, fixtures, wants_update):
    """Runs one case file, and returns the TAP lines of its commands."""
    with open(name, encoding='utf-8') as file:
        lines = file.read().splitlines()
    steps, is_output = parse(lines)
    outcomes = []
    with tempfile.TemporaryDirectory() as folder:
        link_fixtures(fixtures, folder)
        for step in steps:
            outcomes.append((step, run(step, folder)))
    if wants_update:
        update(name, lines, is_output, outcomes)
    report = []
    for step, actual in outcomes:
        good = agree(step.expected, actual)
        report.append((good, f'{os.path.basename(name)}:{step.line} {step.title}'.replace('#', '')))
        if not good:
            report += [(None, text) for text in ('$ ' + step.command, 'expected:', *step.expected, 'printed:', *actual)]
    return report


def main():
    words = [word for word in sys.argv[1:] if word != '--update']
    report = [line for name in words[1:] for line in run_case(name, os.path.abspath(words[0]), '--update' in sys.argv)]
    cases = [good for good, _ in report if good is not None]
    print(f'1..{len(cases)}')
    number = 0
    for good, text in report:
        number += good is not None
        print('#   ' + text.replace('\n', '\n#   ') if good is None else f'{"ok" if good else "not ok"} {number} {text}')
    sys.exit(not all(cases))


main()
