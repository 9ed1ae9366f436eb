/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

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
