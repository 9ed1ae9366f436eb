#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lists what torch.load(weights_only=True) of the PyTorch that runs it takes, as src/libckpt/analysis/weights-only/ keeps it.

  python3 list-weights-only.py >weights-only/torch-VERSION.json

"globals" are the names of its default list, "blocked_modules" those whose names are refused even where a user allows them. "opcodes" were
found by giving each to the unpickler. "setitem_checked" says whether it refuses items of what is no dict.
"""
import io
import json
import pickletools
import re

import torch
from torch import _weights_only_unpickler as unpickler


def load(data):
    return unpickler.load(io.BytesIO(data))


def takes(opcode):
    code = opcode.code.encode('latin-1')
    try:
        load(b'\x80\x02' + code + b'\0' * 64)
    except Exception as error:
        return not re.match(rf'Unsupported operand {code[0]}\b', str(error))
    return True


def checks_setitem():
    try:
        load(b'\x80\x02](K\x01e' b'K\0K\x02s.')  # [1][0] = 2
    except Exception:
        return True
    return False


def blocked_modules():
    """The list is spelled in two ways."""
    return next(iter(value for name, value in vars(unpickler).items() if re.fullmatch(r'_block\w*_modules', name)), [])


def main():
    print(json.dumps({
        'torch': torch.__version__.split('+')[0],
        'globals': sorted(unpickler._get_allowed_globals()),
        'opcodes': sorted(opcode.name for opcode in pickletools.opcodes if takes(opcode)),
        'blocked_modules': sorted(blocked_modules()),
        'setitem_checked': checks_setitem(),
    }, indent=1))


main()
