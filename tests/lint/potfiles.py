# SPDX-License-Identifier: GPL-3.0-or-later
"""potfiles.py ROOT: po/POTFILES lists every file with texts to translate, and no other, in order."""

import os
import re
import sys

import tree

TEXT = {
    ('.c', '.h', '.blp'): re.compile(r'(?<!\w)(_|N_|C_|NC_|Q_|ngettext|g_dngettext|dngettext|g_dpgettext2?) ?\(\s*"'),
    ('.ui',): re.compile(r'translatable="yes"'),
    ('.desktop.in',): re.compile(r'^Name=', re.MULTILINE),
    ('.metainfo.xml.in',): re.compile(r'<summary>'),
    ('.gschema.xml',): re.compile(r'<summary>'),
}


def main():
    wanted = [name for endings, pattern in TEXT.items() for name in tree.sources(*endings)
              if name.startswith(('src/', 'data/')) and pattern.search(tree.read(name))]
    if not wanted and not os.path.exists(os.path.join(tree.ROOT, 'po')):
        sys.exit(77)
    findings = tree.Findings('potfiles')
    listed = [line for line in tree.read('po/POTFILES').splitlines() if line and not line.startswith('#')]
    for name in sorted({*wanted, *listed}):
        if name not in listed:
            findings.add(name, 'has texts to translate, and is not in po/POTFILES')
        elif name not in wanted:
            findings.add(name, 'is in po/POTFILES, and has no text to translate')
    if listed != sorted(listed):
        findings.add('po/POTFILES', 'is not in order')
    findings.end()


main()
