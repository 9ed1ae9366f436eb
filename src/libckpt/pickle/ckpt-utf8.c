/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ckpt-utf8.h"

#include <string.h>

/* Takes in the first byte of a character; low and high bound its second one (Unicode 15, table 3-7, but with surrogates). */
static void
scan_lead (CkptUtf8 *self, guint8 byte)
{
  self->low = 0x80;
  self->high = 0xbf;
  self->is_surrogate_lead = byte == 0xed;
  if (byte < 0x80)
    return;
  if (byte < 0xc2 || byte > 0xf4)
    {
      self->is_bad = TRUE;
      return;
    }
  self->n_wanted = byte < 0xe0 ? 1 : byte < 0xf0 ? 2 : 3;
  if (byte == 0xe0)
    self->low = 0xa0;
  else if (byte == 0xf0)
    self->low = 0x90;
  else if (byte == 0xf4)
    self->high = 0x8f;
}

static void
scan_rest (CkptUtf8 *self, guint8 byte)
{
  if (byte < self->low || byte > self->high)
    {
      self->is_bad = TRUE;
      return;
    }
  if (self->is_surrogate_lead && byte >= 0xa0)
    self->has_surrogate = TRUE;
  self->is_surrogate_lead = FALSE;
  self->low = 0x80;
  self->high = 0xbf;
  self->n_wanted--;
}

static gsize
count_ascii (const guint8 *bytes, gsize length)
{
  gsize i = 0;
  guint64 word;

  for (; i + sizeof word <= length; i += sizeof word)
    {
      memcpy (&word, bytes + i, sizeof word);
      if ((word & G_GUINT64_CONSTANT (0x8080808080808080)) != 0)
        break;
    }
  while (i < length && bytes[i] < 0x80)
    i++;
  return i;
}

/**
 * ckpt_utf8_scan:
 * @self: what is known so far
 * @bytes: (array length=length): the next piece of the text
 * @length: bytes
 *
 * Takes in a piece of text. Surrogates written as three bytes, as Python's "surrogatepass" does, are noted but let pass.
 */
void
ckpt_utf8_scan (CkptUtf8 *self, const guint8 *bytes, gsize length)
{
  for (gsize i = 0; i < length && !self->is_bad; i++)
    {
      if (self->n_wanted > 0)
        {
          scan_rest (self, bytes[i]);
          continue;
        }
      i += count_ascii (bytes + i, length - i);
      if (i < length)
        scan_lead (self, bytes[i]);
    }
}

/**
 * ckpt_utf8_finish:
 * @self: what is known
 *
 * Returns: whether all that was scanned is UTF-8 and ends with a whole character
 */
gboolean
ckpt_utf8_finish (CkptUtf8 *self)
{
  if (self->n_wanted > 0)
    self->is_bad = TRUE;
  return !self->is_bad;
}

/**
 * ckpt_utf8_cut:
 * @bytes: (array length=length): text
 * @length: bytes
 *
 * Finds where a prefix of a text can be cut without breaking a character.
 *
 * Returns: at most 3 less than @length
 */
gsize
ckpt_utf8_cut (const guint8 *bytes, gsize length)
{
  gsize n = length;

  while (n > 0 && length - n < 3 && (bytes[n - 1] & 0xc0) == 0x80)
    n--;
  if (n > 0 && bytes[n - 1] >= 0xc0)
    {
      gsize n_character = bytes[n - 1] < 0xe0 ? 2 : bytes[n - 1] < 0xf0 ? 3 : 4;

      return length - (n - 1) < n_character ? n - 1 : length;
    }
  return length;
}
