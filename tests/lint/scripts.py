# SPDX-License-Identifier: GPL-3.0-or-later
"""scripts.py ROOT: shell scripts parse, and those that are run are executable."""

import os
import subprocess

import tree


def main():
    findings = tree.Findings('scripts')
    for name in tree.scripts():
        path = os.path.join(tree.ROOT, name)
        run = subprocess.run(['bash', '-n', path], capture_output=True, text=True, check=False)
        if run.returncode:
            findings.add(name, run.stderr)
    for name in tree.files():
        is_program = tree.first_line(name).startswith('#!')
        if is_program and not os.access(os.path.join(tree.ROOT, name), os.X_OK):
            findings.add(name, 'starts with #! and is not executable')
    findings.end()


main()
