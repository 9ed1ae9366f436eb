# SPDX-License-Identifier: GPL-3.0-or-later
"""format.py ROOT: the .c files are laid out as .clang-format says; ./dev format does it."""

import subprocess

import tree


def main():
    findings = tree.Findings('format')
    names = tree.sources('.c')
    run = subprocess.run(['clang-format', '--dry-run', '--Werror', '--ferror-limit=1', *names],
                         cwd=tree.ROOT, capture_output=True, text=True, check=False)
    for line in run.stderr.splitlines():
        if 'error:' in line:
            findings.add(line.split(':')[0], f'line {line.split(":")[1]} is laid out otherwise: run ./dev format')
    if run.returncode and not findings.found:
        findings.add('clang-format', run.stderr)
    findings.end()


main()
