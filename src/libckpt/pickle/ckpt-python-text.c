/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ckpt-python-text.h"

#include <string.h>

/* What bytes.strip() and float() take for white space. */
static gboolean
is_space (char c)
{
  return c == ' ' || (c >= '\t' && c <= '\r');
}

static void
strip (const char **text, gsize *length)
{
  while (*length > 0 && is_space (**text))
    {
      (*text)++;
      (*length)--;
    }
  while (*length > 0 && is_space ((*text)[*length - 1]))
    (*length)--;
}

static guint
digit_value (char c)
{
  return g_ascii_isxdigit (c) ? (guint) g_ascii_xdigit_value (c) : G_MAXUINT;
}

/* Whether all of it is digits of that base, with single underscores between them. */
static gboolean
are_digits (const char *text, gsize length, guint base, gboolean *has_underscores)
{
  gboolean was_digit = FALSE;

  *has_underscores = FALSE;
  for (gsize i = 0; i < length; i++)
    {
      if (text[i] == '_' && was_digit)
        {
          was_digit = FALSE;
          *has_underscores = TRUE;
        }
      else if (digit_value (text[i]) < base)
        was_digit = TRUE;
      else
        return FALSE;
    }
  return was_digit;
}

/* Sums up digits that were checked; FALSE if the sum does not fit. */
static gboolean
sum_digits (const char *text, gsize length, guint base, gboolean is_negative, gint64 *value)
{
  gint64 sum = 0;

  for (gsize i = 0; i < length; i++)
    {
      gint64 digit = text[i] == '_' ? 0 : digit_value (text[i]);

      if (text[i] == '_')
        continue;
      if (__builtin_mul_overflow (sum, (gint64) base, &sum) ||
          __builtin_add_overflow (sum, is_negative ? -digit : digit, &sum))
        return FALSE;
    }
  *value = sum;
  return TRUE;
}

/* The base that a prefix such as 0x names, which is passed over; 10 without one. */
static guint
take_prefix (const char **text, gsize *length)
{
  guint base = 10;

  if (*length < 2 || (*text)[0] != '0')
    return 10;
  switch ((*text)[1])
    {
    case 'x':
    case 'X':
      base = 16;
      break;
    case 'o':
    case 'O':
      base = 8;
      break;
    case 'b':
    case 'B':
      base = 2;
      break;
    default:
      return 10;
    }
  *text += 2;
  *length -= 2;
  if (*length > 0 && **text == '_')
    {
      (*text)++;
      (*length)--;
    }
  return base;
}

/* In a literal a leading zero is an error, unless all digits are zero. */
static gboolean
has_leading_zero (const char *text, gsize length)
{
  if (length < 2 || text[0] != '0')
    return FALSE;
  for (gsize i = 1; i < length; i++)
    if (text[i] != '0' && text[i] != '_')
      return TRUE;
  return FALSE;
}

/**
 * ckpt_python_parse_int:
 * @text: (array length=length): the text
 * @length: bytes
 * @style: which of Python's functions reads it
 * @number: (out): the int
 *
 * Reads an int as CPython's pickle does (Modules/_pickle.c, load_int() and load_long()). Decimal digits of any number are
 * taken; ints in other bases must fit in 64 bits.
 *
 * Returns: whether it is one
 */
gboolean
ckpt_python_parse_int (const char *text, gsize length, CkptPythonIntStyle style, CkptPythonInt *number)
{
  const char *at = text;
  gsize n = length;
  gboolean is_negative;
  guint base = 10;

  *number = (CkptPythonInt) { 0 };
  strip (&at, &n);
  is_negative = n > 0 && *at == '-';
  if (n > 0 && (*at == '-' || *at == '+'))
    {
      at++;
      n--;
    }
  if (style != CKPT_PYTHON_DECIMAL)
    base = take_prefix (&at, &n);
  if (!are_digits (at, n, base, &number->has_underscores))
    return FALSE;
  if (style != CKPT_PYTHON_DECIMAL && base == 10 && has_leading_zero (at, n))
    {
      if (style != CKPT_PYTHON_STRTOL || !are_digits (at, n, 8, &number->has_underscores) ||
          number->has_underscores)
        return FALSE;
      base = 8;
      number->is_octal = TRUE;
    }
  if (sum_digits (at, n, base, is_negative, &number->value))
    return TRUE;
  number->is_big = TRUE;
  number->digits = at - text - is_negative;
  number->n_digits = n + is_negative;
  return base == 10;
}

static gsize
skip_digits (const char *text, gsize length, gsize i)
{
  while (i < length && g_ascii_isdigit (text[i]))
    i++;
  return i;
}

/* Digits, a point, an exponent, as in strtod() but for hexadecimal. */
static gboolean
is_decimal (const char *text, gsize length)
{
  gsize whole = skip_digits (text, length, 0);
  gsize i = whole;
  gsize n_digits = whole;

  if (i < length && text[i] == '.')
    {
      i = skip_digits (text, length, i + 1);
      n_digits += i - whole - 1;
    }
  if (n_digits == 0)
    return FALSE;
  if (i < length && (text[i] == 'e' || text[i] == 'E'))
    {
      gsize exponent = i + 1 + (i + 1 < length && (text[i + 1] == '-' || text[i + 1] == '+'));

      i = skip_digits (text, length, exponent);
      if (i == exponent)
        return FALSE;
    }
  return i == length;
}

static gboolean
is_word (const char *text, gsize length, const char *word)
{
  return length == strlen (word) && g_ascii_strncasecmp (text, word, length) == 0;
}

/**
 * ckpt_python_parse_float:
 * @text: (array length=length): the text
 * @length: bytes
 * @scratch: room for @length + 1 bytes
 * @value: (out): the float
 *
 * Reads a float by the grammar of Python's float(): white space around it, underscores between digits, "nan" and "inf", no
 * hexadecimal; what is too large is infinite. The locale has no say.
 *
 * Returns: whether it is one
 */
gboolean
ckpt_python_parse_float (const char *text, gsize length, char *scratch, double *value)
{
  gsize n_copied = 0;
  const char *unsigned_part = scratch;
  gsize n_unsigned;

  strip (&text, &length);
  for (gsize i = 0; i < length; i++)
    {
      if (text[i] != '_')
        scratch[n_copied++] = text[i];
      else if (i == 0 || i + 1 == length || !g_ascii_isdigit (text[i - 1]) || !g_ascii_isdigit (text[i + 1]))
        return FALSE;
    }
  scratch[n_copied] = '\0';
  n_unsigned = n_copied;
  if (n_copied > 0 && (*scratch == '-' || *scratch == '+'))
    {
      unsigned_part++;
      n_unsigned--;
    }
  if (!is_decimal (unsigned_part, n_unsigned) && !is_word (unsigned_part, n_unsigned, "nan") &&
      !is_word (unsigned_part, n_unsigned, "inf") && !is_word (unsigned_part, n_unsigned, "infinity"))
    return FALSE;
  *value = g_ascii_strtod (scratch, NULL);
  return TRUE;
}

static const char simple_escapes[][2] = {
  { '\\', '\\' }, { '\'', '\'' }, { '"', '"' },  { 'a', '\a' }, { 'b', '\b' },
  { 'f', '\f' },  { 'n', '\n' },  { 'r', '\r' }, { 't', '\t' }, { 'v', '\v' },
};

/* Resolves what follows a backslash; gives how many bytes of @text that took, 0 if it is no escape, -1 if a broken one. */
static int
unescape_one (const char *text, gsize length, char *out)
{
  guint value = 0;
  int n = 0;

  for (gsize i = 0; i < G_N_ELEMENTS (simple_escapes); i++)
    if (text[0] == simple_escapes[i][0])
      {
        *out = simple_escapes[i][1];
        return 1;
      }
  if (text[0] == 'x')
    {
      if (length < 3 || !g_ascii_isxdigit (text[1]) || !g_ascii_isxdigit (text[2]))
        return -1;
      *out = digit_value (text[1]) << 4 | digit_value (text[2]);
      return 3;
    }
  for (; n < 3 && (gsize) n < length && text[n] >= '0' && text[n] <= '7'; n++)
    value = value << 3 | (text[n] - '0');
  *out = value;
  return n;
}

/**
 * ckpt_python_unescape:
 * @text: (array length=length): what stands between the quotes
 * @length: bytes
 * @out: room for @length bytes
 * @out_length: (out): bytes that were put there
 * @bad: (out): on failure, byte of @text where the broken escape begins
 *
 * Resolves escapes as CPython's PyBytes_DecodeEscape() does, which leaves unknown ones as they are.
 *
 * Returns: whether all escapes are whole
 */
gboolean
ckpt_python_unescape (const char *text, gsize length, char *out, gsize *out_length, gsize *bad)
{
  gsize n = 0;

  for (gsize i = 0; i < length; i++)
    {
      int taken = 0;

      if (text[i] == '\\')
        {
          taken = i + 1 < length ? unescape_one (text + i + 1, length - i - 1, out + n) : -1;
          if (taken < 0)
            {
              *bad = i;
              return FALSE;
            }
        }
      if (taken == 0)
        out[n] = text[i];
      n++;
      i += taken;
    }
  *out_length = n;
  return TRUE;
}

/* Reads so many hexadecimal digits. */
static gboolean
parse_hex (const char *text, gsize length, gsize n_digits, guint32 *value)
{
  *value = 0;
  if (length < n_digits)
    return FALSE;
  for (gsize i = 0; i < n_digits; i++)
    {
      if (!g_ascii_isxdigit (text[i]))
        return FALSE;
      *value = *value << 4 | digit_value (text[i]);
    }
  return TRUE;
}

/**
 * ckpt_python_decode_raw_unicode:
 * @text: (array length=length): the text
 * @length: bytes
 * @out: room for twice @length bytes
 * @out_length: (out): bytes that were put there
 * @bad: (out): on failure, byte of @text where the broken escape begins
 *
 * Decodes as Python's codec "raw-unicode-escape": \uXXXX and \UXXXXXXXX are escapes, other bytes are Latin-1. Surrogates
 * stay single, as they do in Python 3.
 *
 * Returns: whether all escapes are whole
 */
gboolean
ckpt_python_decode_raw_unicode (const char *text, gsize length, char *out, gsize *out_length, gsize *bad)
{
  gsize n = 0;
  gsize i = 0;

  while (i < length)
    {
      gsize n_digits = 0;
      guint32 character;

      if (text[i] == '\\' && i + 1 < length)
        n_digits = text[i + 1] == 'u' ? 4 : text[i + 1] == 'U' ? 8 : 0;
      if (n_digits > 0)
        {
          if (!parse_hex (text + i + 2, length - i - 2, n_digits, &character) || character > 0x10ffff)
            {
              *bad = i;
              return FALSE;
            }
          n += g_unichar_to_utf8 (character, out + n);
          i += 2 + n_digits;
          continue;
        }
      /* A backslash takes the next byte with it, so that \\u is no escape. */
      if (text[i] == '\\' && i + 1 < length)
        out[n++] = text[i++];
      n += g_unichar_to_utf8 ((guchar) text[i++], out + n);
    }
  *out_length = n;
  return TRUE;
}
