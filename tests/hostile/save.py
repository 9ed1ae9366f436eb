#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""save.py SAVER FOLDER [--update]: saves every hostile input that opens, with all of it made anew, and compares what happens with saved.tsv.

A file is saved as it was (SAME), in our layout with the same content (OTHER), or not at all; the table has all but the first.
`--update` writes it anew: then read its diff.
"""
import pathlib
import subprocess
import sys
import tempfile

import hostile

TABLE = pathlib.Path(__file__).with_name('saved.tsv')


def save_all(saver, paths):
    """What becomes of each input that opens: {id: (what, code)}."""
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run([saver, folder, *paths], capture_output=True, text=True, timeout=250)
        left = list(pathlib.Path(folder).iterdir())
    assert done.returncode == 0, f'ended with {done.returncode}: {done.stderr[-2000:]}'
    assert not left, left
    rows = (line.split('\t') for line in done.stdout.splitlines())
    return {pathlib.Path(path).name: (what, code) for path, what, code in rows}


def main():
    saver, folder = sys.argv[1], pathlib.Path(sys.argv[2])
    rows = hostile.make_inputs(folder)
    names = {row[1]: row[0] for row in rows}
    found = {names[name]: answer for name, answer in save_all(saver, [folder / name for name in names]).items()}
    if '--update' in sys.argv:
        TABLE.write_text('id\twhat\tcode\n' + ''.join(f'{key}\t{what}\t{code}\n' for key, (what, code) in sorted(found.items())
                                                      if what != 'SAME'))
    table = {key: (what, code) for key, what, code in (line.split('\t') for line in TABLE.read_text().splitlines()[1:])}
    print(f'1..{len(found)}')
    for number, (key, answer) in enumerate(sorted(found.items()), 1):
        wanted = table.get(key, ('SAME', '-'))
        hostile.report(number, key, [] if answer == wanted else [f'is {answer}; saved.tsv says {wanted}'])


if __name__ == '__main__':
    main()
