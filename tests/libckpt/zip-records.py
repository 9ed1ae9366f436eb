# SPDX-License-Identifier: GPL-3.0-or-later
"""zip-records.py FOLDER: what Python's zipfile sees in the zips of a folder.

For each file a line with its path, and for each record a line with its name, where its data begin, its sizes,
CRC and method, separated by tabs.
"""

import pathlib
import struct
import sys
import zipfile

for path in sorted(pathlib.Path(sys.argv[1]).iterdir()):
    if not zipfile.is_zipfile(path):
        continue
    content = path.read_bytes()
    print(path)
    for info in zipfile.ZipFile(path).infolist():
        name_length, extra_length = struct.unpack_from('<HH', content, info.header_offset + 26)
        data = info.header_offset + 30 + name_length + extra_length
        print(info.filename, data, info.compress_size, info.file_size, info.CRC, info.compress_type, sep='\t')
