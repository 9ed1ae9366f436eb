# SPDX-License-Identifier: GPL-3.0-or-later
"""sizes.py ROOT: files and functions stay small.

No file has over 800 lines; no function has over 120, or nests control statements more than 4 deep; in each
part, nine functions in ten have under 45 lines.
"""

import re

import tree

MAX_FILE = 800
MAX_FUNCTION = 120
MAX_NESTING = 4
USUAL_FUNCTION = 45

NOISE = re.compile(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'|^\s*#(?:\\\n|[^\n])*',
                   re.DOTALL | re.MULTILINE)
FUNCTION = re.compile(r'^(\w+) \((?:(?!\n\n)[^{};])*\)[^{};()]*\n\{\n(.*?)^\}', re.DOTALL | re.MULTILINE)
TOKEN = re.compile(r'\w+|[{}();:?]')
PAIRS = {'(': ')', '{': '}'}


class Statements:
    """Walks the statements of a function's body for the depth of its control statements."""

    def __init__(self, body):
        self.tokens = TOKEN.findall(body)
        self.at = 0
        self.deepest = 0

    def peek(self):
        return self.tokens[self.at] if self.at < len(self.tokens) else None

    def skip_pair(self):
        """Skips from an opening bracket to behind its closing one."""
        opening, depth = self.tokens[self.at], 0
        while self.at < len(self.tokens):
            token = self.tokens[self.at]
            self.at += 1
            depth += (token == opening) - (token == PAIRS[opening])
            if not depth:
                return

    def simple(self):
        """Skips a statement without control flow, or a label."""
        questions = 0
        while self.at < len(self.tokens) and self.peek() != '}':
            token = self.peek()
            if token in PAIRS:
                self.skip_pair()
                continue
            self.at += 1
            questions += token == '?'
            if token == ';' or (token == ':' and not questions):
                return
            questions -= token == ':'

    def block(self, depth):
        self.at += 1
        while self.peek() not in (None, '}'):
            self.statement(depth)
        self.at += 1

    def control(self, depth):
        keyword = self.peek()
        self.at += 1
        if self.peek() == '(':
            self.skip_pair()
        if keyword == 'else' and self.peek() == 'if':
            self.control(depth)
            return
        self.deepest = max(self.deepest, depth + 1)
        self.statement(depth + 1)
        if keyword == 'do':
            self.simple()
        elif keyword == 'if' and self.peek() == 'else':
            self.control(depth)

    def statement(self, depth):
        token = self.peek()
        if token == '{':
            self.block(depth)
        elif token in ('if', 'else', 'for', 'while', 'switch', 'do'):
            self.control(depth)
        else:
            self.simple()


def nesting(body):
    statements = Statements(body)
    while statements.peek() is not None:
        statements.statement(0)
    return statements.deepest


def blank(match):
    """What is no code, as many lines of nothing; a string stays a word."""
    text = match[0]
    return ('s' if text[0] in '"\'' else '') + '\n' * text.count('\n')


def functions(name):
    """Name, lines and nesting of each function in a file."""
    for match in FUNCTION.finditer(NOISE.sub(blank, tree.read(name))):
        yield match[1], match[0].count('\n') + 2, nesting(match[2])  # with the line of its return type


def check_file(name, findings):
    """Notes what is too big; returns the lengths of the file's functions."""
    lengths = []
    lines = tree.read(name).count('\n')
    if lines > MAX_FILE:
        findings.add(name, f'{lines} lines; {MAX_FILE} is the limit')
    for function, length, depth in functions(name) if name.endswith('.c') else ():
        lengths.append(length)
        if length > MAX_FUNCTION:
            findings.add(f'{name}:{function}', f'{length} lines; {MAX_FUNCTION} is the limit')
        if depth > MAX_NESTING:
            findings.add(f'{name}:{function}', f'nests {depth} deep; {MAX_NESTING} is the limit')
    return lengths


def main():
    findings = tree.Findings('sizes')
    parts = {}
    for name in tree.sources('.c', '.h', '.py', '.sh', '.blp'):
        parts.setdefault('/'.join(name.split('/')[:2]), []).extend(check_file(name, findings))
    for part, lengths in parts.items():
        long = sum(length >= USUAL_FUNCTION for length in lengths)
        if long * 10 > max(len(lengths), 10):
            findings.add(part, f'{long} of {len(lengths)} functions have {USUAL_FUNCTION} lines or more')
    findings.end()


main()
