# SPDX-License-Identifier: GPL-3.0-or-later
"""headers.py ROOT BUILD COMPILER...: each header compiles alone, so it includes what it needs."""

import concurrent.futures
import os
import subprocess
import sys

import tree

PACKAGES = ['gtk4', 'libadwaita-1', 'libzip', 'zlib', 'libdeflate', 'yyjson', 'gio-unix-2.0', 'pangocairo']
FOLDERS = ['src/libckpt', 'src/libckptplot', 'src/stateroom', 'src/ckpt', 'tests']


def compile_alone(name):
    """What the compiler says about the header, or nothing."""
    run = subprocess.run([*sys.argv[3:], *FLAGS, '-fsyntax-only', '-x', 'c', '-include', os.path.join(tree.ROOT, name), '-'],
                         stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    return run.stderr if run.returncode else ''


def main():
    findings = tree.Findings('headers')
    headers = tree.sources('.h')
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for name, output in zip(headers, pool.map(compile_alone, headers)):
            if output:
                findings.add(name, 'does not compile alone\n' + output)
    findings.end()


FLAGS = subprocess.run(['pkg-config', '--cflags', *PACKAGES], check=True, capture_output=True, text=True).stdout.split()
FLAGS += [f'-I{os.path.join(base, folder)}' for base in (tree.ROOT, sys.argv[2]) for folder in FOLDERS]
FLAGS += ['-std=gnu17', '-D_GNU_SOURCE', '-Wall', '-Werror', '-fmax-errors=3']
main()
