# SPDX-License-Identifier: GPL-3.0-or-later
"""headers.py ROOT BUILD COMPILER...: each header compiles alone, so it includes what it needs.

The large headers of GLib and GTK are compiled once, and given to those of ours that include them, at whatever remove.
"""

import concurrent.futures
import functools
import os
import re
import subprocess
import sys
import tempfile

import tree

PACKAGES = ['gtk4', 'libadwaita-1', 'libzip', 'zlib', 'libdeflate', 'yyjson', 'gio-unix-2.0', 'pangocairo']
FOLDERS = ['src/libckpt', 'src/libckptplot', 'src/stateroom', 'src/ckpt', 'tests', 'tests/libckpt']
LARGE = ['adwaita.h', 'gtk/gtk.h', 'gio/gio.h']  # each includes the next
INCLUDE = re.compile(r'^#include [<"]([^>"]+)[>"]', re.MULTILINE)


@functools.cache
def included(name):
    """What a header of the tree includes, at whatever remove."""
    found = set()
    for word in INCLUDE.findall(tree.read(name)):
        found.add(word)
        for folder in (os.path.dirname(name), *FOLDERS):
            path = os.path.normpath(os.path.join(folder, word))
            if os.path.exists(os.path.join(tree.ROOT, path)):
                found |= included(path)
                break
    return found


def compile_large(folder, number):
    """Compiles one of the large headers; the compiler takes NAME.gch where NAME is included first."""
    name = os.path.join(folder, f'{number}.h')
    with open(name, 'w', encoding='utf-8') as file:
        file.write(f'#include <{LARGE[number]}>\n')
    subprocess.run([*sys.argv[3:], *FLAGS, '-x', 'c-header', name, '-o', name + '.gch'], check=True)


def compile_alone(name, folder):
    """What the compiler says about the header, or nothing."""
    large = next((number for number, large in enumerate(LARGE) if large in included(name)), None)
    first = [] if large is None else ['-include', os.path.join(folder, f'{large}.h')]
    run = subprocess.run([*sys.argv[3:], *FLAGS, '-fsyntax-only', '-x', 'c', *first,
                          '-include', os.path.join(tree.ROOT, name), '-'],
                         stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    return run.stderr if run.returncode else ''


def main():
    findings = tree.Findings('headers')
    headers = tree.sources('.h')
    needed = {large for name in headers for large in LARGE if large in included(name)}
    with tempfile.TemporaryDirectory() as folder, concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(lambda number: compile_large(folder, number), (LARGE.index(large) for large in needed)))
        for name, output in zip(headers, pool.map(lambda name: compile_alone(name, folder), headers)):
            if output:
                findings.add(name, 'does not compile alone\n' + output)
    findings.end()


FLAGS = subprocess.run(['pkg-config', '--cflags', *PACKAGES], check=True, capture_output=True, text=True).stdout.split()
FLAGS += [f'-I{os.path.join(base, folder)}' for base in (tree.ROOT, sys.argv[2]) for folder in FOLDERS]
FLAGS += ['-std=gnu17', '-D_GNU_SOURCE', '-Wall', '-Werror', '-fmax-errors=3', '-Winvalid-pch']
main()
