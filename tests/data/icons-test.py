# SPDX-License-Identifier: GPL-3.0-or-later
"""icons-test.py FOLDER: the icons are well-formed, square, drawn in shapes alone, and render."""

import pathlib
import sys
import xml.etree.ElementTree as ElementTree

import gi

gi.require_version('GdkPixbuf', '2.0')
from gi.repository import GdkPixbuf  # noqa: E402

SVG = '{http://www.w3.org/2000/svg}'
SIZES = {'io.github.stateroom.Stateroom.svg': 128, 'io.github.stateroom.Stateroom-symbolic.svg': 16}


def problem(path, size):
    root = ElementTree.parse(path).getroot()
    if (root.get('width'), root.get('height'), root.get('viewBox')) != (str(size), str(size), f'0 0 {size} {size}'):
        return f'is not {size} wide and high'
    if next(root.iter(f'{SVG}image'), None) is not None or next(root.iter(f'{SVG}text'), None) is not None:
        return 'holds a picture or text'
    pixels = GdkPixbuf.Pixbuf.new_from_file_at_size(str(path), 64, 64)
    if pixels.get_width() != 64 or not any(pixels.get_pixels()[3::4]):
        return 'renders to nothing'
    return None


def main():
    folder = pathlib.Path(sys.argv[1])
    print(f'1..{len(SIZES)}')
    for number, (name, size) in enumerate(SIZES.items(), 1):
        found = problem(folder / name, size)
        print('not ok' if found else 'ok', f'{number} - {name}', found or '')


main()
