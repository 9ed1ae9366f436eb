/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "io/ckpt-macros.h"

G_BEGIN_DECLS

/* Text of a file made safe to show: escapes what is no printable text (controls, bidi and invisible characters, broken UTF-8,
 * lone surrogates) as \n, \x1b, \u202e, and cuts after @max_chars characters (0: never) with an ellipsis. */
CKPT_EXPORT char *ckpt_text_escape   (const char *text,
                                      gsize       length,
                                      guint       max_chars);
/* The same as a Python string literal, with double quotes, never cut. */
CKPT_EXPORT char *ckpt_text_quote    (const char *text,
                                      gsize       length);
/* The same as Python's repr() of a bytes object. */
CKPT_EXPORT char *ckpt_text_quote_bytes (const void *bytes,
                                      gsize       length);
/* "4.1 kB", in powers of 1000; in the C locale. */
CKPT_EXPORT char *ckpt_text_bytes    (guint64     n_bytes);
/* "1,769,472" and "1.8 M". */
CKPT_EXPORT char *ckpt_text_count    (guint64     n);
CKPT_EXPORT char *ckpt_text_short_count (guint64  n);

/* For the library's own files: the same, appended to @out. @quote is 0 for the quote that Python's repr() chooses. What is cut has an
 * ellipsis before the closing quote. FALSE if it was cut. */
gboolean ckpt_text_append_quoted (GString    *out,
                                  const char *text,
                                  gsize       length,
                                  char        quote,
                                  guint       max_chars);
gboolean ckpt_text_append_bytes  (GString    *out,
                                  const void *bytes,
                                  gsize       length,
                                  char        quote,
                                  guint       max_chars);

G_END_DECLS
