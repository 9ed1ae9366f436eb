# SPDX-License-Identifier: GPL-3.0-or-later
"""Test cases in TAP, for tests that are written in Python."""
import sys
import traceback

_cases = []


def skip_all(reason):
    print(f"1..0 # SKIP {reason}")
    sys.exit(0)


def case(func):
    """Marks a function as a test case; it fails by raising."""
    _cases.append(func)
    return func


def main():
    print(f"1..{len(_cases)}")
    failed = False
    for number, func in enumerate(_cases, 1):
        name = func.__name__.replace("_", "-")
        try:
            func()
            print(f"ok {number} {name}", flush=True)
        except Exception:
            failed = True
            print(f"not ok {number} {name}", flush=True)
            print("\n".join("# " + line for line in traceback.format_exc().splitlines()), flush=True)
    sys.exit(failed)
