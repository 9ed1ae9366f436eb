# SPDX-License-Identifier: GPL-3.0-or-later
"""dev-test.py ROOT: the parts of ./dev that decide something: the count of tests, and the mirror of the root."""

import json
import os
import subprocess
import sys
import tempfile

PARTS = os.path.join(sys.argv[1], 'build-aux/dev.d')

# What meson logs of a test (result, output), and the closing line.
COUNTS = {
    'a test without cases': ([('OK', '')], '1 passed, 0 failed'),
    'a failed test without cases': ([('OK', ''), ('FAIL', 'ok')], '1 passed, 1 failed'),
    'a skipped test': ([('SKIP', '')], '0 passed, 0 failed, 1 skipped'),
    'cases': ([('OK', '1..3\nok 1 a\nok 2 b # SKIP no\nok 3 c\n'), ('OK', '')], '3 passed, 0 failed, 1 skipped'),
    'a failed case': ([('FAIL', '1..2\nnot ok 1 a\nok 2 b\n')], '1 passed, 1 failed'),
    'a case known to fail': ([('OK', '1..1\nnot ok 1 a # TO' + 'DO later\n')], '1 passed, 0 failed'),
    'a crash after good cases': ([('ERROR', '1..3\nok 1 a\nok 2 b\n')], '2 passed, 1 failed'),
    'a time-out': ([('TIMEOUT', '')], '0 passed, 1 failed'),
    'a plan that skips all': ([('SKIP', '1..0 # SKIP no display\n')], '0 passed, 0 failed, 1 skipped'),
    'GLib, with a subtest': ([('OK', 'TAP version 14\n# random seed: x\n1..1\n# Start of a tests\nok 1 /a/b\n    ok 1 - sub\n')],
                             '1 passed, 0 failed'),
    'no test': ([], ''),
}

STANZA = 'Types: deb\nURIs: {}\nSuites: {}\nComponents: main contrib\n\n'
MIRRORS = {
    'one line': ('deb http:first bookworm main\n', 'http:first'),
    'one line with options': ('# deb http:no bookworm main\ndeb [arch=amd64 signed-by=/x] http:first bookworm contrib main\n', 'http:first'),
    'another suite': ('deb http:no bookworm-security main\ndeb-src http:no bookworm main\n', ''),
    'fields': (STANZA.format('http:no', 'bookworm-security') + STANZA.format('http:first', 'bookworm bookworm-updates'), 'http:first'),
    'sources only': (STANZA.format('http:no', 'bookworm').replace('deb\n', 'deb-src\n'), ''),
    'nothing': ('', ''),
}


def closing_line(tests):
    with tempfile.NamedTemporaryFile('w', suffix='.json') as log:
        for result, output in tests:
            log.write(json.dumps({'result': result, 'stdout': output}) + '\n')
        log.flush()
        run = subprocess.run([sys.executable, os.path.join(PARTS, 'count-tests.py'), log.name],
                             capture_output=True, text=True, check=False)
    line = run.stdout.strip()
    if (run.returncode == 0) != (' 0 failed' in line):
        line += f' but exit {run.returncode}'
    return line


def mirror(sources):
    return subprocess.run(['awk', '-v', 'suite=bookworm', '-f', os.path.join(PARTS, 'mirror.awk')], input=sources,
                          capture_output=True, text=True, check=True).stdout.strip()


def main():
    cases = [(name, closing_line(tests), expected) for name, (tests, expected) in COUNTS.items()]
    cases += [('mirror: ' + name, mirror(sources), expected) for name, (sources, expected) in MIRRORS.items()]
    print(f'1..{len(cases)}')
    for number, (name, found, expected) in enumerate(cases, 1):
        print('ok' if found == expected else 'not ok', number, name)
        if found != expected:
            print(f'# found {found!r}, expected {expected!r}')
    sys.exit(any(found != expected for _, found, expected in cases))


main()
