/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "io/ckpt-macros.h"

G_BEGIN_DECLS

/* How Python reads numbers and escapes in the text arguments of protocol 0. Nothing here depends on the locale. */

/* Which Python function reads an int. */
typedef enum
{
  CKPT_PYTHON_DECIMAL, /* int (text): GET and PUT */
  CKPT_PYTHON_LITERAL, /* int (text, 0): LONG */
  CKPT_PYTHON_STRTOL,  /* strtol (text, 0), then int (text, 0): INT, where 010 is eight */
} CkptPythonIntStyle;

/**
 * CkptPythonInt:
 * @value: the value, if it fits
 * @is_big: it does not fit in 64 bits: it is the decimal digits, with a minus sign before them if negative, at
 * @digits: byte of the text, and
 * @n_digits: so many bytes, in which
 * @has_underscores: there may be underscores
 * @is_octal: a leading zero made it octal, on which Python's own readers disagree
 */
typedef struct
{
  gint64 value;
  gboolean is_big;
  gsize digits;
  gsize n_digits;
  gboolean has_underscores;
  gboolean is_octal;
} CkptPythonInt;

gboolean ckpt_python_parse_int          (const char        *text,
                                         gsize              length,
                                         CkptPythonIntStyle style,
                                         CkptPythonInt     *number);
/* @scratch: room for length + 1 bytes */
gboolean ckpt_python_parse_float        (const char        *text,
                                         gsize              length,
                                         char              *scratch,
                                         double            *value);
/* Resolves the escapes of a str of Python 2, that is bytes. @out: room for @length bytes. On failure @bad is where. */
gboolean ckpt_python_unescape           (const char        *text,
                                         gsize              length,
                                         char              *out,
                                         gsize             *out_length,
                                         gsize             *bad);
/* Decodes raw-unicode-escape to UTF-8, with surrogates as three bytes each. @out: room for 2 * @length bytes. */
gboolean ckpt_python_decode_raw_unicode (const char        *text,
                                         gsize              length,
                                         char              *out,
                                         gsize             *out_length,
                                         gsize             *bad);

G_END_DECLS
