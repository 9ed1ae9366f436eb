# SPDX-License-Identifier: GPL-3.0-or-later
"""text.py ROOT: no notes to oneself, no paths of one machine, no addresses but known ones, no stray spaces."""

import re

import tree

# Written so that this file does not find itself.
FORBIDDEN = {
    re.compile(r'\b(TO[D]O|FIX[M]E|XX[X]|HA[C]K)\b'): 'a note to oneself',
    re.compile(r'(?<![\w.$}])/(wor[k]|hom[e]/\w+|roo[t]|tmp/tea[m])/'): 'a path of one machine',
    re.compile(r'[ \t]+$', re.MULTILINE): 'spaces at the end of a line',
    re.compile(r'^(<{7}|={7}|>{7})( |$)', re.MULTILINE): 'a mark of a merge',
    re.compile(r'\r'): 'a carriage return',
}
ADDRESS = re.compile(r'\b(?:https?|ftp|git)://([\w.-]+)')
BINARY = ('.pt', '.pth', '.ckpt', '.png', '.gz', '.mo', '.npy', '.bin', '.zip', '.safetensors', '.tar', '.pkl')


def line_of(text, position):
    return text.count('\n', 0, position) + 1


def main():
    findings = tree.Findings('text')
    known = set(tree.read('tests/lint/addresses').split())
    for name in tree.files():
        if name.startswith((*tree.DATA, 'COPYING')) or name.endswith(BINARY):
            continue
        text = tree.read(name)
        for pattern, what in FORBIDDEN.items():
            match = pattern.search(text)
            if match and not (name.endswith('.md') and 'spaces' in what):
                findings.add(name, f'line {line_of(text, match.start())}: {what}: {match[0].strip()!r}')
        for match in ADDRESS.finditer(text):
            if match[1] not in known:
                findings.add(name, f'line {line_of(text, match.start())}: {match[1]} is not in tests/lint/addresses')
        if text and not text.endswith('\n'):
            findings.add(name, 'no newline at the end')
    findings.end()


main()
