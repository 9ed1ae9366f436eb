# SPDX-License-Identifier: GPL-3.0-or-later
"""make-pickle.py [--twice] [LITERAL] FILE: writes the pickle of a Python literal; with --twice, a dict that has its first key twice."""

import pickle
import sys

TWICE = b'\x80\x02}(X\x01\x00\x00\x00aK\x01X\x01\x00\x00\x00bK\x02X\x01\x00\x00\x00aK\x03u.'

*words, name = sys.argv[1:]
data = TWICE if words == ['--twice'] else pickle.dumps(eval(words[0], {'__builtins__': {}}), 2)  # the words come from a case file
with open(name, 'wb') as file:
    file.write(data)
