#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes 357 hostile inputs for a checkpoint reader, and a manifest of what each must lead to.

  python3 make_hostile_files.py OUTDIR [--big]   writes files + OUTDIR/manifest.tsv
  python3 make_hostile_files.py --markdown       prints them as tables

No third-party module is used.  Every payload is inert data for a program that
never executes a pickle.  Do NOT torch.load()/pickle.load() these files.
"""
import io, os, struct, sys, zlib, json, random

BIG = '--big' in sys.argv
CASES = []            # (id, group, ext, desc, expect, builder)

def case(cid, desc, expect, builder=None, ext='pt'):
    CASES.append((cid, cid[0], ext, desc, expect, builder))

# ---------------------------------------------------------------- helpers
P2 = b'\x80\x02'
P4 = b'\x80\x04'

def le16(n): return struct.pack('<H', n & 0xffff)
def le32(n): return struct.pack('<I', n & 0xffffffff)
def le64(n): return struct.pack('<Q', n & 0xffffffffffffffff)

def u(s):                                  # BINUNICODE
    b = s if isinstance(s, bytes) else s.encode()
    return b'X' + le32(len(b)) + b
def sbu(s):                                # SHORT_BINUNICODE (proto 4)
    b = s if isinstance(s, bytes) else s.encode()
    return b'\x8c' + bytes([len(b)]) + b
def g(mod, name):                          # GLOBAL
    return b'c' + mod.encode() + b'\n' + name.encode() + b'\n'
def pint(n):
    if 0 <= n < 256: return b'K' + bytes([n])
    if 0 <= n < 65536: return b'M' + le16(n)
    if -2**31 <= n < 2**31: return b'J' + struct.pack('<i', n)
    b = n.to_bytes((n.bit_length() // 8) + 1, 'little', signed=True)
    return b'\x8a' + bytes([len(b)]) + b
def ptup(ints): return b'(' + b''.join(pint(i) for i in ints) + b't'

def tensor(key='0', stype='FloatStorage', numel=4, off=0, size=(2, 2), stride=(2, 1),
           loc='cpu', raw_size=None, raw_stride=None, raw_numel=None, raw_key=None,
           fn='_rebuild_tensor_v2', tail=b''):
    pid = b'(' + u('storage') + g('torch', stype) + (raw_key if raw_key is not None else u(key)) + u(loc) + \
          (raw_numel if raw_numel is not None else pint(numel)) + b'tQ'
    return (g('torch._utils', fn) + b'(' + pid + pint(off) +
            (raw_size if raw_size is not None else ptup(size)) +
            (raw_stride if raw_stride is not None else ptup(stride)) +
            b'\x89' + g('collections', 'OrderedDict') + b')R' + tail + b'tR')

def sd(items, proto=P2):                   # state dict pickle from [(keybytes|str, valuebytes)]
    body = b''.join((u(k) if not isinstance(k, tuple) else k[0]) + v for k, v in items)
    return proto + b'}(' + body + b'u.'

F32 = struct.pack('<4f', 1, 2, 3, 4)
GOOD = sd([('w', tensor())])

class E:                                   # one zip entry, every field overridable
    def __init__(s, name, data, **kw):
        s.name = name if isinstance(name, bytes) else name.encode()
        s.data = data
        s.method = kw.get('method', 0)
        raw = kw.get('stored')             # bytes put in the archive (default: data, deflated if method 8)
        if raw is None:
            if s.method == 8:
                c = zlib.compressobj(9, zlib.DEFLATED, -15); raw = c.compress(data) + c.flush()
            else: raw = data
        s.raw = raw
        crc = zlib.crc32(data) & 0xffffffff
        s.usize = kw.get('usize', len(data)); s.csize = kw.get('csize', len(raw)); s.crc = kw.get('crc', crc)
        s.flags = kw.get('flags', 0x0808)
        s.lname = kw.get('lname', s.name); s.lmethod = kw.get('lmethod', s.method)
        s.lflags = kw.get('lflags', s.flags)
        dd = s.lflags & 8
        s.lcrc = kw.get('lcrc', 0 if dd else s.crc); s.lcsize = kw.get('lcsize', 0 if dd else s.csize)
        s.lusize = kw.get('lusize', 0 if dd else s.usize)
        s.dd = kw.get('dd', (b'PK\x07\x08' + le32(s.crc) + le32(s.csize) + le32(s.usize)) if dd else b'')
        s.lextra = kw.get('lextra'); s.cextra = kw.get('cextra', b'')
        s.lxlen = kw.get('lxlen'); s.cnlen = kw.get('cnlen'); s.cxlen = kw.get('cxlen')
        s.comment = kw.get('comment', b''); s.attr = kw.get('attr', 0)
        s.off = kw.get('off'); s.in_cd = kw.get('in_cd', True); s.pre = kw.get('pre', b'')
        s.made = kw.get('made', 0); s.no_local = kw.get('no_local', False)

def zipf(entries, **kw):
    out = bytearray(kw.get('prefix', b''))
    base = kw.get('base', 0)
    for e in entries:
        out += e.pre
        e.pos = len(out) - base
        if e.no_local: continue
        ex = e.lextra
        if ex is None:                     # PyTorch pads the data to 64 bytes with an 'FB' extra
            start = len(out) + 30 + len(e.lname) + 4
            ex = b'FB' + le16((-start) % 64) + b'Z' * ((-start) % 64)
        out += struct.pack('<4sHHHHHIIIHH', b'PK\x03\x04', 0, e.lflags, e.lmethod, 0, 0, e.lcrc,
                           e.lcsize & 0xffffffff, e.lusize & 0xffffffff, len(e.lname),
                           len(ex) if e.lxlen is None else e.lxlen) + e.lname + ex + e.raw + e.dd
    out += kw.get('gap', b'')
    cdo = len(out) - base
    cd = bytearray()
    n = 0
    for e in entries:
        if not e.in_cd: continue
        n += 1
        cd += struct.pack('<4sHHHHHHIIIHHHHHII', b'PK\x01\x02', e.made, 0, e.flags, e.method, 0, 0, e.crc,
                          e.csize & 0xffffffff, e.usize & 0xffffffff,
                          len(e.name) if e.cnlen is None else e.cnlen,
                          len(e.cextra) if e.cxlen is None else e.cxlen,
                          len(e.comment), 0, 0, e.attr, (e.pos if e.off is None else e.off) & 0xffffffff) \
              + e.name + e.cextra + e.comment
    out += cd
    count = kw.get('count', n); cds = kw.get('cdsize', len(cd)); cdo2 = kw.get('cdoff', cdo)
    if kw.get('z64', True):
        z = len(out)
        out += struct.pack('<4sQHHIIQQQQ', b'PK\x06\x06', kw.get('z64len', 44), 0x031e, 45, 0, 0,
                           kw.get('z64count', count), kw.get('z64count', count), kw.get('z64cds', cds), kw.get('z64cdo', cdo2))
        out += struct.pack('<4sIQI', b'PK\x06\x07', 0, kw.get('z64off', z - base), 1)
    c = kw.get('comment', b'')
    out += struct.pack('<4sHHHHIIH', b'PK\x05\x06', kw.get('disk', 0), kw.get('cddisk', 0), count & 0xffff, count & 0xffff,
                       cds & 0xffffffff, cdo2 & 0xffffffff, kw.get('clen', len(c))) + c + kw.get('suffix', b'')
    return bytes(out)

def torchzip(pkl=GOOD, data=((u'0', F32),), root='archive', more=(), pk=None, **kw):
    ents = [E(root + '/data.pkl', pkl, **(pk or {})), E(root + '/byteorder', b'little')]
    ents += [E(root + '/data/' + k, v) for k, v in data]
    ents += [E(root + '/version', b'3\n')] + list(more)
    return zipf(ents, **kw)

def z(pkl, **kw):                          # wrap raw pickle bytes in an otherwise perfect torch zip
    return lambda: torchzip(pkl() if callable(pkl) else pkl, **kw)

def lg(*pickles, tail=b''):                # legacy stream
    return b''.join(pickles) + tail
MAGIC = P2 + b'\x8a\x0a' + bytes.fromhex('6cfc9c46f9206aa85019') + b'.'
PROTO1001 = P2 + b'M\xe9\x03.'
def sysinfo(le=True):
    return P2 + b'}(' + u('protocol_version') + b'M\xe9\x03' + u('little_endian') + (b'\x88' if le else b'\x89') + \
        u('type_sizes') + b'}(' + u('short') + b'K\x02' + u('int') + b'K\x04' + u('long') + b'K\x04uu.'
def lten(key='94', numel=4, view=b'N', **kw):
    pid = b'(' + u('storage') + g('torch', kw.get('stype', 'FloatStorage')) + u(key) + u('cpu') + pint(numel) + view + b'tQ'
    return (g('torch._utils', '_rebuild_tensor_v2') + b'(' + pid + pint(kw.get('off', 0)) + ptup(kw.get('size', (2, 2))) +
            ptup(kw.get('stride', (2, 1))) + b'\x89' + g('collections', 'OrderedDict') + b')RtR')
def lkeys(*ks): return P2 + b'](' + b''.join(u(k) if isinstance(k, str) else k for k in ks) + b'e.'
def legacy(obj=None, keys=None, tail=None, magic=MAGIC, proto=PROTO1001, info=None):
    return lg(magic, proto, sysinfo() if info is None else info,
              (sd([('w', lten())]) if obj is None else obj), lkeys('94') if keys is None else keys,
              tail=(le64(4) + F32) if tail is None else tail)

def tarh(name, size, typ=b'0', link=b'', mode=b'0000644\0', sizef=None, chk=None, magic=b'ustar\0' + b'00'):
    h = bytearray(512)
    h[0:len(name)] = name[:100]; h[100:108] = mode; h[108:116] = b'0000000\0'; h[116:124] = b'0000000\0'
    h[124:136] = sizef if sizef is not None else (b'%011o\0' % size)
    h[136:148] = b'00000000000\0'; h[156:157] = typ; h[157:157 + len(link)] = link[:100]; h[257:265] = magic
    h[148:156] = b' ' * 8
    s = sum(h)
    h[148:156] = chk if chk is not None else (b'%06o\0 ' % s)
    return bytes(h)
def tarm(name, data, **kw):
    n = name if isinstance(name, bytes) else name.encode()
    return tarh(n, len(data), **kw) + data + b'\0' * (-len(data) % 512)
TARPKL = P2 + b'}(' + u('w') + b'K\x07Q' + b'u.'        # {'w': persistent id 7}
def tarf(*members): return b''.join(members) + b'\0' * 1024
STORAGES = P2 + b'K\x01.' + P2 + b'(' + pint(94) + u('cpu') + g('torch', 'FloatStorage') + b't.' + le64(4) + F32 + P2 + b'].'
TENSORS = P2 + b'K\x01.' + P2 + b'(' + pint(7) + pint(94) + g('torch', 'FloatTensor') + b't.' + \
    struct.pack('<iiqqqqq', 2, 0, 2, 2, 2, 1, 0)
def tarbase(pk=TARPKL, st=STORAGES, te=TENSORS, extra=()):
    return tarf(tarm('sys_info', sysinfo()), tarm('pickle', pk), tarm('storages', st), tarm('tensors', te), *extra)

def st(header, data=F32, n=None, pad=b''):
    h = header if isinstance(header, bytes) else json.dumps(header).encode()
    h += pad
    return le64(len(h) if n is None else n) + h + data
STW = {'w': {'dtype': 'F32', 'shape': [2, 2], 'data_offsets': [0, 16]}}

# ================================================================ A: pickle bytes, lengths, text arguments
A = lambda cid, b, desc, exp, **kw: case(cid, desc, exp, z(b, **kw))
A('A01', b'', 'data.pkl of 0 bytes', 'REFUSE: pickle ends at byte 0, expected an opcode')
A('A02', P2, 'data.pkl = `80 02`', 'REFUSE: ends at byte 2 without STOP')
A('A03', b'.', 'data.pkl = `2e` (STOP on an empty stack)', 'REFUSE: STOP at byte 0 needs 1 value, stack has 0')
A('A04', P2 + b'N', '`80 02 4e` — value but no STOP', 'REFUSE: ends at byte 3 without STOP')
A('A05', P2 + b'\xffN.', '`80 02 ff 4e 2e` — opcode 0xFF does not exist', 'REFUSE: unknown opcode 0xff at byte 2')
A('A06', b'\x80\x06N.', '`80 06 4e 2e` — protocol 6', 'REFUSE: protocol 6 at byte 1 is not known (0–5)')
A('A07', P4 + b'\x8c\x05abc', 'SHORT_BINUNICODE says 5 bytes, 3 remain', 'REFUSE: string at byte 2 needs 5 bytes, 3 remain')
A('A08', P2 + b'X\xff\xff\xff\xffabc.', 'BINUNICODE length 0xFFFFFFFF, 4 bytes remain', 'REFUSE: at byte 2, 4294967295 bytes wanted, 4 remain; no allocation of that size')
A('A09', P4 + b'\x8d' + le64(2**64 - 1) + b'abc.', 'BINUNICODE8 length 2^64−1', 'REFUSE: as A08 (no wrap to a small number)')
A('A10', P4 + b'\x8d' + le64(2**63) + b'abc.', 'BINUNICODE8 length 2^63 (negative as int64)', 'REFUSE: as A08')
A('A11', P4 + b'\x8d' + le64(2**64 - 11) + b'abc.', 'BINUNICODE8 length chosen so that offset 11 + length = 2^64 wraps to 0', 'REFUSE: as A08')
A('A12', P4 + b'\x8e' + le64(2**40) + b'abc.', 'BINBYTES8 length 2^40', 'REFUSE: as A08')
A('A13', b'\x80\x05\x96' + le64(2**62) + b'abc.', 'BYTEARRAY8 length 2^62', 'REFUSE: as A08')
A('A14', P2 + b'\x8a\xff\x01.', 'LONG1 length 255, 2 bytes remain', 'REFUSE: integer at byte 2 needs 255 bytes, 2 remain')
A('A15', P2 + b'\x8b' + struct.pack('<i', -1) + b'.', 'LONG4 length −1', 'REFUSE: negative length at byte 3')
A('A16', P2 + b'\x8b' + le32(0x7fffffff) + b'\x01.', 'LONG4 length 2^31−1', 'REFUSE: as A14')
A('A17', b'T\xff\xff\xff\xffabc.', 'BINSTRING length −1 (cpython#135321: C and Python disagree on signedness)', 'REFUSE: negative length at byte 1')
A('A18', P4 + b'\x95' + le64(2**64 - 1) + b'N.', 'FRAME length 2^64−1', 'REFUSE: frame at byte 2 runs past the end')
A('A19', P4 + b'\x95' + le64(1000) + b'N.', 'FRAME length 1000 with 2 bytes left', 'REFUSE: as A18')
A('A20', b'Vno newline at all', 'UNICODE with no newline before the end', 'REFUSE: unterminated text argument from byte 1')
A('A21', b'Iabc\n.', 'INT `abc`', 'REFUSE: not an integer at byte 1')
A('A22', b'I\n.', 'INT with an empty line', 'REFUSE: as A21')
A('A23', lambda: b'I' + b'9' * 1000000 + b'\n.', 'INT with 1,000,000 decimal digits (quadratic bignum trap, cf. CVE-2020-10735)', 'OPEN <2 s: shown as "integer of 1,000,000 digits", never converted')
A('A24', lambda: b'L' + b'7' * 5000000 + b'L\n.', 'LONG text with 5,000,000 digits', 'OPEN <2 s: as A23')
A('A25', b'F0x1p3\n.', "FLOAT `0x1p3` (strtod accepts, Python's float() does not)", 'REFUSE: not a number at byte 1')
A('A26', b'F1,5\n.', 'FLOAT `1,5`, run also under LC_ALL=de_DE.UTF-8', 'REFUSE under every locale')
A('A27', b'F1.5\n.', 'FLOAT `1.5` under LC_ALL=de_DE.UTF-8', 'OPEN: value 1.5 (not 1), so no locale-dependent strtod')
A('A28', b'Fnan\n0F-inf\n0F1e400\n.', 'FLOAT nan, −inf, 1e400 in turn', 'OPEN: inf shown as inf')
A('A29', b"Sabc\n.", 'STRING without quotes', 'REFUSE: string must be quoted, byte 1')
A('A30', b"S'\\xZZ'\n.", r"STRING `'\xZZ'` (bad escape)", 'REFUSE: bad escape at byte 2')
A('A31', b"V\\ud800\n.", r'UNICODE `\ud800` (lone surrogate)', 'WARN: shown as \\ud800; no invalid UTF-8 reaches GTK')
A('A32', P2 + u(b'\xff\xfe\x80') + b'.', 'BINUNICODE with invalid UTF-8 ff fe 80', 'WARN: shown escaped; note that torch cannot load it')
A('A33', P2 + u(b'\xed\xa0\x80') + b'.', 'BINUNICODE ed a0 80 (surrogatepass form)', 'WARN: shown as \\ud800')
A('A34', b'cos', 'GLOBAL cut before its first newline', 'REFUSE: unterminated name at byte 1')
A('A35', b'cos\x00x\nsys\x00tem\n.', 'GLOBAL names with NUL bytes', 'OPEN: shown as os\\x00x.sys\\x00tem, never cut at the NUL; tier "unrecognised"')
A('A36', lambda: b'c' + b'a' * 1048576 + b'\nb\n.', 'GLOBAL with a 1 MiB module name', 'WARN: shown truncated')
A('A37', P2 + b'J\x01\x02', 'BININT cut after 2 of 4 bytes', 'REFUSE: at byte 2 needs 4, 2 remain')
A('A38', P2 + b'G\x00\x00\x00', 'BINFLOAT cut after 3 of 8 bytes', 'REFUSE: at byte 2 needs 8, 3 remain')
A('A39', P2 + b'\x82\x00.', 'EXT1 code 0', 'REFUSE: extension code 0 at byte 3')
A('A40', P2 + b'\x84\xff\xff\xff\xff.', 'EXT4 code −1', 'REFUSE: negative extension code at byte 3')
A('A41', P2 + b'\x82\x05.', 'EXT1 code 5 (copyreg extension)', 'OPEN: opaque, tier "unrecognised" (meaning depends on the loading process)')
A('A42', b'\x80\x05\x97.', 'NEXT_BUFFER with no out-of-band buffers', 'REFUSE: out-of-band buffer at byte 2 is not in the file')
A('A43', b'P0\n.', 'PERSID (text persistent id) `0`', 'WARN: persistent id of unknown kind')
A('A44', P2 + u('storage') + b'Q.', 'BINPERSID of a string, not a tuple', 'WARN: weights_only refuses; shown opaque')
A('A45', P2 + b'(' + u('storage') + b'tQ.', 'BINPERSID of a 1-tuple', 'WARN: storage id has 1 field, expected 5')
A('A46', P2 + b'(' + u('module') + g('a', 'B') + u('x') + u('src') + b'tQ.', "BINPERSID ('module', a.B, file, source)", 'WARN: legacy module source record shown as text, never run')
A('A47', b'\x80', 'PROTO cut', 'REFUSE: at byte 0 needs 1, 0 remain')

# ================================================================ B: stack machine and memo
A('B01', P4 + b't.', '`80 04 74 2e` TUPLE with no MARK (fickling#188)', 'REFUSE: TUPLE at byte 2 has no MARK')
A('B02', P2 + b']NeN.', 'APPENDS with no MARK', 'REFUSE: APPENDS at byte 4 has no MARK')
A('B03', P2 + b'}(K\x01u.', 'SETITEMS with an odd number of items', 'REFUSE: SETITEMS at byte 6 has 1 item')
A('B04', P2 + b'0N.', 'POP on an empty stack', 'REFUSE: POP at byte 2, stack empty')
A('B05', P2 + b'NR.', 'REDUCE with one value', 'REFUSE: REDUCE at byte 3 needs 2')
A('B06', P2 + b'b.', 'BUILD on an empty stack', 'REFUSE: BUILD at byte 2 needs 2')
A('B07', P2 + b'NK\x01.', 'STOP with two values on the stack', 'WARN: 1 unused value below the result')
A('B08', P2 + b'N(K\x01.', 'STOP inside an open MARK', 'WARN: unclosed MARK from byte 3')
A('B09', P2 + b'1N.', 'POP_MARK with no MARK', 'REFUSE: POP_MARK at byte 2')
A('B10', P2 + b'2.', 'DUP on an empty stack', 'REFUSE: DUP at byte 2')
A('B11', P2 + b'N(2t.', 'DUP right after MARK (nothing above the mark)', 'REFUSE: DUP at byte 4 would duplicate a MARK')
A('B12', P2 + b'h\x05.', 'BINGET of memo 5, never stored', 'REFUSE: memo 5 read at byte 2 was never written')
A('B13', b'gabc\n.', 'GET `abc`', 'REFUSE: memo index is not a number')
A('B14', b'g-1\n.', 'GET −1', 'REFUSE: negative memo index')
A('B15', b'Np-1\n.', 'PUT −1', 'REFUSE: negative memo index')
A('B16', P2 + b'Nr\xff\xff\xff\x7f.', 'LONG_BINPUT index 2^31−1 (CVE-2018-20406: array memo → 16 GiB)', 'OPEN: memo is a hash, RSS stays flat')
A('B17', P2 + b'Nr\xff\xff\xff\xff.', 'LONG_BINPUT index 2^32−1', 'OPEN: as B16')
A('B18', b'Np999999999999999999999999\n.', 'PUT 999999999999999999999999 (cpython#144410: C refuses, Python accepts)', 'REFUSE: memo index too large')
A('B19', b']replace.\n', 'the 9 bytes `]replace.` + newline of cpython#115952 (LONG_BINPUT 0x616c7065 then a broken GLOBAL); eats all RAM in CPython ≤3.14', 'REFUSE: unterminated name, RSS flat')
A('B20', lambda: P4 + b']' + b'\x94' * 1000000 + b'.', '1,000,000 × MEMOIZE', 'OPEN <2 s')
A('B21', P2 + b']K\x01K\x02s.', 'SETITEM on a list', 'WARN: odd target; weights_only 2.10 refuses (CVE-2026-24747)')
A('B22', P2 + b'}K\x01a.', 'APPEND to a dict', 'WARN: odd target')
A('B23', P2 + b'}}K\x01s.', 'dict used as a dict key', 'WARN: key cannot be hashed; Python cannot load it')
A('B24', P2 + b']q\x00h\x00a.', 'list that contains itself', 'OPEN: row "↻ same list"; no recursion')
A('B25', P2 + b'}q\x00' + u('self') + b'h\x00s.', 'dict that contains itself', 'OPEN: as B24')
A('B26', P2 + b']q\x00h\x00\x85q\x01a.', 'list → tuple → list cycle', 'OPEN: as B24')
A('B27', P2 + g('x', 'Y') + b')\x81q\x00}' + u('me') + b'h\x00sb.', 'object whose BUILD state holds the object', 'OPEN: as B24, tier "unrecognised"')
A('B28', P2 + u('str') + b')\x81.', 'NEWOBJ on a string', 'WARN: class is not a global')
A('B29', P4 + g('x', 'Y') + b')}\x92.', 'NEWOBJ_EX', 'OPEN: tier "unrecognised"; not loadable under weights_only (opcode)')
A('B30', P2 + g('x', 'Y') + b'NR.', 'REDUCE whose arguments are None, not a tuple', 'WARN: arguments are not a tuple')
A('B31', P4 + b'\x8c\x02os\x8c\x06system\x94\x93' + b')R.', 'STACK_GLOBAL os.system with MEMOIZE between', 'OPEN + report: DANGEROUS os.system, called')
A('B32', P4 + b'K\x2a\x94\x8c\x02os\x94h\x00h\x01\x93.', 'STACK_GLOBAL of (42, "os") through the memo (picklescan type-confusion)', 'WARN + report: STACK_GLOBAL name is not a string, tier "malformed"')
A('B33', P4 + b'\x8c\x02os\x94h\x03h\x00\x93.', 'STACK_GLOBAL with memo 3 missing (picklescan keyerror-exploit)', 'REFUSE at byte 7: memo 3 never written; report lists what came before')
A('B34', P4 + b'\x93.', 'STACK_GLOBAL on an empty stack', 'REFUSE: needs 2')
A('B35', P2 + b'(K\x01K\x02K\x03d.', 'DICT with 3 items', 'REFUSE: DICT at byte 9 has 3 items')
A('B36', P4 + b'\x8f(]\x90.', 'ADDITEMS with an unhashable list', 'WARN: as B23')
A('B37', P4 + b'(]\x91.', 'FROZENSET of a list', 'WARN: as B23')

# ================================================================ C: expansion and resource attacks
BL = b'(' * 10 + b'U lol lol lol lol lol lol lol lol ' + (b'2' * 9 + b'l') * 10 + b'.'
A('C01', BL, 'billion laughs by DUP: `(`×10, SHORT_BINSTRING of 32 bytes, (`2`×9 `l`)×10, `.` = 145 bytes (coldwaterq/pickle_injector billionLaughs.pt); 10^10 leaves when expanded', 'OPEN <1 s, RSS flat: 10 shared lists; no expanded count is computed by walking')
BL2 = b'(' * 10 + b'U lol lol lol lol lol lol lol lol ' + b''.join(b'q' + c + (b'h' + c) * 9 + b'l' for c in [bytes([97 + i]) for i in range(10)]) + b'.'
A('C02', BL2, 'the same by BINPUT/BINGET (billionLaughsAlt.pkl, 255 bytes): no DUP used', 'OPEN: as C01')
A('C03', P4 + b']q\x00' + b']q\x01(' + b'h\x00' * 10 + b'e' + b''.join(b']q' + bytes([i + 1]) + b'(' + (b'h' + bytes([i])) * 10 + b'e' for i in range(1, 60)) + b'.', '60 levels, each APPENDS the level below 10 times: 10^60 leaves', 'OPEN: as C01; counters saturate instead of wrapping')
A('C04', lambda: P2 + b']' * 1000000 + b'a' * 999999 + b'.', 'lists nested 1,000,000 deep (2 MB)', 'REFUSE: more than 10,000 levels; no stack overflow on parse, free or print')
A('C05', lambda: P2 + b'N' + b'\x85' * 1000000 + b'.', 'TUPLE1 × 1,000,000', 'REFUSE: as C04')
A('C06', lambda: P2 + (b'}' + u('k')) * 9990 + b'N' + b's' * 9990 + b'.', 'dicts nested 9,990 deep (under the limit)', 'OPEN: rows expand lazily; close and quit do not recurse')
A('C07', lambda: b'(' * 10000000, '10,000,000 × MARK (10 MB), no STOP', 'REFUSE <2 s: mark limit; RSS ≤ 256 MiB')
A('C08', lambda: P2 + b'N' * 10000000 + b'.', '10,000,000 × NONE left on the stack', 'WARN <2 s: 9,999,999 unused values; RSS ≤ 256 MiB (None is one shared node)')
A('C09', lambda: P2 + b'](' + b'}' * 10000000 + b'e.', 'list of 10,000,000 empty dicts from 10 MB (48-byte node = 48× amplification)', 'OPEN (10,000,001 objects are inside the budget), RSS ≤ 1 GiB, 2 s to first paint; a 30 MB variant is refused at 20,000,000 objects')
A('C10', lambda: P2 + b'}(' + (u('k') + b'N') * 1000000 + b'u.', 'one key set 1,000,000 times', 'WARN: 1 key, set 1,000,000 times; linear time')
A('C11', lambda: P2 + b'}(' + b''.join(u('%064d' % i) + b'N' for i in range(200000)) + b'u.', '200,000 keys with a 58-byte common prefix', 'OPEN <2 s: keyed hash, no quadratic search')
A('C12', lambda: P2 + b'}' + u('A' * 104857600) + b'Ns.', 'one key of 100 MiB (stored deflated, ~100 kB file)', 'OPEN <2 s: 200 characters shown; RSS ≤ 256 MiB', pk={'method': 8})
A('C13', lambda: P2 + b']q\x00(' + b'h\x00' * 1000000 + b'e.', 'list with 1,000,000 references to itself', 'OPEN: as B24')
A('C14', lambda: P2 + b'\x8b' + le32(16777216) + b'\x7f' * 16777216 + b'.', 'LONG4 integer of 16 MiB', 'OPEN <2 s: "integer of 134,217,727 bits"')
A('C15', lambda: P2 + b'}q\x01(' + b''.join(u('k%d' % i) + b'N' for i in range(100000)) + b'u0](' + (g('x', 'Y') + b')\x81h\x01b') * 10000 + b'e.', '100,000-key dict used as BUILD state of 10,000 objects (quadratic if BUILD copies)', 'OPEN <2 s: state attached by reference')
A('C16', lambda: P4 + (b'\x95' + le64(0)) * 1000000 + b'N.', '1,000,000 empty FRAMEs', 'WARN <2 s')
A('C17', lambda: P2 + b'N0' * 5000000 + b'N.', '5,000,000 push/pop pairs', 'OPEN <2 s')
A('C18', P2 + g('builtins', 'range') + b'(' + pint(10**18) + b'tR.', 'REDUCE builtins.range(10^18) (never evaluated)', 'OPEN: shown as a call, not materialised')
A('C19', P2 + g('builtins', 'bytearray') + b'(' + pint(2**40) + b'tR.', 'REDUCE builtins.bytearray(2^40): on the weights_only list, allocates 1 TiB in torch', 'OPEN: call shown; report notes "asks for 1 TiB when loaded"')
A('C20', P2 + g('torch', 'Size') + b'(' + ptup([2**62, 2**62]) + b'tR.', 'torch.Size((2^62, 2^62))', 'OPEN: shown; no product computed in 64 bits')
if BIG:
    A('C21', lambda: b'N' * (1 << 32), 'data.pkl inflates to 4 GiB of `N` (4 MB deflated) [--big]', 'REFUSE: pickle larger than the 256 MiB inflate limit', pk={'method': 8})
else:
    A('C21', lambda: b'N' * (300 << 20), 'data.pkl inflates to 300 MiB of `N` (300 kB deflated); 4 GiB with --big', 'REFUSE: pickle larger than the 256 MiB inflate limit, stopped at the limit', pk={'method': 8})

# ================================================================ D: globals (all must OPEN and be reported)
D = lambda cid, b, desc, exp, **kw: case(cid, desc, 'OPEN + report: ' + exp, z(b, **kw))
cmd = u('echo x')
D('D01', P2 + g('posix', 'system') + b'(' + cmd + b'tR.', 'GLOBAL posix.system, REDUCE', 'DANGEROUS posix.system called with "echo x"; weights_only: no (module is blocked)')
D('D02', P2 + g('nt', 'system') + b'(' + cmd + b'tR.', 'GLOBAL nt.system', 'DANGEROUS (Windows alias of os)')
D('D03', P4 + sbu('subprocess') + sbu('Popen') + b'\x93(' + sbu('id') + b'tR.', 'STACK_GLOBAL subprocess.Popen', 'DANGEROUS; weights_only: no (opcode STACK_GLOBAL)')
D('D04', b"(S'pass'\ni__builtin__\nexec\n.", 'INST __builtin__ exec (picklescan malicious10)', 'DANGEROUS builtins.exec')
D('D05', b'(cos\nsystem\nS"whoami"\no.', 'OBJ os.system', 'DANGEROUS os.system')
D('D06', P2 + g('builtins', 'eval') + b'(' + u('1+1') + b'tR.', 'builtins.eval', 'DANGEROUS')
D('D07', b'c__builtin__\ngetattr\n(c__builtin__\ndict\nS\'get\'\ntR.', '__builtin__.getattr(dict, "get") (Sour Pickles)', 'DANGEROUS getattr; dict unrecognised')
D('D08', P4 + sbu('operator') + sbu('attrgetter') + b'\x93' + sbu('system') + b'\x85R' + sbu('builtins') + sbu('__import__') + b'\x93' + sbu('os') + b'\x85R\x85R' + sbu('echo x') + b'\x85R.', 'attrgetter("system")(__import__("os"))("echo x") (picklescan malicious12)', 'DANGEROUS operator.attrgetter, builtins.__import__')
D('D09', P4 + sbu('pathlib') + sbu('os.system') + b'\x93)R.', 'STACK_GLOBAL pathlib, "os.system" (dotted name, GHSA-5j3x-jp52-966f)', 'DANGEROUS: dotted name reaches os')
D('D10', P2 + g('pickle', 'loads') + b'(' + b'U\x06' + b'cos\nx\n' + b'tR.', 'pickle.loads(bytes)', 'DANGEROUS + nested pickle scanned')
D('D11', P2 + g('torch.storage', '_load_from_bytes') + b'(' + b'C'[:0] + b'U' + bytes([len(b'cposix\nsystem\n(U\x01xtR.')]) + b'cposix\nsystem\n(U\x01xtR.' + b'tR.', 'torch.storage._load_from_bytes(<pickle calling posix.system>)', 'DANGEROUS; inner pickle: posix.system')
D('D12', P2 + g('numpy.core.multiarray', '_reconstruct') + b'(' + g('numpy', 'ndarray') + b'K\x00\x85U\x01btR.', 'numpy _reconstruct(ndarray)', 'known data class, weights_only: no (not on the default list)')
D('D13', P2 + g('argparse', 'Namespace') + b')\x81}' + u('lr') + b'G?\x84z\xe1G\xae\x14{sb.', 'argparse.Namespace', 'known data class; weights_only: no, add_safe_globals([argparse.Namespace])')
D('D14', P2 + g('webbrowser', 'open') + b'(' + u('http://127.0.0.1/') + b'tR.', 'webbrowser.open', 'DANGEROUS (network/desktop)')
D('D15', P2 + g('torch', 'load') + b'(' + u('other.pt') + b'tR.', 'torch.load of another file', 'DANGEROUS (loads another pickle)')
D('D16', P2 + g('evil', 'x') + b'0N.', 'GLOBAL evil.x then POP: never used, but importing runs evil/__init__', 'unrecognised, "imported, not used"')
D('D17', P4 + b'(' + sbu('smtplib') + sbu('SMTP') + b'\x93' + sbu('127.0.0.1') + b'o0N.', 'OBJ smtplib.SMTP(...) then POP (GHSA-mxhj-88fx-4pcv: call hidden by POP)', 'DANGEROUS smtplib.SMTP, called, result thrown away')
D('D18', P2 + g('fickling.hook', 'remove_hook') + b')R0' + GOOD[2:], 'fickling.hook.remove_hook() then a normal state dict', 'DANGEROUS: switches a scanner off')
D('D19', b'Vos\np2\n0Vsystem\np3\n0Vtorch\np0\n0VLongStorage\np1\n0g2\ng3\n\x93(Vx\ntR.', 'memo decoy (picklescan malicious11)', 'DANGEROUS os.system (not torch.LongStorage)')
D('D20', b"S'os'\nS'system'\n\x93S'ls'\n\x85R.", 'STACK_GLOBAL fed by STRING opcodes (GHSA-9gvj-pp9x-gcfr)', 'DANGEROUS os.system')
D('D21', P4 + sbu('builtins') + sbu('getattr') + b'\x93(' + sbu('') + sbu('join') + b'tR(' + sbu('os') + b'\x85t' + b'R' + sbu('system') + b'\x93.', 'module name computed by "".join(...) at load time', 'malformed tier: name known only when run; treated as DANGEROUS')
D('D22', P2 + b'c\xd0\xbes\nsystem\n(' + cmd + b'tR.', 'module "оs" with Cyrillic о (U+043E)', 'unrecognised + note "contains non-ASCII letters that look like ASCII"')
D('D23', P2 + b'ctorch._utils\n_rebuild_tensor_v2\xe2\x80\x8b\n)R.', 'torch._utils._rebuild_tensor_v2 + U+200B', 'unrecognised, invisible character shown')
D('D24', P2 + g('torch', 'Tensor') + b')\x81}' + u('__class__') + g('torch', 'Tensor') + b'sb.', "BUILD state {'__class__': …} (pytorch#195615)", 'note: dunder attribute set through state')
case('D25', 'SETITEM on a tensor (CVE-2026-24747)', 'WARN + report: malformed: writes into a tensor while loading; weights_only: <2.10 memory corruption, ≥2.10 refuses', z(P2 + tensor() + b'K\x00K\x07s.'))
D('D26', P4 + b'\x95' + le64(2) + b'}.', 'plain {} saved with protocol 4 (FRAME)', 'nothing found; weights_only: no (opcode FRAME at byte 2)')
D('D27', b'(dp0\nVa\np1\nI1\ns.', 'plain {"a": 1} in protocol 0', 'nothing found; weights_only: no (opcodes DICT, PUT, UNICODE, INT)')
D('D28', P2 + g('__builtin__', 'set') + b'(](K\x01e' + b'tR.', 'Python 2 name __builtin__.set', 'weights_only: yes (mapped to builtins.set)')
D('D29', P2 + g('copy_reg', '_reconstructor') + b'(' + g('x', 'Y') + g('__builtin__', 'object') + b'NtR.', 'copy_reg._reconstructor (Python 2 object)', 'unrecognised x.Y; names mapped to copyreg')
D('D30', P2 + g('os', 'path.join') + b')R.', 'GLOBAL os, "path.join"', 'DANGEROUS: module os')
D('D31', P2 + g('collections', 'OrderedDict.__init__.__globals__') + b'.', 'dotted dunder walk from a safe class', 'malformed: attribute path through dunders')
D('D32', GOOD, 'the clean baseline state dict', 'nothing found; weights_only: yes')

# ================================================================ E: hiding places and stream tricks
case('E01', 'picklescan broken_model.pkl: `cbuiltins exec (X>…tRX.` — payload runs before the stream breaks (nullifAI)', 'REFUSE tree at the truncated string + report: DANGEROUS builtins.exec before the error', z(b"cbuiltins\nexec\n(X=\x00\x00\x00f = open('my_file.txt', 'a'); f.write('Malicious'); f.close()tRX."))
case('E02', 'good data.pkl + a second pickle (posix.system) after STOP', 'WARN + report: 2nd pickle at byte N, DANGEROUS', z(GOOD + P2 + g('posix', 'system') + b')R.'))
case('E03', 'good data.pkl + 1 KiB of 0x41 after STOP', 'WARN: 1,024 bytes after STOP', z(GOOD + b'A' * 1024))
def frame_hide():
    hidden = b'cos\nsystem\nVecho x\n\x85R'
    return b'\x80\x05NV' + b'a' * (8192 * 16 - 17) + b'\n0(\x95' + le64(2) + b'B\x07\x01\x00\x00\x00\x00' + (hidden + b'(').ljust(261, b'N') + b'1.'
case('E04', 'FRAME of 2 bytes around a BINBYTES of 0x107 bytes that hides GLOBAL os.system (cpython#154848, fickling test_frame_boundary_divergence)', 'REFUSE + report: opcode at byte N crosses the end of its frame; both readings scanned; DANGEROUS os.system', z(frame_hide))
case('E05', 'FRAME opened inside another frame', 'WARN: frame at byte 12 opens before the last one ended', z(b'\x80\x05\x95' + le64(30) + b'N\x95' + le64(2) + b'N' + b'N' * 20 + b'.'))
case('E06', 'PROTO 2, value, PROTO 4 in the middle', 'WARN: PROTO at byte 4 is not first', z(P2 + b'N0' + P4 + b'N.'))
case('E07', 'good archive + unreferenced record archive/data/evil that is a pickle (posix.system)', 'WARN + report: hidden pickle in archive/data/evil', lambda: torchzip(more=[E('archive/data/evil', P2 + g('posix', 'system') + b')R.')]))
case('E08', 'good archive + archive/.data/notes.txt that is a pickle', 'WARN + report: as E07 (content, not extension, decides: GHSA-769v-p64c-89pr)', lambda: torchzip(more=[E('archive/.data/notes.txt', P2 + g('os', 'system') + b')R.')]))
case('E09', 'archive/data.pkl good, other/data.pkl evil', 'WARN: two data.pkl in different folders; torch uses the first folder', lambda: torchzip(more=[E('other/data.pkl', P2 + g('os', 'system') + b')R.')]))
case('E10', 'storage data/0 whose float bytes begin 80 02 63 (looks like a pickle) but is referenced with the right size', 'OPEN, no alarm (modelaudit#1654 false positive)', lambda: torchzip(data=[('0', b'\x80\x02c' + b'\0' * 13)]))
case('E11', 'data.pkl = 64 MiB of NUL then a pickle', 'REFUSE: unknown opcode 0x00 at byte 0', z(lambda: b'\0' * (64 << 20) + GOOD, pk={'method': 8}))
case('E12', 'legacy file: magic pickle is eval("0x1950A8…") (picklescan pytorch_magic_bypass.pt)', 'WARN + report: a bare pickle whose result is a call of builtins.eval (DANGEROUS); N bytes follow STOP', lambda: lg(P2 + g('__builtin__', 'eval') + b'(' + u('0x1950A86A20F9469CFC6C') + b'tR.', PROTO1001, sysinfo(), P2 + b'].', P2 + g('posix', 'system') + b'(' + cmd + b'tR.'))

# ================================================================ F: zip structure and ambiguity
def two(a, b, **kw): return zipf([a, b] + [E('archive/byteorder', b'little'), E('archive/data/0', F32), E('archive/version', b'3\n')], **kw)
PKLE = lambda **kw: E('archive/data.pkl', GOOD, **kw)
REST = lambda: [E('archive/byteorder', b'little'), E('archive/data/0', F32), E('archive/version', b'3\n')]
Z = lambda cid, desc, exp, f, ext='pt': case(cid, desc, exp, f, ext)
Z('F01', 'local name archive/datap.kl, central name archive/data.pkl (picklescan malicious1_central_directory.zip; CVE-2025-1944)', 'WARN: names differ at byte 0; central name used, as torch does', lambda: zipf([PKLE(lname=b'archive/datap.kl')] + REST()))
Z('F02', 'central method 0, local method 8, data stored', 'WARN: methods differ', lambda: zipf([PKLE(lmethod=8)] + REST()))
Z('F03', 'CRC of data.pkl wrong in central and descriptor (CVE-2025-10156)', 'WARN: checksum of archive/data.pkl is X, file says Y', lambda: zipf([PKLE(crc=0x12345678)] + REST()))
Z('F04', 'CRC of data/0 wrong', 'WARN when the record is read or Verify is run, not on open', lambda: zipf([PKLE(), E('archive/byteorder', b'little'), E('archive/data/0', F32, crc=1), E('archive/version', b'3\n')]))
Z('F05', 'flag bit 0 (encrypted) set on a plain record (picklescan malicious1_0x1.zip, CVE-2025-1945)', 'WARN: marked encrypted but is not', lambda: zipf([PKLE(flags=0x0809)] + REST()))
Z('F06', 'flag bit 5 (0x20 patch data)', 'WARN', lambda: zipf([PKLE(flags=0x0828)] + REST()))
Z('F07', 'flag bit 6 (0x40 strong encryption)', 'WARN', lambda: zipf([PKLE(flags=0x0848)] + REST()))
Z('F08', 'flag bit 13 (0x2000 masked headers)', 'WARN', lambda: zipf([PKLE(flags=0x2808)] + REST()))
Z('F09', 'no data descriptor (bit 3 clear), local sizes 0, central sizes right', 'WARN: local header says 0 bytes', lambda: zipf([PKLE(flags=0x0800, lcsize=0, lusize=0, lcrc=0, dd=b'')] + REST()))
Z('F10', 'descriptor sizes differ from central', 'WARN', lambda: zipf([PKLE(dd=b'PK\x07\x08' + le32(0) + le32(5) + le32(5))] + REST()))
Z('F11', 'two records named archive/data.pkl, different content', 'REFUSE: name appears twice (entries 1 and 2); readers disagree which one counts', lambda: two(PKLE(), E('archive/data.pkl', P2 + g('os', 'system') + b')R.')))
Z('F12', 'two records named archive/data/0', 'WARN: name appears twice; values of storage 0 not shown, Save disabled', lambda: zipf([PKLE(), E('archive/data/0', F32), E('archive/data/0', b'\0' * 16), E('archive/version', b'3\n')]))
Z('F13', 'archive/data.pkl and archive/DATA.PKL', 'WARN: differ only in case', lambda: two(PKLE(), E('archive/DATA.PKL', b'N.')))
Z('F14', 'two central entries for one local header (full overlap)', 'REFUSE: records 1 and 2 share bytes 0–N', lambda: two(PKLE(), E('archive/data.pkl2', GOOD, off=0, no_local=True)))
def fifield(n=20):
    kern = zlib.compressobj(9, zlib.DEFLATED, -15); blob = b'a' * 1048576; k = kern.compress(blob) + kern.flush()
    out = b''; heads = []
    for i in reversed(range(n)):               # quoted overlap: file i = stored block quoting the next header + rest
        nm = b'archive/data/%d' % i
        if out:
            q = out[:30 + len(heads[-1])]
            body = b'\x00' + le16(len(q)) + le16(0xffff ^ len(q)) + out
        else:
            body = k
        heads.append(nm)
        out = struct.pack('<4sHHHHHIIIHH', b'PK\x03\x04', 20, 0, 8, 0, 0, 0, len(body), 1048576 + 40 * i, len(nm), 0) + nm + body
    return out, n
def fifieldzip():
    out, n = fifield(); cd = b''; pos = 0
    for i in range(n):
        nm = b'archive/data/%d' % i
        hdr = 30 + len(nm)
        cd += struct.pack('<4sHHHHHHIIIHHHHHII', b'PK\x01\x02', 20, 20, 0, 8, 0, 0, 0, len(out) - pos - hdr, 1048576, len(nm), 0, 0, 0, 0, 0, pos) + nm
        pos += hdr + 5
    return out + cd + struct.pack('<4sHHHHIIH', b'PK\x05\x06', 0, 0, n, n, len(cd), len(out), 0)
Z('F15', "Fifield quoted-overlap bomb, 20 entries over one 1 MiB kernel (zbsm.zip: 42 kB → 5.5 GB; CVE-2019-13232, CVE-2024-0450)", 'REFUSE: records overlap (bytes A–B)', fifieldzip)
Z('F16', 'EOCD entry count one less than the central directory', 'WARN: 1 entry is not counted', lambda: torchzip(count=3, z64=False))
Z('F17', 'EOCD entry count one more', 'REFUSE: entry 5 of 5 missing at byte N', lambda: torchzip(count=5, z64=False))
Z('F18', 'central directory offset beyond the end', 'REFUSE: directory at 0xF0000000, file has N bytes', lambda: torchzip(cdoff=0xF0000000, z64=False))
Z('F19', 'central directory size reaches past the EOCD', 'REFUSE', lambda: torchzip(cdsize=0x7fffffff, z64=False))
Z('F20', 'archive comment holds a second EOCD (22 bytes, 0 entries)', 'REFUSE: two end records; readers disagree (ZipDiff C2)', lambda: torchzip(comment=struct.pack('<4sHHHHIIH', b'PK\x05\x06', 0, 0, 0, 0, 0, 0, 0)))
Z('F21', 'EOCD comment length 10 but 0 bytes follow', 'REFUSE: end record cut', lambda: torchzip(clen=10))
Z('F22', 'zip64 locator says the zip64 end record is at byte 3 (CVE-2025-8291)', 'REFUSE: no zip64 end record at byte N', lambda: torchzip(z64off=3))
Z('F23', 'zip64 EOCD counts 1 entry, EOCD counts 4', 'REFUSE: the two end records disagree (ZipDiff C5)', lambda: torchzip(z64count=1))
Z('F24', 'zip64 EOCD central directory offset 2^63', 'REFUSE', lambda: torchzip(z64cdo=2**63, cdoff=0xffffffff))
Z('F25', 'zip64 EOCD record length 2^63', 'REFUSE', lambda: torchzip(z64len=2**63))
Z('F26', 'central usize/csize 0xFFFFFFFF with a zip64 extra saying 2^63', 'REFUSE: record size 2^63 exceeds the file', lambda: zipf([PKLE(usize=0xffffffff, csize=0xffffffff, cextra=b'\x01\x00\x10\x00' + le64(2**63) * 2)] + REST()))
Z('F27', 'central sizes 0xFFFFFFFF and no zip64 extra', 'REFUSE: zip64 field missing', lambda: zipf([PKLE(usize=0xffffffff, csize=0xffffffff)] + REST()))
Z('F28', 'two zip64 extras that disagree', 'REFUSE: two zip64 fields disagree (ZipDiff A2)', lambda: zipf([PKLE(usize=0xffffffff, csize=0xffffffff, cextra=b'\x01\x00\x10\x00' + le64(len(GOOD)) * 2 + b'\x01\x00\x10\x00' + le64(1) * 2)] + REST()))
Z('F29', 'local header offset 0xFFFFFFF0', 'REFUSE: header of record 1 at 4294967280, file has N bytes', lambda: zipf([PKLE(off=0xfffffff0)] + REST()))
Z('F30', 'local header offset points into another record', 'REFUSE: no local header at byte N', lambda: zipf([PKLE(off=70)] + REST()))
Z('F31', 'stored record whose csize and usize differ', 'REFUSE: stored record with two sizes', lambda: zipf([PKLE(usize=10)] + REST()))
Z('F32', 'name `archive/data.pkl\\0.txt`', 'WARN: NUL in name, shown escaped; not equal to data.pkl → REFUSE "no data.pkl"', lambda: zipf([E(b'archive/data.pkl\0.txt', GOOD)] + REST()))
Z('F33', 'name of 0 bytes', 'WARN', lambda: torchzip(more=[E(b'', b'x')]))
Z('F34', 'names ../../../../x/evil, /etc/evil, C:\\\\evil', 'WARN: listed escaped; extract/export uses the last component only', lambda: torchzip(more=[E('../../../../x/evil', b'x'), E('/etc/evil', b'x'), E('C:\\evil', b'x')]))
Z('F35', 'Info-ZIP Unicode Path extra 0x7075 giving another name', 'WARN: two names (ZipDiff A3)', lambda: zipf([PKLE(cextra=b'up' + le16(5 + 8) + b'\x01' + le32(zlib.crc32(b'archive/data.pkl')) + b'evil.pkl')] + REST()))
Z('F36', '65,537 entries, EOCD count 1 (65,537 mod 65,536), no zip64', 'REFUSE: directory has 65,537 entries, end record says 1 (ZipDiff C3)', lambda: zipf([PKLE()] + REST() + [E('archive/x/%d' % i, b'', lextra=b'', dd=b'', flags=0x800) for i in range(65533)], z64=False))
Z('F37', '200,000 empty entries (≈22 MB)', 'OPEN <2 s', lambda: zipf([PKLE()] + REST() + [E('archive/x/%06d' % i, b'', lextra=b'', dd=b'', flags=0x800) for i in range(200000)]))
Z('F38', '4 KiB of `MZ…` before the zip, offsets adjusted', 'WARN: zip starts at byte 4,096; torch looks only at byte 0 and will not recognise this file', lambda: torchzip(prefix=b'MZ' + b'\0' * 4094))
Z('F39', '100 bytes after the EOCD', 'WARN: 100 bytes after the end record', lambda: torchzip(suffix=b'X' * 100))
Z('F40', '70,000 bytes after the EOCD (outside the 64 KiB search)', 'REFUSE: no end record in the last 65,557 bytes', lambda: torchzip(suffix=b'X' * 70000))
Z('F41', 'EOCD disk number 3', 'REFUSE: part of a multi-disk archive', lambda: torchzip(disk=3, cddisk=3, z64=False))
Z('F42', 'data.pkl with method 99 / 14 / 93 / 12', 'REFUSE: compression method 99 is not supported', lambda: zipf([PKLE(method=99, stored=GOOD)] + REST()))
Z('F43', 'deflate stream cut in half', 'REFUSE: compressed data ends early at byte N', lambda: zipf([PKLE(method=8, stored=E('x', GOOD, method=8).raw[:30])] + REST()))
Z('F44', 'deflate stream of random bytes', 'REFUSE: invalid compressed data', lambda: zipf([PKLE(method=8, stored=bytes(random.Random(1).randrange(256) for _ in range(200)))] + REST()))
Z('F45', 'deflate gives 1 MiB, usize says 154', 'REFUSE: larger than declared; stops at 155 bytes', lambda: zipf([E('archive/data.pkl', GOOD + b'N' * 1048576, method=8, usize=len(GOOD))] + REST()))
Z('F46', 'usize 2^40 through zip64 for a 10-byte stored data.pkl', 'REFUSE: record needs 2^40 bytes', lambda: zipf([PKLE(usize=0xffffffff, csize=0xffffffff, cextra=b'\x01\x00\x10\x00' + le64(2**40) * 2)] + REST()))
Z('F47', 'local record (posix.system pickle) between two records, not in the central directory', 'WARN: 1 unlisted record at byte N (ZipDiff C1)', lambda: zipf([PKLE(), E('archive/hidden.pkl', P2 + g('posix', 'system') + b')R.', in_cd=False)] + REST()))
Z('F48', 'zip with no entries: `PK 05 06` + 18 NUL', 'REFUSE: empty archive', lambda: b'PK\x05\x06' + b'\0' * 18)
Z('F49', 'central name length 0xFFFF past the directory', 'REFUSE: directory entry 1 runs past its end', lambda: zipf([PKLE(cnlen=0xffff)] + REST()))
Z('F50', 'local extra length 0xFFFF past the end of the file', 'REFUSE: data of record would start at byte N, file has M', lambda: zipf([PKLE(lxlen=0xffff)] + REST()))
Z('F51', 'record data range overlaps the central directory', 'REFUSE: overlap', lambda: zipf([E('archive/byteorder', b'little'), E('archive/data/0', F32), PKLE(csize=4000, usize=4000)]))
Z('F52', 'data.pkl with Unix mode S_IFLNK (0xA1FF<<16)', 'WARN: marked as a symbolic link; shown as data', lambda: zipf([PKLE(attr=0xA1FF0000, made=0x0300)] + REST()))
Z('F53', 'directory entry `archive/` carrying 4 bytes', 'WARN', lambda: torchzip(more=[E('archive/', b'data')]))
Z('F54', 'version = "abc"', 'WARN: version is not a number', lambda: zipf([PKLE(), E('archive/data/0', F32), E('archive/version', b'abc')]))
Z('F55', 'version = 10^20', 'WARN', lambda: zipf([PKLE(), E('archive/data/0', F32), E('archive/version', b'1' + b'0' * 20)]))
Z('F56', 'byteorder = "middle"', 'REFUSE data views: unknown byte order; tree still shown', lambda: zipf([PKLE(), E('archive/byteorder', b'middle'), E('archive/data/0', F32), E('archive/version', b'3\n')]))
Z('F57', 'records in different roots: a/data.pkl, b/data/0, c/version', 'WARN: storage 0 not found under a/', lambda: zipf([E('a/data.pkl', GOOD), E('b/data/0', F32), E('c/version', b'3\n')]))
Z('F58', 'data.pkl at the root (no folder)', 'WARN: torch refuses ("file in archive is not in a subdirectory")', lambda: zipf([E('data.pkl', GOOD), E('data/0', F32), E('version', b'3\n')]))
Z('F59', 'root folder name empty: /data.pkl', 'WARN', lambda: torchzip(root=''))
Z('F60', 'storage record data/0 missing', 'WARN: tensor w: record archive/data/0 is missing', lambda: torchzip(data=[]))
Z('F61', 'storage record deflated (torch_dos style): 64 MiB of zeros, numel 16,777,216', 'OPEN: listed without inflating; viewing inflates only what is shown', lambda: zipf([E('archive/data.pkl', sd([('w', tensor(numel=1 << 24, size=(1 << 24,), stride=(1,)))])), E('archive/data/0', b'\0' * (64 << 20), method=8), E('archive/version', b'3\n')]))
Z('F62', 'zip inside zip: archive/data.pkl is itself a torch zip', 'REFUSE: data.pkl begins PK\\3\\4: a zip, not a pickle (`P` alone would parse as PERSID)', lambda: torchzip(torchzip()))
Z('F63', 'first half of a good archive (download cut)', 'WARN: no end record, file is cut at N bytes; keys shown, tensor w incomplete', lambda: torchzip()[:300])
Z('F64', 'good archive with every byte of the central directory zeroed', 'REFUSE: no directory entry at byte N', lambda: (lambda b: b[:b.index(b'PK\x01\x02')] + b'\0' * (b.index(b'PK\x06\x06') - b.index(b'PK\x01\x02')) + b[b.index(b'PK\x06\x06'):])(torchzip()))

# ================================================================ H: tensor and storage metadata
H = lambda cid, t, desc, exp, data=((u'0', F32),), **kw: case(cid, desc, exp, lambda: torchzip(sd([('w', t() if callable(t) else t)]), data=data, **kw))
H('H01', tensor(), 'numel 4 (16 bytes) but data/0 has 12 bytes (CVE-2026-24747)', 'WARN: tensor w needs 16 bytes, record has 12', data=[('0', F32[:12])])
H('H02', tensor(), 'numel 4 but data/0 has 64 bytes', 'WARN: 48 unused bytes', data=[('0', F32 * 4)])
H('H03', tensor(numel=-1), 'numel −1', 'WARN: negative element count; value not shown')
H('H04', tensor(numel=0x4000000000000001), 'numel 0x4000000000000001: ×4 wraps to 4 (pytorch#181310)', 'WARN: size overflows 64 bits')
H('H05', tensor(size=(2**32, 2**32), stride=(2**32, 1)), 'size (2^32, 2^32): product wraps to 0', 'WARN: 2^64 elements do not fit')
H('H06', tensor(size=(2**63 - 1, 3), stride=(1, 1)), 'size (2^63−1, 3)', 'WARN: overflow')
H('H07', tensor(size=(-2, 2)), 'size (−2, 2)', 'WARN: negative size at dimension 0')
H('H08', tensor(stride=(-2, 1)), 'stride (−2, 1)', 'WARN: negative stride at dimension 0')
H('H09', tensor(off=-4), 'storage offset −4', 'WARN: negative offset')
H('H10', tensor(off=1), 'offset 1: last element is index 4 of 4', 'WARN: reaches element 4, storage has 4')
H('H11', tensor(off=2**62, size=(0, 2), stride=(2, 1)), 'zero elements but offset 2^62 (size==0 short circuit of pytorch#183381)', 'WARN: offset beyond the storage; no pointer is formed')
H('H12', tensor(size=(2,), stride=(2**62,)), 'size (2,), stride (2^62,)', 'WARN: overflow')
H('H13', tensor(size=(2, 2), stride=(1,)), 'size and stride lengths differ', 'WARN: 2 sizes, 1 stride')
H('H14', tensor(numel=32, size=(1 << 21, 1 << 21), stride=(0, 0)), 'zero-stride view: 2^42 elements over 128 bytes (burn#5506: 17.6 TB when materialised)', 'OPEN: "4,398,046,511,104 elements (expanded view of 1)"; view/stat/export work in bounded memory or refuse by size', data=[('0', F32 * 8)])
H('H15', tensor(size=(1,) * 65, stride=(1,) * 65), '65 dimensions', 'WARN: more than 64 dimensions')
H('H16', lambda: tensor(raw_size=b'(' + b'K\x01' * 100000 + b't', raw_stride=b'(' + b'K\x01' * 100000 + b't'), '100,000 dimensions', 'WARN: as H15; <1 s')
H('H17', tensor(raw_size=b'(' + u('2') + b'Nt'), "size ('2', None)", 'WARN: size is not a tuple of integers')
H('H18', tensor(raw_size=b'(\x8a\x09' + b'\xff' * 8 + b'\x00K\x01t'), 'size with LONG1 2^64−1', 'WARN: overflow')
H('H19', tensor(raw_size=b'(G@\x00\x00\x00\x00\x00\x00\x00K\x02t'), 'size (2.0, 2)', 'WARN: as H17')
H('H20', tensor(stype='FooStorage'), 'torch.FooStorage', 'WARN: unknown element type; weights_only: no')
H('H21', tensor(key='../../etc/passwd'), 'storage key ../../etc/passwd', 'WARN: no such record; never touches the file system')
H('H22', tensor(key='0/../0'), 'storage key 0/../0', 'WARN: no such record (no normalisation)')
H('H23', tensor(raw_key=b'K\x00'), 'storage key is the integer 0', 'WARN: storage key is not text; value not shown')
H('H24', tensor(loc='x' * 1000000), 'device string of 1 MB', 'OPEN: shown truncated')
case('H25', 'one storage read as FloatStorage and as LongStorage', 'WARN: storage 0 has two types', lambda: torchzip(sd([('a', tensor()), ('b', tensor(stype='LongStorage', numel=2, size=(2,), stride=(1,)))])))
case('H26', 'one storage with numel 4 and numel 400', 'WARN: storage 0 has two sizes', lambda: torchzip(sd([('a', tensor()), ('b', tensor(numel=400, size=(400,), stride=(1,)))])))
H('H27', g('torch._utils', '_rebuild_parameter') + b'(K\x05\x88' + g('collections', 'OrderedDict') + b')RtR', '_rebuild_parameter(5, …)', 'WARN: parameter data is not a tensor')
H('H28', g('torch._utils', '_rebuild_tensor_v2') + b'(tR', '_rebuild_tensor_v2 with no arguments', 'WARN: 0 arguments, expected 6–7')
H('H29', g('torch._utils', '_rebuild_sparse_tensor') + b'(' + g('torch', 'sparse_coo') + b'(' + tensor(stype='LongStorage', numel=2, size=(1, 2), stride=(2, 1)) + tensor(numel=4, size=(2,), stride=(1,)) + ptup([2**40]) + b'\x88ttR', 'sparse COO, indices beyond the declared shape', 'WARN; densify is refused by size')
H('H30', g('torch._utils', '_rebuild_meta_tensor_no_storage') + b'(' + g('torch', 'float32') + ptup([2**60]) + ptup([1]) + b'\x89tR', 'meta tensor of 2^60 elements', 'OPEN: "no data in file"')
H('H31', g('torch._utils', '_rebuild_qtensor') + tensor()[len(g('torch._utils', '_rebuild_tensor_v2')):-1] + b'R', '_rebuild_qtensor with missing scheme', 'WARN')
case('H32', '100,000 tensors that all share storage 0', 'OPEN <2 s', lambda: torchzip(sd([('w%d' % i, tensor()) for i in range(100000)])))
case('H33', 'storage self-overlap: size (4,4), stride (1,1) over 7 elements', 'OPEN: "overlapping view"; editing one cell warns that others change', lambda: torchzip(sd([('w', tensor(numel=7, size=(4, 4), stride=(1, 1)))]), data=[('0', F32 + F32[:12])]))
case('H34', 'two keys share one storage (tied weights); edit one and save', 'OPEN: saved file keeps the sharing or says that it will be split', lambda: torchzip(sd([('a', tensor()), ('b', tensor())])))

# ================================================================ I: legacy stream
I = lambda cid, desc, exp, f: case(cid, desc, exp, f, 'pth')
I('I01', 'legacy baseline', 'OPEN', lambda: legacy())
I('I02', 'magic 0x1950A86A20F9469CFC6D (last byte off)', 'WARN: a bare pickle (an int one off the legacy magic); N bytes follow STOP', lambda: legacy(magic=P2 + b'\x8a\x0a' + bytes.fromhex('6dfc9c46f9206aa85019') + b'.'))
I('I03', 'protocol 1002', 'REFUSE: legacy protocol 1002, expected 1001', lambda: legacy(proto=P2 + b'M\xea\x03.'))
I('I04', 'file ends after sys_info', 'REFUSE: ends at byte N, 4th pickle missing', lambda: MAGIC + PROTO1001 + sysinfo())
I('I05', 'sys_info little_endian False', 'OPEN: values 1 2 3 4; the flag changes nothing', lambda: legacy(info=sysinfo(False)))
I('I06', 'sys_info is a list', 'WARN', lambda: legacy(info=P2 + b'].'))
I('I07', 'key list names an unknown storage 95', 'WARN: storage 95 is not used by the tree; torch refuses', lambda: legacy(keys=lkeys('94', '95'), tail=(le64(4) + F32) * 2))
I('I08', 'key list names 94 twice', 'REFUSE: storage 94 listed twice', lambda: legacy(keys=lkeys('94', '94'), tail=(le64(4) + F32) * 2))
I('I09', 'key list empty, tree needs 94', 'WARN: storage 94 has no data', lambda: legacy(keys=P2 + b'].', tail=b''))
I('I10', 'storage header 2^62', 'REFUSE: storage 94 says 2^62 elements, N bytes remain', lambda: legacy(tail=le64(2**62) + F32))
I('I11', 'storage header −1', 'REFUSE: negative', lambda: legacy(tail=le64(2**64 - 1) + F32))
I('I12', 'storage header 5, pickle said 4', 'WARN: two sizes', lambda: legacy(tail=le64(5) + F32 + b'\0\0\0\0'))
I('I13', 'storage data cut after 9 of 16 bytes', 'WARN: tensor w: 9 of 16 bytes present (file cut)', lambda: legacy(tail=le64(4) + F32[:9]))
I('I14', '1,000,000 storage keys in the list', 'REFUSE <2 s at the first missing header', lambda: legacy(keys=P2 + b'](' + b''.join(u('%d' % i) for i in range(1000000)) + b'e.'))
I('I15', '4 KiB after the last storage', 'WARN: 4,096 bytes after the last storage', lambda: legacy() + b'\0' * 4096)
I('I16', 'view metadata (key, offset 100, size 4) outside the storage', 'WARN', lambda: legacy(obj=sd([('w', lten(view=b'(' + u('v') + pint(100) + pint(4) + b't'))])))
I('I17', 'storage keys are integers', 'WARN', lambda: legacy(keys=lkeys(b'K\x5e')))
I('I18', 'magic as protocol-0 text `L119547037146038801333356L`', 'OPEN', lambda: legacy(magic=b'L119547037146038801333356L\n.'))
I('I19', 'key list is a dict', 'REFUSE: 5th pickle is a dict, expected a list', lambda: legacy(keys=P2 + b'}.'))
I('I20', 'two tensors use key 94 with FloatStorage and DoubleStorage', 'WARN: storage 94 has two types', lambda: legacy(obj=sd([('a', lten()), ('b', lten(stype='DoubleStorage', numel=2, size=(2,), stride=(1,)))])))

# ================================================================ J: tar (pre-0.1.10)
J = lambda cid, desc, exp, f: case(cid, desc, exp, f, 'tar')
J('J01', 'tar baseline: sys_info, pickle, storages, tensors', 'OPEN (weights_only: no — torch ≥2.6 refuses tar)', lambda: tarbase())
J('J02', 'members ../../evil and /etc/evil', 'WARN: listed escaped; nothing is written anywhere', lambda: tarbase(extra=[tarm('../../evil', b'x'), tarm('/etc/evil', b'x')]))
J('J03', 'storages is a symlink to /etc/passwd', 'REFUSE: storages is a link, not a file', lambda: tarf(tarm('pickle', TARPKL), tarm('storages', b'', typ=b'2', link=b'/etc/passwd'), tarm('tensors', TENSORS)))
J('J04', 'members of type hard link, char device, FIFO', 'WARN: skipped', lambda: tarbase(extra=[tarm('a', b'', typ=b'1', link=b'pickle'), tarm('b', b'', typ=b'3'), tarm('c', b'', typ=b'6')]))
J('J05', 'size field base-256 2^63', 'REFUSE: member pickle says 2^63 bytes', lambda: tarf(tarh(b'pickle', 0, sizef=b'\x80\0\0\0' + struct.pack('>Q', 2**63)) + b'\0' * 512))
J('J06', 'size field base-256 negative (0xff…)', 'REFUSE: negative size', lambda: tarf(tarh(b'pickle', 0, sizef=b'\xff' * 12)))
J('J07', 'size field `zzzzzzzzzzz`', 'REFUSE: size is not octal at byte 124', lambda: tarf(tarh(b'pickle', 0, sizef=b'zzzzzzzzzzz\0')))
J('J08', 'wrong checksum', 'REFUSE: header checksum of member 1 is 0, computed N', lambda: tarf(tarh(b'pickle', 0, chk=b'000000\0 ')))
J('J09', 'two members named pickle', 'REFUSE: appears twice', lambda: tarbase(extra=[tarm('pickle', P2 + g('os', 'system') + b')R.')]))
J('J10', 'GNU long name (type L) of 2^40 bytes', 'REFUSE', lambda: tarf(tarh(b'././@LongLink', 0, typ=b'L', sizef=b'\x80\0\0\0' + struct.pack('>Q', 2**40))))
J('J11', 'pax header path=pickle, size=-5', 'REFUSE: negative size in pax header', lambda: tarf(tarm('PaxHeader', b'15 path=pickle\n11 size=-5\n', typ=b'x'), tarm('other', TARPKL)))
J('J12', 'member cut in the middle', 'REFUSE: member storages needs N, M remain', lambda: tarbase()[:2000])
J('J13', 'storages begins with count 2^31', 'REFUSE', lambda: tarbase(st=P2 + b'\x8a\x05\x00\x00\x00\x80\x00.'))
J('J14', 'tensors: ndim 2^31−1', 'REFUSE: 2147483647 dimensions', lambda: tarbase(te=P2 + b'K\x01.' + P2 + b'(' + pint(7) + pint(94) + g('torch', 'FloatTensor') + b't.' + struct.pack('<ii', 2**31 - 1, 0)))
J('J15', 'no tensors member', 'REFUSE: member tensors is missing', lambda: tarf(tarm('sys_info', sysinfo()), tarm('pickle', TARPKL), tarm('storages', STORAGES)))
J('J16', 'storages pickle calls posix.system', 'OPEN + report: DANGEROUS in member storages', lambda: tarbase(st=P2 + g('posix', 'system') + b')R.'))

# ================================================================ K: TorchScript
K = lambda cid, desc, exp, f: case(cid, desc, exp, f)
K('K01', 'state dict + empty constants.pkl (makes torch.load dispatch to torch.jit.load, CVE-2025-32434)', 'OPEN + report: TorchScript; weights_only: no (refused since 2.6, ran code before)', lambda: torchzip(more=[E('archive/constants.pkl', P2 + b').')]))
K('K02', 'constants.pkl uses torch._tensor._rebuild_from_type_v2 with no following GLOBAL (pytorch#169570)', 'WARN', lambda: torchzip(more=[E('archive/constants.pkl', P2 + g('torch._tensor', '_rebuild_from_type_v2') + b'(tR.')]))
K('K03', 'code/__torch__/m.py with 1,000,000-character lines and ESC sequences', 'OPEN: shown as text, escaped, truncated', lambda: torchzip(more=[E('archive/constants.pkl', P2 + b').'), E('archive/code/__torch__/m.py', b'\x1b[2J' + b'a' * 1000000)]))
K('K04', 'code/….py.debug_pkl is garbage', 'WARN', lambda: torchzip(more=[E('archive/constants.pkl', P2 + b').'), E('archive/code/__torch__/m.py.debug_pkl', b'\xff\xff')]))
K('K05', 'model.json (1.0 format) nested 100,000 deep', 'REFUSE: nesting limit', lambda: zipf([E('m/model.json', b'[' * 100000), E('m/version', b'1')]))
K('K06', 'file starting `PYTORCH1` (preview format)', 'REFUSE: preview format of 2018', lambda: b'PYTORCH1' + b'\0' * 100)
K('K07', 'flatbuffer mobile file: 4 bytes, `PTMF`, garbage', 'REFUSE: mobile flatbuffer is not supported', lambda: b'\x10\0\0\0PTMF' + b'\xff' * 64)

# ================================================================ L: safetensors
L = lambda cid, desc, exp, f: case(cid, desc, exp, f, 'safetensors')
L('L01', '7 bytes', 'REFUSE: 7 bytes, header length needs 8', lambda: b'\x01' * 7)
L('L02', 'header length 2^63', 'REFUSE: header of 2^63 bytes, file has N', lambda: st(STW, n=2**63))
L('L03', 'header length 2^64−1 (8 + n wraps)', 'REFUSE: as L02', lambda: st(STW, n=2**64 - 1))
L('L04', 'header length 0', 'REFUSE: empty header', lambda: le64(0) + F32)
L('L05', 'header length 100,000,001 with that many spaces', 'REFUSE: header over 100,000,000 bytes', (lambda: st(b'{}' + b' ' * 99999999)) )
L('L06', 'header length 1000 in a 100-byte file (safetensors_abuse_attempt_1)', 'REFUSE: needs 1000 bytes, N remain', lambda: st(STW, n=1000))
L('L07', 'header not UTF-8', 'REFUSE: invalid UTF-8 at byte 9', lambda: st(b'{\xff}'))
L('L08', 'header `[]`', 'REFUSE: header must be an object, byte 8', lambda: st(b'[]'))
L('L09', 'header begins with a space', 'WARN: must begin with { (byte 8)', lambda: st(b' ' + json.dumps(STW).encode()))
L('L10', 'header nested 100,000 deep', 'REFUSE: nesting limit; no recursion', lambda: st(b'{"a":' * 100000))
L('L11', 'key "w" twice', 'REFUSE: "w" appears twice (bytes A and B); parsers disagree', lambda: st(b'{"w":{"dtype":"F32","shape":[4],"data_offsets":[0,16]},"w":{"dtype":"I32","shape":[4],"data_offsets":[0,16]}}'))
L('L12', 'two tensors at [0,16] and [8,24]', 'WARN: w and v overlap in bytes 8–16', lambda: st({'w': {'dtype': 'F32', 'shape': [4], 'data_offsets': [0, 16]}, 'v': {'dtype': 'F32', 'shape': [4], 'data_offsets': [8, 24]}}, F32 * 2))
L('L13', 'gap of 8 bytes between tensors', 'WARN: 8 unused bytes', lambda: st({'w': {'dtype': 'F32', 'shape': [4], 'data_offsets': [0, 16]}, 'v': {'dtype': 'F32', 'shape': [2], 'data_offsets': [24, 32]}}, F32 * 2))
L('L14', 'begin 16 > end 0', 'REFUSE', lambda: st({'w': {'dtype': 'F32', 'shape': [4], 'data_offsets': [16, 0]}}))
L('L15', 'end beyond the file', 'WARN: file is N bytes short (incomplete download?)', lambda: st({'w': {'dtype': 'F32', 'shape': [400], 'data_offsets': [0, 1600]}}))
L('L16', 'offsets 18446744073709551616, −1, 1.5, 1e2', 'REFUSE: not a 64-bit integer', lambda: st(b'{"w":{"dtype":"F32","shape":[4],"data_offsets":[0,18446744073709551616]}}'))
L('L17', 'shape [2^32, 2^32]', 'WARN: 2^64 elements do not fit', lambda: st({'w': {'dtype': 'F32', 'shape': [2**32, 2**32], 'data_offsets': [0, 16]}}))
L('L18', 'shape × dtype ≠ range', 'WARN: needs 20 bytes, range has 16', lambda: st({'w': {'dtype': 'F32', 'shape': [5], 'data_offsets': [0, 16]}}))
L('L19', 'dtype "F7"', 'WARN: unknown type', lambda: st({'w': {'dtype': 'F7', 'shape': [4], 'data_offsets': [0, 16]}}))
L('L20', 'dtype F4 with 3 elements (12 bits)', 'WARN: does not end on a byte', lambda: st({'w': {'dtype': 'F4', 'shape': [3], 'data_offsets': [0, 2]}}, b'\0\0'))
L('L21', '__metadata__ with a number value', 'WARN: must be strings', lambda: st(b'{"__metadata__":{"a":1},"w":{"dtype":"F32","shape":[4],"data_offsets":[0,16]}}'))
L('L22', 'a whole zip appended after the data (polyglot, Trail of Bits audit)', 'WARN: N bytes after the last tensor; begins like a zip', lambda: st(STW) + torchzip())
L('L23', '100,000 tensors all at [0,16] (safetensors_abuse_attempt_3)', 'WARN <2 s: overlap', lambda: st(b'{' + b','.join(b'"w%d":{"dtype":"F32","shape":[4],"data_offsets":[0,16]}' % i for i in range(100000)) + b'}'))
L('L24', 'key "" and a key of 1 MiB', 'OPEN: shown as (empty) / truncated', lambda: st({'': {'dtype': 'F32', 'shape': [2], 'data_offsets': [0, 8]}, 'k' * 1048576: {'dtype': 'F32', 'shape': [2], 'data_offsets': [8, 16]}}))
L('L25', 'shape [1e2], [01], [-0], [0x10]', 'REFUSE: not JSON integers', lambda: st(b'{"w":{"dtype":"F32","shape":[1e2],"data_offsets":[0,16]}}'))
L('L26', r'key "\ud800" and key "\u0000"', 'REFUSE: lone surrogate at byte N (NUL alone would open, shown escaped)', lambda: st(b'{"\\ud800":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"\\u0000":{"dtype":"F32","shape":[2],"data_offsets":[8,16]}}'))
L('L27', 'UTF-8 BOM before {', 'REFUSE: byte order mark at byte 8', lambda: st(b'\xef\xbb\xbf' + json.dumps(STW).encode()))
L('L28', 'header padded with NUL instead of spaces', 'REFUSE: NUL at byte N after the object', lambda: st(STW, pad=b'\0' * 8))
L('L29', '"data_offsets" twice in one tensor', 'REFUSE: key twice at byte N', lambda: st(b'{"w":{"dtype":"F32","shape":[4],"data_offsets":[0,16],"data_offsets":[0,0]}}'))
L('L30', 'header begins 80 02 7d (pickle) with extension .safetensors', 'WARN: a bare pickle; storage 0 is not in the file', lambda: GOOD)
L('L31', '8 bytes length + `{}` and no data', 'OPEN: no tensors', lambda: le64(2) + b'{}')

# ================================================================ M: text that reaches the screen, the terminal and exports
def keys(*ks): return lambda: torchzip(sd([((u(k),) if isinstance(k, (str, bytes)) else (k[0],), b'N') for k in ks]))
M = lambda cid, f, desc, exp: case(cid, desc, exp, f)
M('M01', keys('<b>bold</b>', '&amp;', '</span><span size="999999">', '<a href="file:///etc/passwd">x</a>'), 'keys with Pango markup and entities', 'OPEN: shown literally everywhere (row, tooltip, dialog, title, notification)')
M('M02', keys('<' * 5, '&', '"', "'"), 'lone < & " \'', 'OPEN: as M01, no GTK warning on stderr')
M('M03', keys('model\u202egpj.exe', '\u2066a\u2069', 'a\u200fb'), 'bidi controls U+202E, U+2066, U+2069, U+200F (CVE-2021-42574)', 'OPEN: shown as visible escapes; copy gives the real bytes')
M('M04', keys(b'a\0b', b'a'), 'keys "a\\0b" and "a"', 'OPEN: two different rows; no cut at NUL')
M('M05', keys('line1\nline2', 'tab\tx', 'cr\rx', '\u2028', '\u0085'), 'newline, tab, CR, U+2028, U+0085 in keys', 'OPEN: one row each; escaped')
M('M06', keys('\x1b[2J\x1b]0;pwn\x07', '\x9b31m', '\x7f\x08\x08'), 'ESC, OSC, C1, DEL, BS (for the command-line tool)', 'OPEN: printed escaped when stdout is a terminal or not')
M('M07', keys('=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', "=cmd|'/c calc'!A1", '＝1'), 'spreadsheet formula prefixes, also full-width =', 'OPEN; CSV export prefixes a single quote (OWASP) and says so')
M('M08', keys('%s%s%n%p', '%1$s', '{0}', '%%'), 'printf/GString format directives', 'OPEN: shown literally; no message uses file text as a format')
M('M09', keys('e' + '\u0301' * 10000, '\u0e01' + '\u0e47' * 1000), '10,000 combining marks on one letter', 'OPEN <2 s: row height fixed, text clipped')
M('M10', keys('w', 'w\u200b', 'w\u00ad', '\u0456d', 'id', 'W'), 'look-alike keys (ZWSP, soft hyphen, Cyrillic i)', 'OPEN: invisible characters marked')
M('M11', keys('x' * 1048576), 'key of 1 MiB without spaces', 'OPEN <2 s: truncated before Pango sees it')
M('M12', keys('\ud7ff\ue000\ufdd0\uffff', '\U0010ffff', '\U000e0041'), 'private use, noncharacters, tag characters', 'OPEN: hex boxes or escapes')
M('M13', keys((pint(1),), (b'\x88',), (b'G?\xf0\0\0\0\0\0\0',), (b'N',), (ptup([1, 2]),), (b'C\x01w'[:0] + b'U\x01w',)), 'keys 1, True, 1.0, None, (1,2), bytes "w"', 'WARN: 1, True and 1.0 are one key in Python; typed display')
M('M14', keys('a.b', 'a', 'a.b.c', '.', '..', 'a..b', '.a', 'a.'), 'dotted keys that collide with the tree view', 'OPEN: every key reachable and editable')
M('M15', keys('a' * 150 + 'X', 'a' * 150 + 'Y'), 'two keys equal in their first 150 characters', 'OPEN: ellipsis in the middle or a tooltip tells them apart')
M('M16', lambda: torchzip(sd([('<b>&%n=\u202ekey', tensor(key='missing<i>'))])), 'hostile key AND missing record: text goes through the error path', 'WARN text is escaped too')

# ================================================================ O: not what the name says
O = lambda cid, desc, exp, f, ext='pt': case(cid, desc, exp, f, ext)
O('O01', 'empty file', 'REFUSE: file is empty (0 bytes)', lambda: b'')
O('O02', 'one byte 0x80', 'REFUSE: 1 byte, too short for any known format', lambda: b'\x80')
O('O03', '1 MiB of zeros (pre-allocated download)', 'REFUSE: first 1 MiB is zero; "download may not have finished"', lambda: b'\0' * 1048576)
O('O04', 'PNG signature with .pt name (picklescan bad_pytorch.pt)', 'REFUSE: this is a PNG image', lambda: b'\x89PNG\r\n\x1a\n')
O('O05', '7z signature (nullifAI)', 'REFUSE: 7-Zip archive; torch cannot read it; unpack first', lambda: b'7z\xbc\xaf\x27\x1c' + b'\0' * 58)
O('O06', 'gzip of a good archive', 'REFUSE: gzip-compressed; unpack first', lambda: (lambda c: c.compress(torchzip()) + c.flush())(zlib.compressobj(9, zlib.DEFLATED, 31)))
O('O07', 'HTML login page', 'REFUSE: HTML page, not a checkpoint', lambda: b'<!DOCTYPE html><html><head><title>Sign in</title></head></html>')
O('O08', 'Git LFS pointer', 'REFUSE: Git LFS pointer for a file of 123 bytes; run git lfs pull', lambda: b'version https://git-lfs.github.com/spec/v1\noid sha256:' + b'0' * 64 + b'\nsize 123\n')
O('O09', 'JSON config', 'REFUSE: JSON text', lambda: b'{"model_type":"bert"}')
O('O10', 'GGUF', 'REFUSE: GGUF model', lambda: b'GGUF\x03\0\0\0' + b'\0' * 16)
O('O11', 'HDF5', 'REFUSE: HDF5/Keras file', lambda: b'\x89HDF\r\n\x1a\n' + b'\0' * 64)
O('O12', 'npz (zip of .npy)', 'REFUSE: zip without data.pkl; NumPy archive', lambda: zipf([E('a.npy', b'\x93NUMPY\x01\x00v\x00' + b"{'descr': '<f4', 'fortran_order': False, 'shape': (1,), }".ljust(117) + b'\n' + b'\0' * 4)]))
O('O13', 'docx-like zip', 'REFUSE: zip without data.pkl', lambda: zipf([E('[Content_Types].xml', b'<x/>')]))
O('O14', 'ELF executable', 'REFUSE: program, not a checkpoint', lambda: b'\x7fELF' + b'\0' * 60)
O('O15', '`#!/bin/sh` script named model.pt', 'REFUSE: text; never run', lambda: b'#!/bin/sh\ntouch pwned\n')
O('O16', 'pickle/zip polyglot: pickle + appended torch zip', 'WARN: opens as pickle (as torch); a zip begins at byte N', lambda: GOOD.replace(b'Q', b'0N')[:0] + P2 + b'}.' + torchzip())
O('O17', 'tar/pickle polyglot: tar whose first member name starts with a pickle `.`', 'OPEN as tar; note', lambda: tarf(tarm('.pickle', b'x'), tarm('pickle', TARPKL), tarm('storages', STORAGES), tarm('tensors', TENSORS)))
O('O18', 'random 64 KiB (seed 1)', 'REFUSE', lambda: bytes(random.Random(1).randrange(256) for _ in range(65536)))
O('O19', 'good archive, bytes 0–3 zeroed', 'REFUSE: looks like a zip whose first bytes are damaged', lambda: b'\0\0\0\0' + torchzip()[4:])
O('O20', 'good archive repeated twice (concatenated)', 'REFUSE: two archives; readers disagree where the second starts', lambda: torchzip() + torchzip())

# ---------------------------------------------------------------- output
GROUPS = [('A', 'Pickle bytes: lengths, text arguments, unknown opcodes'), ('B', 'Pickle stack machine and memo'),
          ('C', 'Expansion and resource attacks'), ('D', 'Globals: must open and be reported'),
          ('E', 'Hiding places and stream tricks'), ('F', 'Zip structure and ambiguity'),
          ('H', 'Tensor and storage metadata'), ('I', 'Legacy stream (0.1.10–1.5)'), ('J', 'Tar (before 0.1.10)'),
          ('K', 'TorchScript and relatives'), ('L', 'safetensors'), ('M', 'Text shown or exported'),
          ('O', 'Files that are not what their name says')]

def main():
    if '--markdown' in sys.argv:
        for gl, title in GROUPS:
            rows = [c for c in CASES if c[1] == gl]
            print('\n**%s. %s** (%d)\n\n| id | input | expected |\n|---|---|---|' % (gl, title, len(rows)))
            for cid, _, ext, desc, exp, b in rows:
                print('| %s | %s | %s |' % (cid, desc.replace('|', '\\|'), exp.replace('|', '\\|')))
        print('\nTotal generated inputs: %d' % len(CASES))
        return
    out = sys.argv[1]
    os.makedirs(out, exist_ok=True)
    with open(os.path.join(out, 'manifest.tsv'), 'w') as m:
        m.write('id\tfile\tbytes\texpected\tinput\n')
        for cid, gl, ext, desc, exp, b in CASES:
            data = b()
            fn = '%s.%s' % (cid, ext)
            with open(os.path.join(out, fn), 'wb') as f: f.write(data)
            m.write('%s\t%s\t%d\t%s\t%s\n' % (cid, fn, len(data), exp, desc))
    print(len(CASES), 'files')
if __name__ == '__main__': main()
