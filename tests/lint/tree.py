# SPDX-License-Identifier: GPL-3.0-or-later
"""What the lint tests share: the files of the source tree, the exceptions, and how they end."""

import os
import subprocess
import sys

ROOT = sys.argv[1]
DATA = ('tests/fixtures/', 'data/samples/')  # data, not sources


def files():
    """Paths of the tree's files, relative to its root: git's, or all of them where there is no git."""
    if os.path.exists(os.path.join(ROOT, '.git')):
        listing = subprocess.run(
            ['git', '-c', 'safe.directory=*', '-C', ROOT, 'ls-files', '-z', '--cached', '--others', '--exclude-standard'],
            check=True, capture_output=True)
        names = {os.fsdecode(name) for name in listing.stdout.split(b'\0') if name}
    else:
        names = {os.path.relpath(os.path.join(folder, name), ROOT)
                 for folder, _, inside in os.walk(ROOT) for name in inside}
    return sorted(name for name in names if os.path.isfile(os.path.join(ROOT, name)))


def sources(*endings):
    """Files of the tree with these endings that somebody wrote."""
    return [name for name in files() if name.endswith(endings) and not name.startswith(DATA)]


def read(name):
    with open(os.path.join(ROOT, name), encoding='utf-8') as file:
        return file.read()


def first_line(name):
    with open(os.path.join(ROOT, name), 'rb') as file:
        return file.readline(200).decode(errors='replace').strip()


def scripts():
    """Files that a shell runs or sources."""
    return [name for name in files() if name.endswith('.sh') or first_line(name).startswith(('#!/usr/bin/env bash', '#!/bin/sh'))]


class Findings:
    """Collects what is wrong. An exception is a line "LINT WHAT REASON..." in tests/lint/exceptions."""

    def __init__(self, lint):
        self.found = []
        self.exceptions = {}
        if os.path.exists(os.path.join(ROOT, 'tests/lint/exceptions')):
            for line in read('tests/lint/exceptions').splitlines():
                words = line.split(None, 2)
                if words and words[0] == lint:
                    self.exceptions[words[1]] = words[2:]

    def add(self, what, text):
        """Notes one finding; WHAT names it in the file of exceptions."""
        if what in self.exceptions:
            if self.exceptions.pop(what):
                return
            text += ' (its exception gives no reason)'
        self.found.append(f'{what}: {text}')

    def end(self):
        self.found += [f'{what}: this exception is not needed any more' for what in self.exceptions]
        print('\n'.join(self.found))
        sys.exit(bool(self.found))
