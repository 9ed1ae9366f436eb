# SPDX-License-Identifier: GPL-3.0-or-later
"""Counts test cases for the closing line of ./dev test.

count-tests.py LOG...     prints "N passed, N failed[, N skipped]" for meson's JSON logs, and exits 1 on a failure
count-tests.py --suites   prints the suites in what `meson introspect --tests` printed

A test that speaks TAP counts as many as it has cases; any other test counts as one. A test that meson
judged bad, yet none of whose cases failed (it crashed, or stopped early), counts one failure more.
"""

import json
import re
import sys

CASE = re.compile(r'^(not )?ok\b[^#]*(#\s*(SKIP|TO[D]O))?', re.IGNORECASE)
PLAN = re.compile(r'^1\.\.\d+', re.MULTILINE)
GOOD = {'OK', 'EXPECTEDFAIL'}


def tap_cases(output):
    """Counts of passed, failed and skipped cases in TAP."""
    passed = failed = skipped = 0
    for line in output.splitlines():
        match = CASE.match(line)
        if not match:
            continue
        directive = (match[3] or '').upper()
        if directive == 'SKIP':
            skipped += 1
        elif match[1] and not directive:  # the other directive marks what is known to fail
            failed += 1
        else:
            passed += 1
    return passed, failed, skipped


def count(test):
    """Counts of passed, failed and skipped cases of one entry of meson's log."""
    result = test['result']
    output = test.get('stdout') or ''
    cases = tap_cases(output) if PLAN.search(output) else (0, 0, 0)
    if not any(cases):
        return int(result in GOOD), int(result not in GOOD | {'SKIP'}), int(result == 'SKIP')
    passed, failed, skipped = cases
    if result not in GOOD | {'SKIP'} and not failed:
        failed = 1
    return passed, failed, skipped


def print_suites():
    tests = json.load(sys.stdin)
    print('\n'.join(sorted({suite.split(':')[-1] for test in tests for suite in test['suite']})))


def print_counts(logs):
    totals = [0, 0, 0]
    for log in logs:
        with open(log, encoding='utf-8') as lines:
            for line in lines:
                totals = [a + b for a, b in zip(totals, count(json.loads(line)))]
    if not sum(totals):
        sys.exit('no test ran')
    passed, failed, skipped = totals
    print(f'{passed} passed, {failed} failed' + (f', {skipped} skipped' if skipped else ''))
    sys.exit(failed > 0)


if sys.argv[1:] == ['--suites']:
    print_suites()
else:
    print_counts(sys.argv[1:])
