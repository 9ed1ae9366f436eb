/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/ckpt-literal.h"

#include "model/ckpt-number.h"
#include "model/ckpt-text.h"

#include <string.h>

#define MAX_DEPTH 16

static void
skip_spaces (const char **at)
{
  while (**at == ' ')
    (*at)++;
}

/* Surrogates are written as Python's "surrogatepass" does. */
static void
append_character (GString *out, guint32 c)
{
  char buffer[6];

  if (c >= 0xd800 && c < 0xe000)
    {
      g_string_append_c (out, (char) 0xed);
      g_string_append_c (out, (char) (0x80 | ((c >> 6) & 0x3f)));
      g_string_append_c (out, (char) (0x80 | (c & 0x3f)));
      return;
    }
  g_string_append_len (out, buffer, g_unichar_to_utf8 (c, buffer));
}

/* \xff, \u202e, \U0001f6a2: a byte, or a character. */
static gboolean
parse_hex (const char **at, guint n_digits, GString *out)
{
  guint32 c = 0;

  for (guint i = 0; i < n_digits; i++, (*at)++)
    {
      int digit = g_ascii_xdigit_value (**at);

      if (digit < 0)
        return FALSE;
      c = c << 4 | (guint) digit;
    }

  if (n_digits == 2)
    g_string_append_c (out, (char) c);
  else if (c > 0x10ffff)
    return FALSE;
  else
    append_character (out, c);
  return TRUE;
}

/* What follows a backslash. */
static gboolean
parse_escape (const char **at, gboolean is_bytes, GString *out)
{
  static const char letters[] = "nrtabfv0\\'\"";
  static const char meanings[] = "\n\r\t\a\b\f\v\0\\'\"";
  char letter = **at;
  const char *found = letter != '\0' ? strchr (letters, letter) : NULL;

  if (letter == '\0')
    return FALSE;

  (*at)++;
  if (found != NULL)
    {
      g_string_append_c (out, meanings[found - letters]);
      return TRUE;
    }

  if (letter == 'x')
    return parse_hex (at, 2, out);
  if (letter == 'u' && !is_bytes)
    return parse_hex (at, 4, out);
  return letter == 'U' && !is_bytes && parse_hex (at, 8, out);
}

static gboolean
parse_quoted (const char **at, gboolean is_bytes, GString *out)
{
  char quote = *(*at)++;

  while (**at != quote)
    {
      if (**at == '\0')
        return FALSE;

      if (**at != '\\')
        {
          g_string_append_c (out, *(*at)++);
          continue;
        }

      (*at)++;
      if (!parse_escape (at, is_bytes, out))
        return FALSE;
    }
  (*at)++;
  return TRUE;
}

/* Whether the word that begins at @start goes on at @at. The exponent of a number may have a sign. */
static gboolean
is_in_word (const char *start, const char *at)
{
  if (g_ascii_isalnum (*at) || *at == '_' || *at == '.')
    return TRUE;

  return (*at == '-' || *at == '+') && at > start && g_ascii_tolower (at[-1]) == 'e' &&
         g_ascii_isdigit (*start);
}

static gboolean
is_int (const char *word)
{
  if (*word == '-')
    word++;
  return *word != '\0' && strspn (word, "0123456789") == strlen (word);
}

static void
append_int (const char *word, GString *out)
{
  gboolean is_negative = *word == '-';

  word += is_negative;
  while (word[0] == '0' && word[1] != '\0')
    word++;
  if (is_negative && strcmp (word, "0") != 0)
    g_string_append_c (out, '-');
  g_string_append (out, word);
}

/* A number, None, True, False, or a name such as torch.float32. */
static gboolean
parse_word (const char **at, GString *out)
{
  const char *start = *at;
  const char *digits;
  g_autofree char *word = NULL;
  g_autofree char *number = NULL;
  char *end;
  double value;

  if (**at == '-')
    (*at)++;
  digits = *at;
  while (is_in_word (digits, *at))
    (*at)++;

  word = g_strndup (start, *at - start);
  if (is_int (word))
    {
      append_int (word, out);
      return TRUE;
    }

  value = g_ascii_strtod (word, &end);
  if (*word != '\0' && *end == '\0')
    {
      number = ckpt_number_to_string (value);
      g_string_append (out, number);
      return TRUE;
    }

  g_string_append (out, word);
  return *word != '\0' && *word != '-';
}

static gboolean parse_value (const char **at, GString *out, guint depth);

static gboolean
parse_tuple (const char **at, GString *out, guint depth)
{
  guint n = 0;
  gboolean has_comma = FALSE;

  (*at)++;
  g_string_append_c (out, '(');
  for (skip_spaces (at); **at != ')'; skip_spaces (at))
    {
      if (n > 0 && !has_comma)
        return FALSE;
      if (n > 0)
        g_string_append (out, ", ");
      if (!parse_value (at, out, depth + 1))
        return FALSE;

      n++;
      skip_spaces (at);
      has_comma = **at == ',';
      if (has_comma)
        (*at)++;
    }

  (*at)++;
  g_string_append (out, n == 1 ? ",)" : ")");
  return n != 1 || has_comma;
}

static gboolean
parse_value (const char **at, GString *out, guint depth)
{
  g_autoptr (GString) bytes = NULL;
  gboolean is_bytes = g_ascii_tolower (**at) == 'b' && ((*at)[1] == '"' || (*at)[1] == '\'');

  if (depth > MAX_DEPTH)
    return FALSE;

  if (**at == '(')
    return parse_tuple (at, out, depth);

  if (!is_bytes && **at != '"' && **at != '\'')
    return parse_word (at, out);

  *at += is_bytes;
  bytes = g_string_new (NULL);
  if (!parse_quoted (at, is_bytes, bytes))
    return FALSE;

  if (is_bytes)
    ckpt_text_append_bytes (out, bytes->str, bytes->len, '"', 0);
  else
    ckpt_text_append_quoted (out, bytes->str, bytes->len, '"', 0);
  return TRUE;
}

/**
 * ckpt_literal_parse:
 * @at: (inout): where it begins; then what follows it
 * @text: (out) (transfer full) (nullable): the text that it is, perhaps not UTF-8
 * @literal: (out) (transfer full) (nullable): any other literal, written as this library writes it
 *
 * Reads text, bytes, a number, None, True, False, a dotted name, or a tuple of these, as Python writes them. In text, \xff is the byte and
 * \u00ff the character.
 *
 * Returns: whether there is one; then one of @text and @literal is set
 */
gboolean
ckpt_literal_parse (const char **at, GString **text, char **literal)
{
  g_autoptr (GString) out = g_string_new (NULL);

  skip_spaces (at);
  if (**at == '"' || **at == '\'')
    {
      if (!parse_quoted (at, FALSE, out))
        return FALSE;
      *text = g_steal_pointer (&out);
    }
  else
    {
      if (!parse_value (at, out, 0))
        return FALSE;
      *literal = g_string_free_and_steal (g_steal_pointer (&out));
    }
  skip_spaces (at);
  return TRUE;
}
