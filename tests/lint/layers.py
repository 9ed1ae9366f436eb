# SPDX-License-Identifier: GPL-3.0-or-later
"""layers.py ROOT: each part includes only what stands above it in docs/architecture.md."""

import os
import re

import tree

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.MULTILINE)

# Inside the library: a folder may include those of its own level and of lower ones.
LEVELS = {'io': 0, 'pickle': 1, 'model': 1, 'formats': 2, 'stats': 3, 'slices': 3, 'edit': 4, 'analysis': 4}
PUBLIC = 'src/libckpt/ckpt.h'

# For each part: whose headers it may include beside its own, and the libraries it must do without.
GTK = ('gtk/', 'gdk/', 'gsk/', 'adwaita')
PARTS = {
    'src/libckpt': ((), GTK + ('cairo', 'pango/', 'glib/gi18n.h')),
    'src/libckptplot': ((PUBLIC,), GTK),
    'src/ckpt': ((PUBLIC, 'src/libckptplot/'), GTK),
    'src/stateroom': ((PUBLIC, 'src/libckptplot/'), ()),
    'tests/libckpt': (('src/libckpt/', 'tests/'), GTK),
    'tests/faults': (('src/libckpt/', 'tests/'), GTK),
    'tests/fuzz': (('src/libckpt/', 'tests/'), GTK),
    'tests/hostile': (('src/libckpt/', 'tests/'), GTK),
    'tests/interop': (('src/libckpt/', 'tests/'), GTK),
    'tests/bench': (('src/libckpt/', 'tests/'), ()),
    'tests/plot': ((PUBLIC, 'src/libckptplot/', 'tests/'), GTK),
    'tests': ((PUBLIC, 'src/libckptplot/', 'src/stateroom/', 'src/ckpt/', 'tests/'), ()),
}
SEARCHED = ('src/libckpt', 'src/libckptplot', 'src/stateroom', 'src/ckpt', 'tests')
GENERATED = ('config.h', 'stateroom-resources.h')


def part_of(name):
    return max((part for part in PARTS if name.startswith(part + '/')), key=len, default=None)


def resolve(name, included, known):
    for folder in (os.path.dirname(name), *SEARCHED):
        path = os.path.normpath(os.path.join(folder, included))
        if path in known:
            return path
    return None


def level_breach(name, target):
    """Inside the library: why NAME must not include TARGET, or None."""
    if target == PUBLIC:
        return 'is only for others'
    inside, of_target = name.split('/')[2], target.split('/')[2]
    if inside not in LEVELS:
        return None if name.count('/') == 2 else 'is included from an unknown folder'
    if of_target not in LEVELS:
        return 'stands above'
    return 'stands above' if LEVELS[of_target] > LEVELS[inside] else None


def breach(name, target):
    """Why NAME must not include TARGET, or None."""
    part = part_of(name)
    if target.startswith(part + '/'):
        return level_breach(name, target) if part == 'src/libckpt' else None
    if target.startswith(PARTS[part][0]):
        return None
    return 'is not for ' + part


def check(name, known, findings):
    forbidden = PARTS[part_of(name)][1]
    for bracket, included in INCLUDE.findall(tree.read(name)):
        if bracket == '<':
            if included.startswith(forbidden):
                findings.add(name, f'<{included}> is not for {part_of(name)}')
        elif included not in GENERATED:
            target = resolve(name, included, known)
            why = breach(name, target) if target else 'is not in the source tree'
            if why:
                findings.add(name, f'"{included}" {why}')


def main():
    findings = tree.Findings('layers')
    known = set(tree.files())
    for name in tree.sources('.c', '.h'):
        if part_of(name):
            check(name, known, findings)
        else:
            findings.add(name, 'belongs to no part')
    findings.end()


main()
