/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* A file in a temporary folder of its own, removed with it. */
typedef struct
{
  char *folder;
  char *path;
} TestFile;

TestFile *test_file_new  (const char *name,
                          const void *content,
                          gsize       length);
void      test_file_free (TestFile   *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TestFile, test_file_free)

/* Appends literal bytes, a C string without its NUL, a 64-bit little-endian number. */
#define test_bytes(array, literal) g_byte_array_append (array, (const guint8 *) (literal), sizeof (literal) - 1)
void      test_text      (GByteArray *array,
                          const char *text);
void      test_u64       (GByteArray *array,
                          guint64     value);
/* BINUNICODE with its argument. */
void      test_unicode   (GByteArray *array,
                          const char *text);

G_END_DECLS
