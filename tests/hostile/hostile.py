#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""hostile.py OPENER FOLDER [--update]: opens every hostile input and compares what happens with expected.tsv.

The inputs are made in FOLDER when they are not there. Each runs in a process of its own, twice, with limits of time and memory, and all of
them once more under strace, which shows that nothing is started, created or sent. `--update` writes the table anew: then read its diff.
"""
import fcntl
import os
import pathlib
import re
import resource
import subprocess
import sys

HERE = pathlib.Path(__file__).parent
MAX_RSS = 256 << 10  # KiB; the larger inputs say how much more they may
BIG = {'C08': 512 << 10, 'C09': 1280 << 10, 'C12': 400 << 10, 'C20': 300 << 10}
SANITIZED = 'SANITIZED' in os.environ
MAX_SECONDS = 10 if SANITIZED else 2
# Ten million values are gone through one by one here, which no view does.
SLOW = {'C09': 10}
# Where what is right is another class than the manifest's first word, and why.
CLASSES = {
    'F04': 'OPEN',  # to be warned of when the record is read, and not on opening
}


def make_inputs(folder):
    """The rows of the manifest. Two tests use the inputs: whichever comes first makes them, and the other one waits."""
    folder.mkdir(parents=True, exist_ok=True)
    with open(folder / 'lock', 'w') as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / 'manifest.tsv').exists():
            subprocess.run([sys.executable, HERE / 'make_hostile_files.py', folder], check=True, stdout=subprocess.DEVNULL)
    rows = (folder / 'manifest.tsv').read_text().splitlines()[1:]
    return [row.split('\t') for row in rows]


def count_seconds():
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def open_once(opener, path):
    """What the opener says of one file, and what it took: (answer, KiB, seconds of a core, whatever else runs)."""
    start = count_seconds()
    try:
        done = subprocess.run([opener, path], capture_output=True, timeout=60)
    except subprocess.TimeoutExpired:
        return 'HANG', 0, 60
    seconds = count_seconds() - start
    lines = done.stdout.decode().splitlines()
    if done.returncode != 0 or len(lines) != 2:
        return f'CRASH {done.returncode} {done.stderr.decode(errors="replace")[-2000:]}', 0, seconds
    return lines[0].split('\t', 1)[1], int(lines[1].split('\t')[1]), seconds


def is_class_allowed(row_id, manifest, found):
    """The class that the manifest asks for. Where a zip library decides, a warning and a refusal may stand for each other."""
    wanted = CLASSES.get(row_id, re.match(r'[A-Z]+', manifest).group())
    if row_id[0] in 'JK':
        return True
    if row_id[0] == 'F' and wanted in ('WARN', 'REFUSE'):
        return found in ('WARN', 'REFUSE')
    if row_id == 'F37':
        return found in ('OPEN', 'REFUSE')
    return found == wanted


def check(row, opener, folder, table):
    row_id, name, _, manifest = row[:4]
    answer, rss, seconds = open_once(opener, folder / name)
    problems = []
    if answer.startswith(('CRASH', 'HANG')):
        return [answer]
    if open_once(opener, folder / name)[0] != answer:
        problems.append('another answer the second time')
    if seconds > SLOW.get(row_id, 0) * (1 + 4 * SANITIZED) and seconds > MAX_SECONDS:
        problems.append(f'took {seconds:.1f} s')
    if rss > BIG.get(row_id, MAX_RSS) and not SANITIZED:
        problems.append(f'took {rss >> 10} MiB')
    if not is_class_allowed(row_id, manifest, answer.split('\t')[0]):
        problems.append(f'is {answer!r}; asked for: {manifest}')
    if table.get(row_id) != answer:
        problems.append(f'is {answer!r}; expected.tsv says {table.get(row_id)!r}')
    return problems


def trace(opener, paths):
    """System calls that no input may lead to."""
    calls = 'execve,execveat,fork,vfork,socket,connect,unlink,unlinkat,rename,mkdir,chmod,open,openat,creat'
    done = subprocess.run(['strace', '-f', '-qq', '-e', 'trace=' + calls, opener, *paths], capture_output=True)
    lines = done.stderr.decode(errors='replace').splitlines()
    bad = [line for line in lines[1:] if not re.search(r'open(at)?\(', line) or re.search(r'O_(WRONLY|RDWR|CREAT|TRUNC)', line)]
    return [line for line in bad if 'exited' not in line and 'SIGCHLD' not in line]


def report(number, name, problems):
    print(f'{"not ok" if problems else "ok"} {number} {name}')
    for problem in problems:
        print('# ' + problem.replace('\n', '\n# '))


def main():
    opener, folder = sys.argv[1], pathlib.Path(sys.argv[2])
    rows = make_inputs(folder)
    expected = HERE / 'expected.tsv'
    if '--update' in sys.argv:
        answers = (f'{row[0]}\t{open_once(opener, folder / row[1])[0]}\n' for row in rows)
        expected.write_text('id\tclass\tcodes\toffset\n' + ''.join(answers))
    table = dict(line.split('\t', 1) for line in expected.read_text().splitlines()[1:])
    print(f'1..{len(rows) + (not SANITIZED)}')
    for number, row in enumerate(rows, 1):
        report(number, row[0], check(row, opener, folder, table))
    if not SANITIZED:
        paths = [folder / row[1] for row in rows]
        report(len(rows) + 1, 'nothing is started, created or sent', trace(opener, paths))


if __name__ == '__main__':
    main()
