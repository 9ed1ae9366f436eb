/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/ckpt-amount.h"

#include <string.h>

typedef struct
{
  const char *name;
  guint64 factor;
} Unit;

/* As ckpt_text_bytes() writes them, and what people write instead. */
static const Unit byte_units[] = {
  { "b", 1 },
  { "k", 1000 },
  { "kb", 1000 },
  { "kib", G_GUINT64_CONSTANT (1) << 10 },
  { "m", 1000000 },
  { "mb", 1000000 },
  { "mib", G_GUINT64_CONSTANT (1) << 20 },
  { "g", 1000000000 },
  { "gb", 1000000000 },
  { "gib", G_GUINT64_CONSTANT (1) << 30 },
  { "t", G_GUINT64_CONSTANT (1000000000000) },
  { "tb", G_GUINT64_CONSTANT (1000000000000) },
  { "tib", G_GUINT64_CONSTANT (1) << 40 },
};

/* As ckpt_text_short_count() writes them; G is what B is elsewhere. */
static const Unit count_units[] = {
  { "k", 1000 }, { "m", 1000000 }, { "b", 1000000000 }, { "g", 1000000000 }, { "t", 1000000000000 },
};

/* 1 for no name at all, 0 for a name that is no unit. */
static guint64
get_factor (const char *name, gsize length, CkptAmountUnit unit)
{
  const Unit *units = unit == CKPT_AMOUNT_BYTES ? byte_units : count_units;
  gsize n = unit == CKPT_AMOUNT_BYTES ? G_N_ELEMENTS (byte_units) : G_N_ELEMENTS (count_units);

  if (length == 0)
    return 1;
  for (gsize i = 0; i < n; i++)
    if (strlen (units[i].name) == length && g_ascii_strncasecmp (units[i].name, name, length) == 0)
      return units[i].factor;
  return 0;
}

/**
 * ckpt_amount_is_unit:
 * @text: a word, perhaps followed by more
 * @length: its bytes
 *
 * Returns: whether it is a unit of @unit
 */
gboolean
ckpt_amount_is_unit (const char *text, gsize length, CkptAmountUnit unit)
{
  return length > 0 && get_factor (text, length, unit) != 0;
}

/* Digits, perhaps in groups, and a decimal point. @n_decimals is how many follow the point. */
static gboolean
parse_digits (const char **at, guint64 *digits, guint64 *scale)
{
  gboolean has_digits = FALSE, has_point = FALSE;

  *digits = 0;
  *scale = 1;
  for (;; (*at)++)
    {
      char c = **at;

      if (g_ascii_isdigit (c))
        {
          if (__builtin_mul_overflow (*digits, 10u, digits) ||
              __builtin_add_overflow (*digits, (guint64) (c - '0'), digits) ||
              (has_point && __builtin_mul_overflow (*scale, 10u, scale)))
            return FALSE;
          has_digits = TRUE;
        }
      else if (c == '.' && !has_point && has_digits)
        has_point = TRUE;
      else if ((c != ',' && c != '_') || !has_digits || has_point || !g_ascii_isdigit ((*at)[1]))
        return has_digits;
    }
}

/* @step is what one more in the last digit stands for. */
static gboolean
parse_number (const char *text, CkptAmountUnit unit, guint64 *value, guint64 *step)
{
  g_autofree char *stripped = g_strstrip (g_strdup (text));
  const char *at = stripped;
  guint64 digits, scale, factor, product;

  if (!parse_digits (&at, &digits, &scale))
    return FALSE;
  while (*at == ' ')
    at++;
  factor = get_factor (at, strlen (at), unit);
  if (factor < scale || __builtin_mul_overflow (digits, factor, &product))
    return FALSE;
  *value = product / scale;
  *step = factor / scale;
  return TRUE;
}

static gboolean
parse_exact (const char *text, CkptAmountUnit unit, guint64 *value)
{
  guint64 step;

  return parse_number (text, unit, value, &step);
}

/* A number as it is shown stands for all that are shown so: "7.1MB" is 7,050,000 to 7,149,999 bytes. */
static gboolean
parse_rounded (CkptAmount *self, const char *text, CkptAmountUnit unit)
{
  guint64 value, step;

  if (!parse_number (text, unit, &value, &step))
    return FALSE;
  self->low = value - MIN (step / 2, value);
  if (__builtin_add_overflow (value, (step - 1) / 2, &self->high))
    self->high = G_MAXUINT64;
  return TRUE;
}

static gboolean
parse_range (CkptAmount *self, const char *text, const char *dots, CkptAmountUnit unit)
{
  g_autofree char *low = g_strndup (text, (gsize) (dots - text));
  const char *high = dots + strlen ("..");

  if (low[0] == '\0' && high[0] == '\0')
    return FALSE;
  self->low = 0;
  self->high = G_MAXUINT64;
  return (low[0] == '\0' || parse_exact (low, unit, &self->low)) &&
         (high[0] == '\0' || parse_exact (high, unit, &self->high)) && self->low <= self->high;
}

/* Takes an operator off @text. "=" is ' ', ">=" is 'G', "<=" is 'L'; 0 if there is none. */
static char
take_operator (const char **text)
{
  static const struct
  {
    const char *text;
    char name;
  } operators[] = { { ">=", 'G' }, { "≥", 'G' }, { "=>", 'G' }, { "<=", 'L' }, { "≤", 'L' },
                    { "=<", 'L' }, { ">", '>' }, { "<", '<' },  { "==", ' ' }, { "=", ' ' } };

  for (gsize i = 0; i < G_N_ELEMENTS (operators); i++)
    if (g_str_has_prefix (*text, operators[i].text))
      {
        *text += strlen (operators[i].text);
        return operators[i].name;
      }
  return 0;
}

static gboolean
parse_comparison (CkptAmount *self, const char *text, char name, CkptAmountUnit unit)
{
  guint64 value;

  if (!parse_exact (text, unit, &value))
    return FALSE;
  *self = (CkptAmount) { value, value };
  if (name == '>' || name == 'G')
    self->high = G_MAXUINT64;
  if (name == '<' || name == 'L')
    self->low = 0;
  if (name == '>')
    return !__builtin_add_overflow (value, 1u, &self->low);
  if (name == '<')
    return !__builtin_sub_overflow (value, 1u, &self->high);
  return TRUE;
}

/**
 * ckpt_amount_parse:
 * @self: (out caller-allocates): the numbers that are meant; untouched on failure
 * @text: `10MB`, `7.1 MB` for all that rounds to it, `>10MB`, `<=4KiB`, `=768`, `1MB..2MB`, `1k..`
 * @unit: whether B, KiB and the like are units of bytes, or B is a billion
 *
 * Reads what a person asks of a number. MB is 1000 × 1000 bytes, as in what is shown; letters may be small or capital.
 *
 * Returns: whether it is one, and some number fits
 */
gboolean
ckpt_amount_parse (CkptAmount *self, const char *text, CkptAmountUnit unit)
{
  const char *dots = strstr (text, "..");
  const char *number = text;
  char name = take_operator (&number);
  CkptAmount amount;
  gboolean is_good;

  if (name != 0)
    is_good = parse_comparison (&amount, number, name, unit);
  else if (dots != NULL)
    is_good = parse_range (&amount, text, dots, unit);
  else
    is_good = parse_rounded (&amount, text, unit);
  if (is_good)
    *self = amount;
  return is_good;
}

/**
 * ckpt_amount_contains:
 * @n: a number
 *
 * Returns: whether @n is one of those that are meant
 */
gboolean
ckpt_amount_contains (const CkptAmount *self, guint64 n)
{
  return n >= self->low && n <= self->high;
}
