#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""make-tables.py modules|weights-only OUT.c FILE...: makes C of the lists that scripts in build-aux wrote with one PyTorch each."""
import json
import sys

WAYS = {'save': 'CKPT_MODULE_WAY_SAVE', 'extra': 'CKPT_MODULE_WAY_EXTRA', 'all': 'CKPT_MODULE_WAY_ALL'}


def release(text):
    return '.'.join(text.split('+')[0].split('.')[:2])


def read_classes(path):
    with open(path, encoding='utf-8') as file:
        lines = file.read().splitlines()
    for line in lines[1:]:
        name, version, ways = line.split('\t')
        yield name, int(version), ways


def modules(paths):
    """A class that has another version in another PyTorch gets version 0."""
    classes = {}
    for path in paths:
        for name, version, ways in read_classes(path):
            known = classes.setdefault(name, (version, ways))
            words = set(known[1].split(',')) | set(ways.split(','))
            classes[name] = (version if known[0] == version else 0, ','.join(sorted(words - {'-'})))
    yield '#include "analysis/ckpt-module-classes.h"'
    yield 'const CkptModuleClass ckpt_module_classes[] = {'
    for name, (version, ways) in sorted(classes.items(), key=lambda item: item[0].encode()):
        flags = ' | '.join(WAYS[word] for word in ways.split(',') if word in WAYS) or '0'
        yield f'  {{ "{name}", {version}, {flags} }},'
    yield '};'
    yield f'const gsize ckpt_n_module_classes = {len(classes)};'


def weights_only(paths):
    """Paths from the oldest PyTorch to the newest."""
    lists = []
    for path in paths:
        with open(path, encoding='utf-8') as file:
            lists.append(json.load(file))
    yield '#include "analysis/ckpt-weights-only-lists.h"'
    for field in ('globals', 'blocked_modules'):
        names = sorted({name for entry in lists for name in entry[field]}, key=str.encode)
        table = 'ckpt_weights_only_' + field
        yield f'const CkptWeightsOnlyName {table}[] = {{'
        for name in names:
            yield f'  {{ "{name}", {sum(1 << i for i, entry in enumerate(lists) if name in entry[field])} }},'
        yield '};'
        yield f'const gsize {table.replace("only_", "only_n_")} = {len(names)};'
    yield 'const char *const ckpt_weights_only_releases[] = {'
    for entry in lists:
        yield f'  "{release(entry["torch"])}",'
    yield '};'
    yield f'const guint ckpt_weights_only_n_releases = {len(lists)};'


def main():
    make = {'modules': modules, 'weights-only': weights_only}[sys.argv[1]]
    with open(sys.argv[2], 'w', encoding='utf-8') as file:
        file.write('\n'.join(make(sys.argv[3:])) + '\n')


main()
