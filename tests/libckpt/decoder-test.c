/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <locale.h>
#include <string.h>

#include "pickle-describe.h"
#include "pickle/ckpt-decoder.h"
#include "pickle/ckpt-opcodes.h"
#include "test-files.h"

/* A pickle and what is to come of it: its value, and after a bar each warning with its place; or the code and place of an
 * error. Ids are those of the table of hostile inputs in tests/hostile. */
typedef struct
{
  const char *id;
  const char *bytes;
  gsize length;
  const char *expected;
} Row;

#define ROW(id, bytes, expected) { id, bytes, sizeof bytes - 1, expected }

static const Row rows[] = {
  ROW ("A01", "", "pickle-truncated@0"),
  ROW ("A02", "\x80\x02", "pickle-truncated@2"),
  ROW ("A03", ".", "pickle-stack@0 STOP"),
  ROW ("A04", "\x80\x02N", "pickle-truncated@3"),
  ROW ("A05", "\x80\x02\xffN.", "unknown-opcode@2"),
  ROW ("A06", "\x80\x06N.", "pickle-protocol@1 PROTO"),
  ROW ("A07",
       "\x80\x04\x8c\x05"
       "abc",
       "pickle-truncated@2 SHORT_BINUNICODE"),
  ROW ("A08",
       "\x80\x02X\xff\xff\xff\xff"
       "abc.",
       "pickle-truncated@2 BINUNICODE"),
  ROW ("A09",
       "\x80\x04\x8d\xff\xff\xff\xff\xff\xff\xff\xff"
       "abc.",
       "pickle-truncated@2 BINUNICODE8"),
  ROW ("A10",
       "\x80\x04\x8d\0\0\0\0\0\0\0\x80"
       "abc.",
       "pickle-truncated@2 BINUNICODE8"),
  ROW ("A11",
       "\x80\x04\x8d\xf5\xff\xff\xff\xff\xff\xff\xff"
       "abc.",
       "pickle-truncated@2 BINUNICODE8"),
  ROW ("A12",
       "\x80\x04\x8e\0\0\0\0\0\1\0\0"
       "abc.",
       "pickle-truncated@2 BINBYTES8"),
  ROW ("A13",
       "\x80\x05\x96\0\0\0\0\0\0\0\x40"
       "abc.",
       "pickle-truncated@2 BYTEARRAY8"),
  ROW ("A14", "\x80\x02\x8a\xff\x01.", "pickle-truncated@2 LONG1"),
  ROW ("A15", "\x80\x02\x8b\xff\xff\xff\xff.", "pickle-length@3 LONG4"),
  ROW ("A16", "\x80\x02\x8b\xff\xff\xff\x7f\x01.", "pickle-truncated@2 LONG4"),
  ROW ("A17",
       "T\xff\xff\xff\xff"
       "abc.",
       "pickle-length@1 BINSTRING"),
  ROW ("A18", "\x80\x04\x95\xff\xff\xff\xff\xff\xff\xff\xffN.", "pickle-frame@2 FRAME"),
  ROW ("A19", "\x80\x04\x95\xe8\x03\0\0\0\0\0\0N.", "pickle-frame@2 FRAME"),
  ROW ("A20", "Vno newline at all", "pickle-truncated@1 UNICODE"),
  ROW ("A21", "Iabc\n.", "pickle-number@1 INT"),
  ROW ("A22", "I\n.", "pickle-number@1 INT"),
  ROW ("A25", "F0x1p3\n.", "pickle-number@1 FLOAT"),
  ROW ("A26", "F1,5\n.", "pickle-number@1 FLOAT"),
  ROW ("A27", "F1.5\n.", "1.5"),
  ROW ("A28", "Fnan\n0F-inf\n0F1e400\n.", "inf"),
  ROW ("A29", "Sabc\n.", "pickle-text@1 STRING"),
  ROW ("A30", "S'\\xZZ'\n.", "pickle-text@2 STRING"),
  ROW ("A31", "V\\ud800\n.", "'\\355\\240\\200' | text-surrogate@0"),
  ROW ("A32", "\x80\x02X\3\0\0\0\xff\xfe\x80.", "'\\377\\376\\200' | text-not-utf8@2"),
  ROW ("A33", "\x80\x02X\3\0\0\0\xed\xa0\x80.", "'\\355\\240\\200' | text-surrogate@2"),
  ROW ("A34", "cos", "pickle-truncated@1 GLOBAL"),
  ROW ("A35", "cos\0x\nsys\0tem\n.", "<os\\000x:sys\\000tem>"),
  ROW ("A37", "\x80\x02J\x01\x02", "pickle-truncated@2 BININT"),
  ROW ("A38", "\x80\x02G\0\0\0", "pickle-truncated@2 BINFLOAT"),
  ROW ("A39", "\x80\x02\x82\0.", "pickle-extension@3 EXT1"),
  ROW ("A40", "\x80\x02\x84\xff\xff\xff\xff.", "pickle-extension@3 EXT4"),
  ROW ("A41", "\x80\x02\x82\x05.", "EXT1(5)"),
  ROW ("A42", "\x80\x05\x97.", "pickle-buffer@2 NEXT_BUFFER"),
  ROW ("A43", "P0\n.", "PERSID('0')"),
  ROW ("A44", "\x80\x02X\7\0\0\0storageQ.", "BINPERSID('storage')"),
  ROW ("A45", "\x80\x02(X\7\0\0\0storagetQ.", "BINPERSID(('storage',))"),
  ROW ("A46",
       "\x80\x02(X\6\0\0\0moduleca\nB\nX\1\0\0\0xX\3\0\0\0srctQ.",
       "BINPERSID(('module', <a:B>, 'x', 'src'))"),
  ROW ("A47", "\x80", "pickle-truncated@0 PROTO"),

  ROW ("B01", "\x80\x04t.", "pickle-mark@2 TUPLE"),
  ROW ("B02", "\x80\x02]NeN.", "pickle-mark@4 APPENDS"),
  ROW ("B03", "\x80\x02}(K\x01u.", "pickle-items@6 SETITEMS"),
  ROW ("B04",
       "\x80\x02"
       "0N.",
       "pickle-stack@2 POP"),
  ROW ("B05", "\x80\x02NR.", "pickle-stack@3 REDUCE"),
  ROW ("B06",
       "\x80\x02"
       "b.",
       "pickle-stack@2 BUILD"),
  ROW ("B07", "\x80\x02NK\x01.", "1 | unused-values@5"),
  ROW ("B08", "\x80\x02N(K\x01.", "1 | unused-values@6 unclosed-mark@3"),
  ROW ("B09",
       "\x80\x02"
       "1N.",
       "pickle-mark@2 POP_MARK"),
  ROW ("B10",
       "\x80\x02"
       "2.",
       "pickle-stack@2 DUP"),
  ROW ("B11", "\x80\x02N(2t.", "pickle-stack@4 DUP"),
  ROW ("B12", "\x80\x02h\x05.", "pickle-memo@2 BINGET"),
  ROW ("B13", "gabc\n.", "pickle-number@1 GET"),
  ROW ("B14", "g-1\n.", "pickle-memo@1 GET"),
  ROW ("B15", "Np-1\n.", "pickle-memo@2 PUT"),
  ROW ("B16", "\x80\x02Nr\xff\xff\xff\x7f.", "None"),
  ROW ("B17", "\x80\x02Nr\xff\xff\xff\xff.", "None"),
  ROW ("B18", "Np999999999999999999999999\n.", "pickle-memo@2 PUT"),
  ROW ("B19", "]replace.\n", "pickle-truncated@10 GLOBAL"),
  ROW ("B21", "\x80\x02]K\x01K\x02s.", "[] | odd-target@7"),
  ROW ("B22",
       "\x80\x02}K\x01"
       "a.",
       "{} | odd-target@5"),
  ROW ("B23", "\x80\x02}}K\x01s.", "{{}: 1} | unhashable-key@6"),
  ROW ("B24", "\x80\x02]q\0h\0a.", "[&0]*"),
  ROW ("B25", "\x80\x02}q\0X\4\0\0\0selfh\0s.", "{'self': &0}*"),
  ROW ("B26", "\x80\x02]q\0h\0\x85q\1a.", "[(&0,)*]*"),
  ROW ("B27",
       "\x80\x02"
       "cx\nY\n)\x81q\0}X\2\0\0\0meh\0sb.",
       "NEWOBJ(<x:Y>, (), state={'me': &0})*"),
  ROW ("B28", "\x80\x02X\3\0\0\0str)\x81.", "NEWOBJ('str', ()) | callable-not-global@11"),
  ROW ("B29",
       "\x80\x04"
       "cx\nY\n)}\x92.",
       "NEWOBJ_EX(<x:Y>, (), kwargs={})"),
  ROW ("B30",
       "\x80\x02"
       "cx\nY\nNR.",
       "REDUCE(<x:Y>, None) | args-not-tuple@8"),
  ROW ("B31", "\x80\x04\x8c\2os\x8c\6system\x94\x93)R.", "REDUCE(<os:system>, ())"),
  ROW ("B32",
       "\x80\x04K\x2a\x94\x8c\2os\x94h\0h\1\x93.",
       "STACK_GLOBAL(42, 'os'*) | name-not-text@14 unused-values@15"),
  ROW ("B33", "\x80\x04\x8c\2os\x94h\3h\0\x93.", "pickle-memo@7 BINGET"),
  ROW ("B34", "\x80\x04\x93.", "pickle-stack@2 STACK_GLOBAL"),
  ROW ("B35", "\x80\x02(K\1K\2K\3d.", "pickle-items@9 DICT"),
  ROW ("B36", "\x80\x04\x8f(]\x90.", "set([]) | unhashable-key@5"),
  ROW ("B37", "\x80\x04(]\x91.", "frozenset([]) | unhashable-key@4"),

  ROW ("C18",
       "\x80\x02"
       "cbuiltins\nrange\n(\x8a\x08\0\0\x64\xa7\xb3\xb6\xe0\x0dtR.",
       "REDUCE(<builtins:range>, (1000000000000000000,))"),
  ROW ("C19",
       "\x80\x02"
       "cbuiltins\nbytearray\n(\x8a\6\0\0\0\0\0\1tR.",
       "REDUCE(<builtins:bytearray>, (1099511627776,))"),
  ROW ("C20",
       "\x80\x02"
       "ctorch\nSize\n((\x8a\x08\0\0\0\0\0\0\0\x40\x8a\x08\0\0\0\0\0\0\0\x40ttR.",
       "REDUCE(<torch:Size>, ((4611686018427387904, 4611686018427387904),))"),

  ROW ("E01",
       "cbuiltins\nexec\n(X=\0\0\0f = open('my_file.txt', 'a'); f.write('Malicious'); f.close()tRX.",
       "pickle-truncated@84 BINUNICODE"),
  ROW ("E05",
       "\x80\5\x95\x1e\0\0\0\0\0\0\0N\x95\2\0\0\0\0\0\0\0NNNNNNNNNNNNNNNNNNNNN.",
       "None | frame-in-frame@12 unused-values@42"),
  ROW ("E06", "\x80\2N0\x80\4N.", "None | proto-not-first@4"),

  /* Numbers in text. */
  ROW ("int",
       "(I5\nI-5\nI+7\nI 8\r\nI0\nI-0\nI00\nI01\nI000\nI0x1F\nI0b11\nI0o17\nI1_000\nt.",
       "(5, -5, 7, 8, 0, 0, False, True, 0, 31, 3, 15, 1000)"),
  ROW ("int-octal", "I010\n.", "8 | octal-number@0"),
  ROW ("int-octal-9", "I019\n.", "pickle-number@1 INT"),
  ROW ("int-sign", "I--5\n.", "pickle-number@1 INT"),
  ROW ("int-underscore", "I1__0\n.", "pickle-number@1 INT"),
  ROW ("int-underscore-end", "I1_\n.", "pickle-number@1 INT"),
  ROW ("int-hex", "I0x\n.", "pickle-number@1 INT"),
  ROW ("int-edge",
       "(I9223372036854775807\nI-9223372036854775808\nt.",
       "(9223372036854775807, -9223372036854775808)"),
  ROW ("int-big",
       "(I9223372036854775808\nI-9223372036854775809\nL99_999999999999999999L\nt.",
       "(digits 9223372036854775808, digits -9223372036854775809, digits 99999999999999999999)"),
  ROW ("int-big-hex", "I0x10000000000000000\n.", "pickle-number@1 INT"),
  ROW ("long", "(L5L\nL-6\nL0x10L\nt.", "(5, -6, 16)"),
  ROW ("long-zero", "L010L\n.", "pickle-number@1 LONG"),
  ROW ("long-two", "L5LL\n.", "pickle-number@1 LONG"),
  ROW ("binlong", "(\x8a\0\x8a\1\xff\x8a\2\xff\0\x8b\3\0\0\0\0\0\x80t.", "(0, -1, 255, -8388608)"),
  ROW ("binlong-edge",
       "(\x8a\x08\0\0\0\0\0\0\0\x80\x8a\x09\xff\xff\xff\xff\xff\xff\xff\xff\0\x8a\x0a\1\0\0\0\0\0\0\0\0\0t.",
       "(-9223372036854775808, bytes ffffffffffffffff00, 1)"),
  ROW ("binint", "(J\xff\xff\xff\xffJ\0\0\0\x80M\xff\xffK\xfft.", "(-1, -2147483648, 65535, 255)"),
  ROW ("float",
       "(F1\nF-.5\nF1.\nF1e-3\nF+2E2\nFinfinity\nFNaN\nF 3 \nF1_0.2_5\nt.",
       "(1.0, -0.5, 1.0, 0.001, 200.0, inf, nan, 3.0, 10.25)"),
  ROW ("float-empty", "F\n.", "pickle-number@1 FLOAT"),
  ROW ("float-point", "F.\n.", "pickle-number@1 FLOAT"),
  ROW ("float-exponent", "F1e\n.", "pickle-number@1 FLOAT"),
  ROW ("float-rest", "F1.5x\n.", "pickle-number@1 FLOAT"),
  ROW ("float-nan-tag", "Fnan(5)\n.", "pickle-number@1 FLOAT"),
  ROW ("float-underscore", "F1_.5\n.", "pickle-number@1 FLOAT"),
  ROW ("binfloat", "(G\xbf\xf8\0\0\0\0\0\0G\0\0\0\0\0\0\0\1t.", "(-1.5, 5e-324)"),

  /* Text. */
  ROW ("string",
       "(S'a\\n\\x41\\101\\\\\\'\\q'\nS\"it's\"\nS''\nS'\\xe9'\nt.",
       "(2'a\\nAA\\\\'\\\\q', 2'it's', 2'', 2b'\\351')"),
  ROW ("string-octal", "S'\\7\\77\\1011\\400'\n.", "2'\\007?A1\\000'"),
  ROW ("string-quotes", "S'a\"\n.", "pickle-text@1 STRING"),
  ROW ("string-one-quote", "S'\n.", "pickle-text@1 STRING"),
  ROW ("string-backslash", "S'abc\\'\n.", "pickle-text@5 STRING"),
  ROW ("binstring", "(T\3\0\0\0abcU\2\xc3\xa9U\1\xe9t.", "(2'abc', 2'\\303\\251', 2b'\\351')"),
  ROW ("string-surrogate", "S'\\xed\\xa0\\x80'\n.", "2b'\\355\\240\\200'"),
  ROW ("unicode",
       "(V\\u00e9\nV\xe9\nV\\U0001f600\nV\\\\u0041\nV\\n\\\nV\nt.",
       "('\\303\\251', '\\303\\251', '\\360\\237\\230\\200', '\\\\\\\\u0041', '\\\\n\\\\', '')"),
  ROW ("unicode-short", "V\\u12\n.", "pickle-text@1 UNICODE"),
  ROW ("unicode-range", "VA\\U00110000\n.", "pickle-text@2 UNICODE"),
  ROW ("unicode-cut", "\x8c\2a\xc3.", "'a\\303' | text-not-utf8@0"),
  ROW ("unicode-overlong", "\x8c\2\xc0\x80.", "'\\300\\200' | text-not-utf8@0"),
  ROW ("unicode-too-large", "\x8c\4\xf4\x90\x80\x80.", "'\\364\\220\\200\\200' | text-not-utf8@0"),
  ROW ("unicode-nul", "\x8c\3a\0b.", "'a\\000b'"),
  ROW ("unicode-edges",
       "\x8c\x0d\xc2\x80\xe0\xa0\x80\xed\x9f\xbf\xf4\x8f\xbf\xbf\x7f.",
       "'\\302\\200\\340\\240\\200\\355\\237\\277\\364\\217\\277\\277\\177'"),
  ROW ("unicode-overlong-3", "\x8c\3\xe0\x9f\xbf.", "'\\340\\237\\277' | text-not-utf8@0"),
  ROW ("unicode-overlong-4", "\x8c\4\xf0\x8f\xbf\xbf.", "'\\360\\217\\277\\277' | text-not-utf8@0"),
  ROW ("unicode-no-lead", "\x8c\2\x80\x80.", "'\\200\\200' | text-not-utf8@0"),
  ROW ("bytes",
       "(B\2\0\0\0\0\xff"
       "C\1x\x8e\1\0\0\0\0\0\0\0y\x96\1\0\0\0\0\0\0\0zt.",
       "(b'\\000\\377', b'x', b'y', bytearray'z')"),
  ROW ("global-not-utf8", "c\xff\nb\n.", "<\\377:b> | text-not-utf8@0"),

  /* The stack, the memo, and frames. */
  ROW ("pop-mark", "N(0.", "None"),
  ROW ("pop-mark-2", "N(NN1.", "None"),
  ROW ("stop-mark", "N(.", "pickle-stack@2 STOP"),
  ROW ("reduce-mark", "cx\nY\n()R.", "pickle-stack@7 REDUCE"),
  ROW ("append-mark", "](Na.", "pickle-stack@3 APPEND"),
  ROW ("reduce-outer-mark", "cx\nY\n((tR.", "pickle-stack@8 REDUCE"),
  ROW ("appends-nothing-below", "(Ne.", "pickle-stack@2 APPENDS"),
  ROW ("put-empty", "p0\n.", "pickle-stack@0 PUT"),
  ROW ("put-mark", "N(q\0.", "pickle-stack@2 BINPUT"),
  ROW ("dup", "]2\x86.", "([], [])"),
  ROW ("memo-overwrite", "K\1q\0K\2q\0h\0\x87.", "(1, 2, 2)"),
  ROW ("memoize", "K\5\x94K\6\x94\x86h\1h\0\x87.", "((5, 6), 6, 5)"),
  ROW ("memoize-wild", "K\5r\0\0\0\x80K\6\x94\x86h\1\x86.", "((5, 6), 6)"),
  ROW ("get-text", "K\7p0300\ng300\ng+3_0_0\nj\x2c\1\0\0\x87\x86.", "(7, (7, 7, 7))"),
  ROW ("frame", "\x80\4\x95\2\0\0\0\0\0\0\0N.", "None"),
  ROW ("frame-end", "\x80\4\x95\2\0\0\0\0\0\0\0N0\x95\2\0\0\0\0\0\0\0N.", "None"),
  ROW ("frame-crossed", "\x80\4\x95\2\0\0\0\0\0\0\0C\2ab.", "pickle-frame@11 SHORT_BINBYTES"),
  ROW ("frame-empty", "\x80\4\x95\0\0\0\0\0\0\0\0N.", "None | frame-empty@2"),
  ROW ("proto-twice", "\x80\2\x80\3N.", "None | proto-not-first@2"),
  ROW ("buffer", "C\1x\x98.", "b'x'"),
  ROW ("buffer-none", "N\x98.", "None | odd-target@1"),

  /* Containers and objects. */
  ROW ("list", "((l(K\1K\2lt.", "([], [1, 2])"),
  ROW ("dict", "((d(K\1K\2dt.", "({}, {1: 2})"),
  ROW ("tuples", "()(tN\x85NN\x86NNN\x87t.", "((), (), (None,), (None, None), (None, None, None))"),
  ROW ("sets", "\x8f(K\1K\2\x90.", "set(1, 2)"),
  ROW ("bools", "\x88\x89\x86.", "(True, False)"),
  ROW ("empty-items", "](e}(u\x8f(\x90\x87.", "([], {}, set())"),
  ROW ("inst", "(K\1ix\nY\n.", "INST(<x:Y>, (1,))"),
  ROW ("inst-no-mark", "ix\nY\n.", "pickle-mark@0 INST"),
  ROW ("obj", "(cx\nY\nK\1o.", "OBJ(<x:Y>, (1,))"),
  ROW ("obj-nothing", "(o.", "pickle-stack@1 OBJ"),
  ROW ("obj-class", "(K\1o.", "OBJ(1, ()) | callable-not-global@3"),
  ROW ("ext", "\x83\1\1\x84\1\0\1\0\x86.", "(EXT2(257), EXT4(65537))"),
  ROW ("items",
       "cx\nY\n)R(K\1K\2eK\3a(K\4K\5uK\6K\7s(K\x08\x90.",
       "REDUCE(<x:Y>, (), dict={4: 5, 6: 7}, list=[1, 2, 3, 8])"),
  ROW ("two-states", "cx\nY\n)R}bK\1b.", "REDUCE(<x:Y>, (), state=1) | second-state@11"),
  ROW ("state-of-list", "]}b.", "[] | odd-target@2"),
  ROW ("call-of-call", "cx\nY\n)R)R.", "REDUCE(REDUCE(<x:Y>, ()), ())"),
  ROW ("class-by-id", "K\1Q)\x81.", "NEWOBJ(BINPERSID(1), ())"),
  ROW ("kwargs", "cx\nY\n)N\x92.", "NEWOBJ_EX(<x:Y>, (), kwargs=None) | args-not-tuple@7"),
  ROW ("stack-global-text", "Vos\nS'a.b'\n\x93.", "<os:a.b>"),
  ROW ("stack-global-newline", "\x8c\3a\nb\x8c\1c\x93.", "STACK_GLOBAL('a\\nb', 'c') | name-not-text@8"),
  ROW ("stack-global-bytes", "C\1aC\1b\x93.", "STACK_GLOBAL(b'a', b'b') | name-not-text@6"),
  ROW (
      "unhashable",
      "}(]N}N\x8fN\x96\0\0\0\0\0\0\0\0Nu.",
      "{[]: None, {}: None, set(): None, bytearray'': None} | unhashable-key@18 unhashable-key@18 unhashable-key@18 "
      "unhashable-key@18"),
};

static void
test_row (gconstpointer data)
{
  const Row *row = data;
  g_autofree char *description = pickle_describe (row->bytes, row->length);

  g_assert_cmpstr (description, ==, row->expected);
}

/* Each beginning of a pickle is an error, and the decoder reads nothing behind it. */
static void
test_cut (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    for (gsize length = 0; length < rows[i].length; length++)
      {
        g_autofree char *copy = g_memdup2 (rows[i].bytes, length);
        g_autofree char *description = pickle_describe (copy, length);

        if (strchr (rows[i].expected, '@') == NULL && !g_str_has_prefix (description, "pickle-truncated@") &&
            !g_str_has_prefix (description, "pickle-frame@"))
          g_error ("%s cut after %" G_GSIZE_FORMAT ": %s", rows[i].id, length, description);
      }
}

/* Where an error or warning is, is told in the record and in the file. */
static void
test_place (void)
{
  static const char file[] = "some other bytes\x80\2NX\5\0\0\0ab";
  g_autofree char *path = test_files_write ("place.bin", file, sizeof file - 1);
  g_autoptr (CkptSource) source = ckpt_source_open (path, NULL);
  g_autoptr (CkptArchive) archive = ckpt_archive_new (source);
  g_autoptr (CkptReader) reader = NULL;
  g_autoptr (CkptNodes) nodes = ckpt_nodes_new ();
  g_autoptr (CkptWarnings) warnings = ckpt_warnings_new ();
  g_autoptr (GError) error = NULL;
  const CkptPlace *place;
  CkptPickleInfo info;

  ckpt_archive_add (archive, "archive/data.pkl", -1, 16, sizeof file - 1 - 16);
  reader = ckpt_reader_new (archive, 0);
  g_assert_false (ckpt_decode_pickle (reader, nodes, warnings, NULL, NULL, NULL, &info, &error));
  g_assert_error (error, CKPT_ERROR, CKPT_ERROR_TRUNCATED);
  place = ckpt_error_get_place (error);
  g_assert_cmpstr (place->record, ==, "archive/data.pkl");
  g_assert_cmpuint (place->offset, ==, 3);
  g_assert_cmpuint (place->file_offset, ==, 19);
  g_assert_cmpstr (error->message, ==,
                   "The list of values is cut: a text at byte 3 needs 5 bytes, but only 2 remain.");
}

/* Pickles that follow each other, as in the files of old: the reader is left where the next begins. */
static void
test_one_after_the_other (void)
{
  static const char bytes[] = "\x80\2N.\x80\3\x80\2K\7.rest";
  g_autoptr (CkptReader) reader = ckpt_reader_new_for_data (bytes, sizeof bytes - 1, "pickle");
  g_autoptr (CkptNodes) nodes = ckpt_nodes_new ();
  g_autoptr (CkptWarnings) warnings = ckpt_warnings_new ();
  g_autoptr (GError) error = NULL;
  CkptPickleInfo info;

  g_assert_true (ckpt_decode_pickle (reader, nodes, warnings, NULL, NULL, NULL, &info, &error));
  g_assert_cmpint (ckpt_nodes_get_kind (nodes, info.root), ==, CKPT_KIND_NONE);
  g_assert_cmpuint (info.end, ==, 4);
  g_assert_cmpuint (info.n_opcodes, ==, 3);
  g_assert_cmpuint (info.protocol, ==, 2);
  g_assert_cmpuint (ckpt_warnings_get_n (warnings), ==, 0);

  g_assert_true (ckpt_decode_pickle (reader, nodes, warnings, NULL, NULL, NULL, &info, &error));
  g_assert_cmpint (ckpt_nodes_get_int (nodes, info.root), ==, 7);
  g_assert_cmpuint (info.end, ==, 11);
  g_assert_cmpuint (info.protocol, ==, 3);
  g_assert_cmpuint (ckpt_reader_get_position (reader), ==, 11);
  g_assert_cmpuint (ckpt_warnings_get (warnings, 0)->place.offset, ==, 6);
}

static void
test_locale (void)
{
  if (setlocale (LC_ALL, "de_DE.UTF-8") == NULL && setlocale (LC_ALL, "fr_FR.UTF-8") == NULL)
    {
      g_test_skip ("no locale with a decimal comma is installed");
      return;
    }
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    if (g_str_has_prefix (rows[i].bytes, "F") || g_str_has_prefix (rows[i].bytes, "(F"))
      test_row (&rows[i]);
  setlocale (LC_ALL, "C");
}

static void
count_opcode (guint64 position, guint8 opcode, gpointer user_data)
{
  GString *seen = user_data;

  g_string_append_printf (seen, "%s@%" G_GUINT64_FORMAT " ", ckpt_opcode_get_info (opcode)->name, position);
}

static void
test_scan (void)
{
  static const char bytes[] = "\x80\4\x95\x05\0\0\0\0\0\0\0"
                              "ca\nb\nX\2\0\0\0xyI1\nG12345678eR.N";
  g_autoptr (CkptReader) reader = ckpt_reader_new_for_data (bytes, sizeof bytes - 1, "pickle");
  g_autoptr (CkptReader) cut = ckpt_reader_new_for_data (bytes, 20, "pickle");
  g_autoptr (GString) seen = g_string_new (NULL);
  g_autoptr (GError) error = NULL;

  g_assert_true (ckpt_scan_pickle (reader, count_opcode, seen, &error));
  g_assert_cmpstr (
      seen->str, ==,
      "PROTO@0 FRAME@2 GLOBAL@11 BINUNICODE@16 INT@23 BINFLOAT@26 APPENDS@35 REDUCE@36 STOP@37 ");
  g_assert_cmpuint (ckpt_reader_get_position (reader), ==, 38);

  g_string_truncate (seen, 0);
  g_assert_false (ckpt_scan_pickle (cut, count_opcode, seen, &error));
  g_assert_cmpstr (seen->str, ==, "PROTO@0 FRAME@2 GLOBAL@11 ");
  g_assert_cmpstr (ckpt_error_get_code (error), ==, "pickle-truncated");
  g_assert_cmpuint (ckpt_error_get_place (error)->offset, ==, 16);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *path = g_strconcat ("/decoder/rows/", rows[i].id, NULL);

      g_test_add_data_func (path, &rows[i], test_row);
    }
  g_test_add_func ("/decoder/cut", test_cut);
  g_test_add_func ("/decoder/place", test_place);
  g_test_add_func ("/decoder/one-after-the-other", test_one_after_the_other);
  g_test_add_func ("/decoder/locale", test_locale);
  g_test_add_func ("/decoder/scan", test_scan);

  return g_test_run ();
}
