# SPDX-License-Identifier: GPL-3.0-or-later
"""binaries.py FILE...: what was built is hardened, exports only what is meant, and does without GTK where it must.

The app may link GTK; every other file may not. The command does without what draws, which takes longer to load than most of its work.
"""

import os
import re
import subprocess
import sys

APP = 'stateroom'
COMMAND = 'ckpt'
GTK = re.compile(r'lib(gtk|gdk|adwaita|X11|wayland)')
DRAWING = re.compile(r'lib(cairo|pango)')


def output(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def problems(path):
    name = os.path.basename(path)
    header = output('readelf', '--wide', '--file-header', '--program-headers', '--dynamic', path)
    symbols = output('nm', '--dynamic', path)
    if 'DYN (' not in header:
        yield 'is at a fixed address'
    if 'GNU_RELRO' not in header or not re.search(r'\(FLAGS(_1)?\).*NOW', header):
        yield 'leaves its tables of addresses writable'
    if re.search(r'GNU_STACK.* RWE', header):
        yield 'has an executable stack'
    if '__stack_chk_fail' not in symbols:
        yield 'has no stack protector'
    if '.so' in name:
        if not re.search(r'__\w+_chk\b', symbols.replace('__stack_chk_fail', '')):
            yield 'is built without _FORTIFY_SOURCE'
        for symbol in re.findall(r'^[0-9a-f]+ [TDBRVW] (\S+)$', symbols, re.MULTILINE):
            if not symbol.startswith('ckpt_'):
                yield f'exports {symbol}'
    if name != APP:
        for library in re.findall(r'\(NEEDED\).*\[(.*)\]', header):
            if GTK.match(library) or (name == COMMAND and DRAWING.match(library)):
                yield f'links {library}'


found = [f'{path}: {problem}' for path in sys.argv[1:] for problem in problems(path)]
print('\n'.join(found))
sys.exit(bool(found))
