/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/ckpt-glob.h"

#include <string.h>

/* fnmatch() goes by the locale and takes time that is exponential in the number of stars. */

/* The next character, or byte where there is no UTF-8. */
static gsize
next_character (const char *text, gunichar *character)
{
  *character = g_utf8_get_char_validated (text, -1);
  if (*character >= (gunichar) -2)
    {
      *character = 0x110000 + (guint8) *text;
      return 1;
    }
  return g_utf8_skip[(guint8) *text];
}

/* Matches one character with a set at @pattern, "[abc]". Returns what follows the set, or NULL if it has no end. */
static const char *
match_set (const char *pattern, gunichar character, gboolean *is_match)
{
  const char *at = pattern + 1;
  gboolean is_inverted = *at == '!' || *at == '^';
  gboolean is_in = FALSE;
  gboolean is_first = TRUE;

  at += is_inverted;
  for (; *at != '\0' && (*at != ']' || is_first); is_first = FALSE)
    {
      gunichar low, high;

      at += next_character (at, &low);
      high = low;
      if (at[0] == '-' && at[1] != ']' && at[1] != '\0')
        at += 1 + next_character (at + 1, &high);
      is_in |= character >= low && character <= high;
    }

  *is_match = is_in != is_inverted;
  return *at == ']' ? at + 1 : NULL;
}

/* Matches one character with what is at *@pattern, which moves on. */
static gboolean
match_one (const char **pattern, gunichar character)
{
  const char *after_set;
  gboolean is_match = FALSE;
  gunichar wanted;

  if (**pattern == '?')
    {
      (*pattern)++;
      return TRUE;
    }

  after_set = **pattern == '[' ? match_set (*pattern, character, &is_match) : NULL;
  if (after_set != NULL)
    {
      *pattern = after_set;
      return is_match;
    }

  *pattern += next_character (*pattern, &wanted);
  return wanted == character;
}

/**
 * ckpt_glob_match:
 * @pattern: a pattern
 * @text: a text, perhaps not UTF-8
 *
 * Returns: whether it matches; in a time of at most the product of both lengths
 */
gboolean
ckpt_glob_match (const char *pattern, const char *text)
{
  const char *after_star = NULL;
  const char *retry = NULL;

  while (*text != '\0')
    {
      const char *next = pattern;
      gunichar character;
      gsize length = next_character (text, &character);

      if (*pattern == '*')
        {
          after_star = ++pattern;
          retry = text;
        }
      else if (*pattern != '\0' && match_one (&next, character))
        {
          pattern = next;
          text += length;
        }
      else if (after_star != NULL)
        {
          retry += next_character (retry, &character);
          pattern = after_star;
          text = retry;
        }
      else
        {
          return FALSE;
        }
    }

  while (*pattern == '*')
    pattern++;
  return *pattern == '\0';
}

/**
 * ckpt_glob_is_plain:
 * @pattern: a pattern
 *
 * Returns: whether it matches only itself
 */
gboolean
ckpt_glob_is_plain (const char *pattern)
{
  return strpbrk (pattern, "*?[") == NULL;
}
