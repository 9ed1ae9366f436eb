/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/ckpt-text.h"

#include <string.h>

/* Marks on one letter that are shown; more would be drawn over the lines above. No language needs as many. */
#define MAX_MARKS 8

/* Stands for a byte that begins no UTF-8 character. */
#define NO_CHARACTER G_MAXUINT32

typedef enum
{
  STYLE_SHOW,   /* for people: backslashes stay, so that text made safe twice does not change */
  STYLE_QUOTE,  /* a literal: U+0085 is \u0085, the byte 0x85 is \x85 */
  STYLE_PYTHON, /* as Python's repr(): U+0085 is \x85 */
  STYLE_BYTES,  /* bytes: no characters but ASCII */
} Style;

/* Goes over a text of a file, character by character. */
typedef struct
{
  const guint8 *at;
  gsize n_left;
  Style style;
  char quote;
  guint n_marks;
} Cursor;

/* Bytes of a character beyond ASCII at @at, or 0 if there is none. Surrogates are let through: Python writes lone ones into pickles
 * as if they were characters ("surrogatepass"). */
static gsize
decode (const guint8 *at, gsize n_left, gunichar *character)
{
  gunichar c = g_utf8_get_char_validated ((const char *) at, MIN (n_left, 6));

  if (c < (gunichar) -2)
    {
      *character = c;
      return g_unichar_to_utf8 (c, NULL);
    }

  if (n_left >= 3 && at[0] == 0xed && at[1] >= 0xa0 && at[1] <= 0xbf && (at[2] & 0xc0) == 0x80)
    {
      *character = 0xd000 | (at[1] & 0x3f) << 6 | (at[2] & 0x3f);
      return 3;
    }

  *character = NO_CHARACTER;
  return 0;
}

/* Letters and marks that Unicode says are drawn as nothing, beyond those whose category (format character) says it. */
static gboolean
is_invisible (gunichar c)
{
  return c == 0x34f || c == 0x115f || c == 0x1160 || c == 0x17b4 || c == 0x17b5 ||
         (c >= 0x180b && c <= 0x180f) || c == 0x3164 || c == 0xffa0 || (c >= 0xe0100 && c <= 0xe01ef);
}

/* As Python's str.isprintable(), without the invisible ones. */
static gboolean
is_printable (gunichar c)
{
  switch ((int) g_unichar_type (c))
    {
    case G_UNICODE_CONTROL:
    case G_UNICODE_FORMAT:
    case G_UNICODE_UNASSIGNED:
    case G_UNICODE_PRIVATE_USE:
    case G_UNICODE_SURROGATE:
    case G_UNICODE_LINE_SEPARATOR:
    case G_UNICODE_PARAGRAPH_SEPARATOR:
      return FALSE;

    case G_UNICODE_SPACE_SEPARATOR:
      return c == ' ';

    default:
      return !is_invisible (c);
    }
}

static gboolean
is_mark (gunichar c)
{
  GUnicodeType type = g_unichar_type (c);

  return type == G_UNICODE_NON_SPACING_MARK || type == G_UNICODE_ENCLOSING_MARK;
}

static guint
print_escape (const Cursor *self, gunichar c, char piece[16])
{
  switch (c)
    {
    case '\n':
      return g_snprintf (piece, 16, "\\n");
    case '\r':
      return g_snprintf (piece, 16, "\\r");
    case '\t':
      return g_snprintf (piece, 16, "\\t");
    default:
      if (c < (self->style == STYLE_PYTHON ? 0x100 : 0x80))
        return g_snprintf (piece, 16, "\\x%02x", c);
      if (c < 0x10000)
        return g_snprintf (piece, 16, "\\u%04x", c);
      return g_snprintf (piece, 16, "\\U%08x", c);
    }
}

/* A byte that is no text; in Python's own repr() it can only be there by "surrogateescape". */
static guint
print_byte (const Cursor *self, guint8 byte, char piece[16])
{
  return g_snprintf (piece, 16, self->style == STYLE_PYTHON ? "\\udc%02x" : "\\x%02x", byte);
}

static guint
print_ascii (const Cursor *self, guint8 c, char piece[16])
{
  if (c < 0x20 || c == 0x7f)
    return print_escape (self, c, piece);

  if (c == self->quote || (c == '\\' && self->style != STYLE_SHOW))
    return g_snprintf (piece, 16, "\\%c", c);

  piece[0] = c;
  piece[1] = '\0';
  return 1;
}

/* The shown form of the next character, which is passed over. Returns the characters of that form. */
static guint
next_piece (Cursor *self, char piece[16])
{
  const guint8 *at = self->at;
  gunichar c = *at;
  gsize n_bytes = 1;

  if (c >= 0x80)
    n_bytes = self->style == STYLE_BYTES ? 0 : decode (at, self->n_left, &c);

  self->at += MAX (n_bytes, 1);
  self->n_left -= MAX (n_bytes, 1);

  if (n_bytes == 0)
    return print_byte (self, *at, piece);

  if (c < 0x80)
    {
      self->n_marks = 0;
      return print_ascii (self, c, piece);
    }

  self->n_marks = is_mark (c) ? self->n_marks + 1 : 0;
  if (!is_printable (c) || self->n_marks > MAX_MARKS)
    return print_escape (self, c, piece);

  memcpy (piece, at, n_bytes);
  piece[n_bytes] = '\0';
  return 1;
}

/* Appends what follows and is shown as it is, at most @max_chars characters: nearly all text is nothing else. */
static guint
append_plain (GString *out, Cursor *cursor, guint max_chars)
{
  const guint8 *at = cursor->at;
  gsize n_max = MIN (cursor->n_left, max_chars);
  gsize n = 0;

  while (n < n_max && at[n] >= 0x20 && at[n] < 0x7f && at[n] != '\\' && at[n] != cursor->quote)
    n++;
  if (n == 0)
    return 0;

  g_string_append_len (out, (const char *) at, n);
  cursor->at += n;
  cursor->n_left -= n;
  cursor->n_marks = 0;
  return n;
}

/* Appends pieces up to @max_chars characters, and then an ellipsis. FALSE if it was cut. */
static gboolean
append_pieces (GString *out, Cursor *cursor, guint max_chars)
{
  guint n_chars = 0;
  char piece[16];

  while (cursor->n_left > 0)
    {
      n_chars += append_plain (out, cursor, max_chars > 0 ? max_chars - n_chars : G_MAXUINT);
      if (cursor->n_left == 0)
        break;

      n_chars += next_piece (cursor, piece);
      if (max_chars > 0 && n_chars > max_chars)
        {
          g_string_append (out, "…");
          return FALSE;
        }
      g_string_append (out, piece);
    }
  return TRUE;
}

/**
 * ckpt_text_escape:
 * @text: (array length=length): text of a file, perhaps not UTF-8
 * @length: bytes of @text, which may hold NUL
 * @max_chars: characters that the result may have, or 0
 *
 * Makes text of a file safe to show on one line: everything that Python calls not printable, and letters that are drawn as nothing,
 * is escaped, and so are combining marks after the eighth on one letter. Backslashes are left alone, so different texts may look
 * alike: where that matters, use ckpt_text_quote(). A text that is cut ends with an ellipsis, and never within an escape.
 *
 * Returns: (transfer full): valid UTF-8
 */
char *
ckpt_text_escape (const char *text, gsize length, guint max_chars)
{
  GString *out = g_string_new (NULL);
  Cursor cursor = { (const guint8 *) text, length, STYLE_SHOW, '\0', 0 };

  append_pieces (out, &cursor, max_chars);
  return g_string_free_and_steal (out);
}

/* The quote that Python's repr() takes. */
static char
choose_quote (const char *text, gsize length)
{
  return memchr (text, '\'', length) != NULL && memchr (text, '"', length) == NULL ? '"' : '\'';
}

static gboolean
append_literal (GString *out, Cursor *cursor, guint max_chars)
{
  gboolean is_whole;

  g_string_append_c (out, cursor->quote);
  is_whole = append_pieces (out, cursor, max_chars);
  g_string_append_c (out, cursor->quote);
  return is_whole;
}

/**
 * ckpt_text_append_quoted:
 * @out: where to append
 * @text: (array length=length): text of a file
 * @length: bytes of @text
 * @quote: quote to put around, or 0 for exactly what Python's repr() of that text is
 * @max_chars: characters that there may be between the quotes, or 0
 *
 * Appends a Python string literal. With @quote, a byte that is no UTF-8 is \xff while the character U+00FF is itself or \u00ff, so that
 * every text has a literal of its own. What is cut ends with an ellipsis.
 *
 * Returns: whether it is all there
 */
gboolean
ckpt_text_append_quoted (GString *out, const char *text, gsize length, char quote, guint max_chars)
{
  Cursor cursor = { (const guint8 *) text, length, STYLE_QUOTE, quote, 0 };

  if (quote == '\0')
    {
      cursor.style = STYLE_PYTHON;
      cursor.quote = choose_quote (text, length);
    }
  return append_literal (out, &cursor, max_chars);
}

/**
 * ckpt_text_quote:
 * @text: (array length=length): text of a file, perhaps not UTF-8
 * @length: bytes of @text, which may hold NUL
 *
 * Returns: (transfer full): @text as a Python string literal in double quotes, valid UTF-8 and safe to show
 */
char *
ckpt_text_quote (const char *text, gsize length)
{
  GString *out = g_string_sized_new (length + 2);

  ckpt_text_append_quoted (out, text, length, '"', 0);
  return g_string_free_and_steal (out);
}

/**
 * ckpt_text_append_bytes:
 * @out: where to append
 * @bytes: (array length=length): bytes of a file
 * @length: how many
 * @quote: quote to put around, or 0 for the one that Python's repr() takes
 * @max_chars: characters that there may be between the quotes, or 0
 *
 * Appends a Python bytes literal. What is cut ends with an ellipsis.
 *
 * Returns: whether it is all there
 */
gboolean
ckpt_text_append_bytes (GString *out, const void *bytes, gsize length, char quote, guint max_chars)
{
  Cursor cursor = { bytes, length, STYLE_BYTES, quote != '\0' ? quote : choose_quote (bytes, length), 0 };

  g_string_append_c (out, 'b');
  return append_literal (out, &cursor, max_chars);
}

/**
 * ckpt_text_quote_bytes:
 * @bytes: (array length=length): bytes of a file
 * @length: how many
 *
 * Returns: (transfer full): Python's repr() of a bytes object, such as `b'\x00a'`
 */
char *
ckpt_text_quote_bytes (const void *bytes, gsize length)
{
  GString *out = g_string_sized_new (length + 3);

  ckpt_text_append_bytes (out, bytes, length, '\0', 0);
  return g_string_free_and_steal (out);
}

/* @n in the largest of the units that leaves a digit before the point, each 1000 times the one before: "4.1 k". Tenths are left out
 * where they are 0, and from @whole_from on. */
static char *
print_scaled (guint64 n, const char *const *units, guint whole_from)
{
  guint64 unit = 1;
  guint64 tenths;
  guint i = 0;

  while (n / unit >= 1000 && units[i + 1] != NULL)
    {
      unit *= 1000;
      i++;
    }

  tenths = n / unit * 10 + (n % unit * 10 + unit / 2) / unit;
  if (tenths >= (guint64) whole_from * 10)
    tenths = (tenths + 5) / 10 * 10;
  if (tenths >= 10000 && units[i + 1] != NULL)
    {
      tenths = 10;
      i++;
    }

  if (tenths % 10 == 0)
    return g_strdup_printf ("%" G_GUINT64_FORMAT "%s", tenths / 10, units[i]);
  return g_strdup_printf ("%" G_GUINT64_FORMAT ".%u%s", tenths / 10, (guint) (tenths % 10), units[i]);
}

/**
 * ckpt_text_bytes:
 * @n_bytes: bytes
 *
 * Returns: (transfer full): "12 B", "4.1 kB", "498 MB": powers of 1000, in the C locale
 */
char *
ckpt_text_bytes (guint64 n_bytes)
{
  static const char *const units[] = { " B", " kB", " MB", " GB", " TB", " PB", " EB", NULL };

  return print_scaled (n_bytes, units, 100);
}

/**
 * ckpt_text_count:
 * @n: a count
 *
 * Returns: (transfer full): all its digits in groups of three, "1,769,472"
 */
char *
ckpt_text_count (guint64 n)
{
  g_autofree char *digits = g_strdup_printf ("%" G_GUINT64_FORMAT, n);
  gsize length = strlen (digits);
  GString *out = g_string_sized_new (length + length / 3);

  for (gsize i = 0; i < length; i++)
    {
      if (i > 0 && (length - i) % 3 == 0)
        g_string_append_c (out, ',');
      g_string_append_c (out, digits[i]);
    }
  return g_string_free_and_steal (out);
}

/**
 * ckpt_text_short_count:
 * @n: a count
 *
 * Returns: (transfer full): "950", "1.8 M", "124.4 M", "1.3 B"
 */
char *
ckpt_text_short_count (guint64 n)
{
  static const char *const units[] = { "", " k", " M", " B", " T", NULL };

  return print_scaled (n, units, 1000);
}
