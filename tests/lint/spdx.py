# SPDX-License-Identifier: GPL-3.0-or-later
"""spdx.py ROOT: each file that somebody wrote says its licence at its top."""

import re

import tree

WRITTEN = ('.c', '.h', '.py', '.sh', '.blp', '.css', '.build', '.options', '.awk', '.xml', '.svg', '.in', '.scd', '.supp',
           '.ui', '.fish', '.bash')
LICENCE = re.compile(r'SPDX-License-Identifier: ([\w.+-]+)')
LIBRARIES = ('src/libckpt/', 'src/libckptplot/')


def main():
    findings = tree.Findings('spdx')
    for name in sorted({*tree.sources(*WRITTEN), *tree.scripts()}):
        licence = LICENCE.search('\n'.join(tree.read(name).splitlines()[:5]))
        expected = 'LGPL-2.1-or-later' if name.startswith(LIBRARIES) else 'GPL-3.0-or-later'
        allowed = {expected, 'CC0-1.0'} if name.startswith('data/') else {expected}
        if not licence or licence[1] not in allowed:
            findings.add(name, f'has {licence[0] if licence else "no licence line"}, not {expected}')
    findings.end()


main()
