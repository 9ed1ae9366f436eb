# SPDX-License-Identifier: GPL-3.0-or-later
"""mime-test.py PACKAGE FIXTURES: the types that the MIME package gives to real files, by name and by content."""

import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

CHECKPOINT = 'application/x-pytorch-checkpoint'
SAFETENSORS = 'application/x-safetensors'

# A fixture, the name that it gets, its type. A name without a known ending leaves the content to decide.
CASES = [
    ('state_dict.pt', 'state_dict.pt', CHECKPOINT),
    ('state_dict.pt', 'model.pth', CHECKPOINT),
    ('state_dict.pt', 'model.pth.tar', CHECKPOINT),
    ('training_run.ckpt', 'training_run.ckpt', CHECKPOINT),
    ('state_dict.pt', 'pytorch_model', CHECKPOINT),
    ('torchscript.pt', 'scripted', CHECKPOINT),
    ('big_endian.pt', 'big', CHECKPOINT),
    ('state_dict.legacy.pt', 'state_dict.legacy.pt', CHECKPOINT),
    ('state_dict.legacy.pt', 'legacy', CHECKPOINT),
    ('dtypes.safetensors', 'dtypes.safetensors', SAFETENSORS),
]


def content_type(path, environment):
    """What GIO, that is Files, takes the file for."""
    output = subprocess.run(['gio', 'info', '-a', 'standard::content-type', path], env=environment, check=True,
                            capture_output=True, text=True).stdout
    return output.split('standard::content-type:')[1].split()[0]


def install(package, folder):
    packages = folder / 'mime' / 'packages'
    packages.mkdir(parents=True)
    shutil.copy('/usr/share/mime/packages/freedesktop.org.xml', packages)
    shutil.copy(package, packages)
    done = subprocess.run(['update-mime-database', folder / 'mime'], capture_output=True, text=True, check=True)
    return [line for line in done.stderr.splitlines() if 'stateroom' in line.lower() or 'pytorch' in line.lower()]


def main():
    package, fixtures = sys.argv[1], pathlib.Path(sys.argv[2])
    print(f'1..{len(CASES) + 3}')
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        complaints = install(package, folder)
        print('not ok' if complaints else 'ok', '1 - no complaint', *complaints)
        environment = dict(os.environ, XDG_DATA_DIRS=name, XDG_DATA_HOME=f'{name}/home', GIO_USE_VFS='local')
        plain = folder / 'plain.zip'
        subprocess.run(['zip', '-q', plain, package], check=True)
        print('ok' if content_type(plain, environment) == 'application/zip' else 'not ok', '2 - a zip stays a zip')
        subclasses = (folder / 'mime' / 'subclasses').read_text()
        print('ok' if f'{CHECKPOINT} application/zip' in subclasses else 'not ok', '3 - a kind of zip')
        for number, (fixture, target, expected) in enumerate(CASES, 4):
            path = folder / target
            shutil.copy(fixtures / fixture, path)
            got = content_type(path, environment)
            path.unlink()
            print('ok' if got == expected else 'not ok', f'{number} - {fixture} as {target}: {got}')


main()
