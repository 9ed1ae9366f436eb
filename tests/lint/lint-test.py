# SPDX-License-Identifier: GPL-3.0-or-later
"""lint-test.py ROOT COMPILER...: each lint finds what it is there to find, and nothing in a tree that is right."""

import os
import subprocess
import sys
import tempfile

LGPL = '/* SPDX-License-Identifier: LGPL-2.1-or-later */\n'
GPL = LGPL.replace('LGPL-2.1', 'GPL-3.0')
HEADER = LGPL + '#pragma once\n#include <glib.h>\n'
FUNCTION = 'void\nfoo (void)\n{\n%s}\n'
NESTED = '''  if (a)
    for (;;)
      while (a)
        switch (a)
          {
          case 1:
            if (a ? b : c)
              foo ();
            else if (b)
              foo ();
            else
              bar ();
          }
'''
GOOD = {
    '.clang-format': open(os.path.join(sys.argv[1], '.clang-format'), encoding='utf-8').read(),
    'tests/lint/addresses': 'www.gnu.org\n',
    'src/libckpt/ckpt.h': HEADER + '#include "model/ckpt-a.h"\n',
    'src/libckpt/io/ckpt-b.h': HEADER,
    'src/libckpt/model/ckpt-a.h': HEADER + '#include "io/ckpt-b.h"\nextern gint ckpt_a;\n',
    'src/libckpt/model/ckpt-a.c': LGPL + '#include "model/ckpt-a.h"\n',
    'src/ckpt/main.c': GPL + '#include <ckpt.h>\n\n' + FUNCTION % '  bar (_ ("x"));\n',
    'po/POTFILES': '# comment\nsrc/ckpt/main.c\n',
    'run.sh': '#!/bin/sh\n# SPDX-License-Identifier: GPL-3.0-or-later\n: https://www.gnu.org/\n',
}
# What each lint must find: a name for it, then the files that are bad.
BAD = [
    ('layers', 'a lower level', {'src/libckpt/io/ckpt-b.h': HEADER + '#include "model/ckpt-a.h"\n'}),
    ('layers', 'the umbrella within', {'src/libckpt/model/ckpt-c.c': LGPL + '#include "ckpt.h"\n'}),
    ('layers', 'past the umbrella', {'src/ckpt/main.c': GPL + '#include "model/ckpt-a.h"\n'}),
    ('layers', 'the app', {'src/ckpt/main.c': GPL + '#include "stateroom-a.h"\n', 'src/stateroom/stateroom-a.h': GPL}),
    ('layers', 'GTK', {'src/libckpt/model/ckpt-a.c': LGPL + '#include <gtk/gtk.h>\n'}),
    ('layers', 'a header that is not there', {'src/ckpt/main.c': GPL + '#include "none.h"\n'}),
    ('layers', 'no part', {'src/other/a.c': GPL}),
    ('headers', 'a missing include', {'src/libckpt/io/ckpt-b.h': LGPL + '#pragma once\ngint ckpt_b (void);\n'}),
    ('sizes', 'a long file', {'src/ckpt/main.c': GPL + '\n' * 801}),
    ('sizes', 'a long function', {'src/ckpt/main.c': FUNCTION % ('  foo ();\n' * 117)}),
    ('sizes', 'many long functions', {'src/ckpt/main.c': FUNCTION % ('  foo ();\n' * 60) * 2}),
    ('sizes', 'deep nesting', {'src/ckpt/main.c': FUNCTION % NESTED}),
    ('sizes', 'an exception without reason', {'src/ckpt/main.c': '\n' * 801, 'tests/lint/exceptions': 'sizes src/ckpt/main.c\n'}),
    ('sizes', 'an exception without need', {'tests/lint/exceptions': 'sizes src/ckpt/main.c It was long.\n'}),
    ('format', 'another layout', {'src/ckpt/main.c': GPL + 'int foo(void) { return 1; }\n'}),
    ('spdx', 'no licence', {'src/ckpt/main.c': '#include <ckpt.h>\n'}),
    ('spdx', 'another licence', {'src/libckpt/model/ckpt-a.c': GPL}),
    ('text', 'a note', {'src/ckpt/main.c': GPL + '/* TO' + 'DO */\n'}),
    ('text', 'a path', {'src/ckpt/main.c': GPL + '/* /wor' + 'k/x */\n'}),
    ('text', 'an address', {'src/ckpt/main.c': GPL + '/* https:' + '//registry.example/x */\n'}),
    ('text', 'a space', {'src/ckpt/main.c': GPL + 'int a; \n'}),
    ('text', 'no last newline', {'src/ckpt/main.c': GPL + 'int a;'}),
    ('potfiles', 'a file that is not listed', {'po/POTFILES': ''}),
    ('potfiles', 'a listed file without texts', {'po/POTFILES': 'src/ckpt/main.c\nsrc/libckpt/ckpt.h\n'}),
    ('potfiles', 'no order', {'src/ckpt/a.c': 'N_("a")\n', 'po/POTFILES': 'src/ckpt/main.c\nsrc/ckpt/a.c\n'}),
    ('scripts', 'a script that does not parse', {'run.sh': '#!/bin/sh\nif\n'}),
]


def write(folder, files):
    for name, text in files.items():
        path = os.path.join(folder, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, 'w', encoding='utf-8') as file:
            file.write(text)
        os.chmod(path, 0o755 if name.endswith('.sh') else 0o644)


def run(lint, files):
    """The lint's exit code and output on a good tree with these files changed."""
    with tempfile.TemporaryDirectory() as folder:
        write(folder, {**GOOD, **files})
        script = os.path.join(sys.argv[1], 'tests/lint', lint + '.py')
        more = [folder, *sys.argv[2:]] if lint == 'headers' else []
        return subprocess.run([sys.executable, script, folder, *more], capture_output=True, text=True, check=False)


def main():
    cases = [(lint, 'nothing in a good tree', {}, 0) for lint in dict.fromkeys(case[0] for case in BAD)]
    cases += [(*case, 1) for case in BAD]
    failed = 0
    print(f'1..{len(cases)}')
    for number, (lint, what, files, expected) in enumerate(cases, 1):
        result = run(lint, files)
        good = result.returncode == expected and 'Traceback' not in result.stderr
        failed += not good
        print('ok' if good else 'not ok', number, lint, what)
        if not good:
            print('# ' + (result.stdout + result.stderr).replace('\n', '\n# '))
    sys.exit(failed > 0)


main()
