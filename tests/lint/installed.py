# SPDX-License-Identifier: GPL-3.0-or-later
"""installed.py BUILD VERSION COMPILER...: a program of somebody else compiles against the installed library, and runs."""

import os
import subprocess
import sys
import tempfile

PROGRAM = """
#include <ckpt.h>

int
main (void)
{
  g_print ("%s %s\\n", ckpt_version (), ckpt_dtype_get_name (CKPT_DTYPE_BFLOAT16));
  return 0;
}
"""


def run(*command, **options):
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, **options).stdout


def find(folder, name):
    for path, _, names in os.walk(folder):
        if name in names:
            return path
    sys.exit(f'{name} is not installed')


def move_prefix(path, folder):
    with open(path, 'r+', encoding='utf-8') as file:
        text = file.read().replace('prefix=/', f'prefix={folder}/', 1)
        file.seek(0)
        file.write(text)


def main():
    build, version, *compiler = sys.argv[1:]
    with tempfile.TemporaryDirectory() as folder:
        run('meson', 'install', '-C', build, '--destdir', folder, '--no-rebuild', '--quiet', stderr=subprocess.DEVNULL)
        move_prefix(os.path.join(find(folder, 'libckpt.pc'), 'libckpt.pc'), folder)
        environment = {**os.environ, 'PKG_CONFIG_PATH': find(folder, 'libckpt.pc'), 'LD_LIBRARY_PATH': find(folder, 'libckpt.so')}
        flags = run('pkg-config', '--cflags', '--libs', 'libckpt', env=environment).split()
        program = os.path.join(folder, 'program')
        run(*compiler, '-Wall', '-Werror', '-x', 'c', '-', '-o', program, *flags, input=PROGRAM)
        printed = run(program, env=environment).strip()
        if printed != f'{version} bfloat16':
            sys.exit(f'the program printed {printed!r}')


main()
