# SPDX-License-Identifier: GPL-3.0-or-later
"""docs-test.py ROOT: the man page and the completions know the commands and options of `ckpt --help`, and no others; so do they and
docs/editing.md the edits."""

import os
import re
import subprocess
import sys

ROOT = sys.argv[1]
OPTION = re.compile(r'^  (?:-(\w), )?--([\w-]+)(=\S+)?  ', re.MULTILINE)


def read(name):
    with open(os.path.join(ROOT, name), encoding='utf-8') as file:
        return file.read()


def options_of(*words):
    """Long names of the options in a help text -> (short name or None, whether it takes a value)."""
    text = subprocess.run(['ckpt', *words, '--help'], capture_output=True, text=True, check=True).stdout
    return {long: (short or None, bool(value)) for short, long, value in OPTION.findall(text)}


def commands():
    text = subprocess.run(['ckpt', '--help'], capture_output=True, text=True, check=True).stdout
    return re.findall(r'^  (\w+)  ', text.split('Commands:\n')[1].split('\n\n')[0], re.MULTILINE)


def edits():
    """Names of the edits -> the words that they take."""
    text = subprocess.run(['ckpt', 'edit', '--help'], capture_output=True, text=True, check=True).stdout
    return dict(re.findall(r'^  --([\w-]+) ?(.*)$', text.split('Edits:\n')[1], re.MULTILINE))


def man_edits():
    text = read('data/man/ckpt.1.scd').split('# EDITS\n')[1].split('\n# ')[0]
    return {name: re.sub(r'[_*\\]', '', words) for name, words in re.findall(r'^\*--([\w-]+)\* ?(.*)$', text, re.MULTILINE)}


def bash_words(*words):
    """What bash offers for the last of the words."""
    script = f'''source {ROOT}/data/completions/ckpt.bash
      COMP_WORDS=("$@"); COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1)); _ckpt; printf '%s\\n' "${{COMPREPLY[@]}}"'''
    output = subprocess.run(['bash', '-c', script, 'bash', *words], capture_output=True, text=True, check=True).stdout
    return set(output.split())


def bash_options(command):
    words = ['ckpt', command, '--'] if command else ['ckpt', '--']
    return {word[2:] for word in bash_words(*words)}


def man_section(command):
    """The part of OPTIONS about a command; about all of them without one."""
    options = read('data/man/ckpt.1.scd').split('# OPTIONS\n')[1].split('\n# PATHS')[0]
    parts = re.split(r'^## (\w+)\n', options, flags=re.MULTILINE)
    return {None: parts[0], **dict(zip(parts[1::2], parts[2::2]))}.get(command, '')


def man_options(command):
    return dict((long, short or None) for short, long in
                re.findall(r'^(?:\*-(\w)\*(?: _\w+_)?, )?\*--([\w-]+)\*', man_section(command), re.MULTILINE))


def zsh_part(command):
    text = read('data/completions/_ckpt')
    common = text.split('common=(')[1].split('\n)')[0]
    if command is None:
        return text.split('CURRENT == 2')[1].split('return')[0]
    part = re.search(rf'^  {command}\)\n(.*?);;', text, re.MULTILINE | re.DOTALL)[1]
    if '$edits' in part:
        part += text.split('edits=(')[1].split('\n)')[0]
    return common + part if '$common' in part else part


def zsh_options(command):
    return set(re.findall(r'--([\w-]+)(?=[}=\[])', zsh_part(command)))


def fish_options(command):
    lines = read('data/completions/ckpt.fish').splitlines()
    where = f"'__fish_seen_subcommand_from {command}'" if command else '__fish_use_subcommand'
    return {long for line in lines if where in line or '-n' not in line.split() for long in re.findall(r' -l ([\w-]+)', line)}


def main():
    checks = []
    known = commands()
    common = {'json', 'help'}
    synopsis = read('data/man/ckpt.1.scd').split('# SYNOPSIS')[1].split('# DESCRIPTION')[0]
    checks.append(('man page: commands', set(re.findall(r'\*ckpt (\w+)\*', synopsis)), set(known)))
    checks.append(('bash: commands', bash_words('ckpt', '') - {'--help', '--limits', '--version'}, set(known)))
    fish = set(re.findall(r'-f -a (\w+)', read('data/completions/ckpt.fish')))
    checks.append(('fish: commands', fish, set(known)))
    checks.append(('zsh: commands', set(re.findall(r"^  '(\w+):", read('data/completions/_ckpt'), re.MULTILINE)), set(known)))
    verbs = {name: re.sub(r'[_*\\]', '', words) for name, words in edits().items()}
    table = dict(re.findall(r'^\| `([\w-]+) ?(.*?)` \|', read('docs/editing.md').split('## Edits\n')[1].split('\n## ')[0], re.MULTILINE))
    checks.append(('man page: edits', man_edits(), verbs))
    checks.append(('docs/editing.md: edits', table, edits()))
    for command in (None, *known):
        options = options_of(command) if command else options_of()
        offered = set(options) | (set(verbs) if command == 'edit' else set())
        name = command or 'ckpt'
        shorts = {long: short for long, (short, _) in options.items() if command is None or long not in common}
        if command is None:
            shorts['json'] = None
        checks.append((f'man page: options of {name}', man_options(command), shorts))
        checks.append((f'bash: options of {name}', bash_options(command), offered))
        checks.append((f'zsh: options of {name}', zsh_options(command), offered))
        checks.append((f'fish: options of {name}', fish_options(command), offered))
    print(f'1..{len(checks)}')
    for number, (what, found, wanted) in enumerate(checks, 1):
        print('ok' if found == wanted else 'not ok', number, what)
        if found != wanted:
            print(f'#   it has {found}\n#   help has {wanted}')
    sys.exit(any(found != wanted for _, found, wanted in checks))


main()
