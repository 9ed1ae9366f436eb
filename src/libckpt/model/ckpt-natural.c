/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/ckpt-natural.h"

typedef struct
{
  const char *at;
  const char *end;
} Cursor;

static gboolean
at_digit (const Cursor *self)
{
  return self->at < self->end && g_ascii_isdigit (*self->at);
}

/* Moves over the zeros before a number, then over the number: from @begin on. */
static gsize
take_number (Cursor *self, const char **begin)
{
  while (at_digit (self) && *self->at == '0')
    self->at++;
  *begin = self->at;
  while (at_digit (self))
    self->at++;
  return (gsize) (self->at - *begin);
}

static int
compare_numbers (Cursor *a, Cursor *b)
{
  const char *a_begin, *b_begin;
  gsize a_length = take_number (a, &a_begin);
  gsize b_length = take_number (b, &b_begin);

  if (a_length != b_length)
    return a_length < b_length ? -1 : 1;
  for (gsize i = 0; i < a_length; i++)
    if (a_begin[i] != b_begin[i])
      return a_begin[i] < b_begin[i] ? -1 : 1;
  return 0;
}

/**
 * ckpt_natural_compare:
 * @a: a text, which may hold NUL
 * @a_length: its bytes
 * @b: another
 * @b_length: its bytes
 *
 * Compares byte by byte, but runs of ASCII digits by the number that they write. Texts that differ in zeros before a
 * number only are equal.
 *
 * Returns: less than 0 if @a comes first, more than 0 if @b does
 */
int
ckpt_natural_compare (const char *a, gsize a_length, const char *b, gsize b_length)
{
  Cursor x = { a, a + a_length }, y = { b, b + b_length };

  while (x.at < x.end && y.at < y.end)
    {
      int order = 0;

      if (at_digit (&x) && at_digit (&y))
        order = compare_numbers (&x, &y);
      else if (*x.at != *y.at)
        order = (guchar) *x.at < (guchar) *y.at ? -1 : 1;
      else
        {
          x.at++;
          y.at++;
        }
      if (order != 0)
        return order;
    }
  return (x.at < x.end) - (y.at < y.end);
}
