/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "stats/ckpt-counter.h"

#include <string.h>

/* Counts of one key follow each other in different tables: a processor that adds to a place it has just written to must wait. */
#define N_TABLES 2
/* Keys that are counted at a time, after a look whether they are all the same. */
#define N_AT_ONCE 4096
/* Of so few keys it is cheaper to remember which there were than to look at all places when they are drained. */
#define MAX_MARKED   8192
#define N_MARK_WORDS (CKPT_COUNTER_KEYS / 64)

struct _CkptCounter
{
  guint32 tables[N_TABLES][CKPT_COUNTER_KEYS];
  guint64 marks[N_MARK_WORDS];
  gsize n_marked;
  gboolean is_all; /* whether there are keys without a mark */
};

/**
 * ckpt_counter_new:
 *
 * Returns: (transfer full): a counter of half a megabyte
 */
CkptCounter *
ckpt_counter_new (void)
{
  return g_new0 (CkptCounter, 1);
}

/**
 * ckpt_counter_free:
 * @self: (transfer full): a counter
 */
void
ckpt_counter_free (CkptCounter *self)
{
  g_free (self);
}

static void
mark (CkptCounter *self, guint key)
{
  self->marks[key / 64] |= G_GUINT64_CONSTANT (1) << key % 64;
}

static inline guint
get_key (const guint8 *bytes, guint size)
{
  guint32 word;
  guint16 half;

  if (size == sizeof word)
    {
      memcpy (&word, bytes, sizeof word);
      return word >> 16;
    }
  memcpy (&half, bytes, sizeof half);
  return half;
}

static void
mark_all (CkptCounter *self, const guint8 *bytes, gsize n, guint size)
{
  if (self->n_marked + n > MAX_MARKED)
    self->is_all = TRUE;
  self->n_marked += n;
  for (gsize i = 0; i < n && !self->is_all; i++)
    mark (self, get_key (bytes + i * size, size));
}

/* Whether all items are the same; mostly the second is another already. */
static gboolean
is_constant (const guint8 *bytes, gsize n, guint size)
{
  return memcmp (bytes, bytes + size, (n - 1) * size) == 0;
}

static void
count_upper (CkptCounter *self, const guint8 *bytes, gsize n)
{
  guint32 *even = self->tables[0], *odd = self->tables[1];
  gsize i = 0;

#if G_BYTE_ORDER == G_LITTLE_ENDIAN
  for (; i + 4 <= n; i += 4)
    {
      guint64 pairs[2];

      memcpy (pairs, bytes + i * 4, sizeof pairs);
      even[(pairs[0] >> 16) & 0xffff]++;
      odd[pairs[0] >> 48]++;
      even[(pairs[1] >> 16) & 0xffff]++;
      odd[pairs[1] >> 48]++;
    }
#endif
  for (; i < n; i++)
    even[get_key (bytes + i * 4, 4)]++;
}

static void
count_halves (CkptCounter *self, const guint8 *bytes, gsize n)
{
  guint32 *even = self->tables[0], *odd = self->tables[1];
  gsize i = 0;

  for (; i + 8 <= n; i += 8)
    {
      guint64 four[2];

      memcpy (four, bytes + i * 2, sizeof four);
      even[four[0] & 0xffff]++;
      odd[(four[0] >> 16) & 0xffff]++;
      even[(four[0] >> 32) & 0xffff]++;
      odd[four[0] >> 48]++;
      even[four[1] & 0xffff]++;
      odd[(four[1] >> 16) & 0xffff]++;
      even[(four[1] >> 32) & 0xffff]++;
      odd[four[1] >> 48]++;
    }
  for (; i < n; i++)
    even[get_key (bytes + i * 2, 2)]++;
}

static void
count (CkptCounter *self, const guint8 *bytes, gsize n, guint size)
{
  mark_all (self, bytes, n, size);
  for (gsize done = 0, n_now; done < n; done += n_now, bytes += n_now * size)
    {
      n_now = MIN (n - done, N_AT_ONCE);
      if (is_constant (bytes, n_now, size))
        self->tables[0][get_key (bytes, size)] += n_now;
      else if (size == 4)
        count_upper (self, bytes, n_now);
      else
        count_halves (self, bytes, n_now);
    }
}

/**
 * ckpt_counter_add_upper:
 * @self: a counter
 * @words: @n words of 32 bits in host order, not necessarily aligned
 * @n: how many
 *
 * Counts their upper halves.
 */
void
ckpt_counter_add_upper (CkptCounter *self, const void *words, gsize n)
{
  count (self, words, n, sizeof (guint32));
}

/**
 * ckpt_counter_add:
 * @self: a counter
 * @keys: @n keys of 16 bits in host order, not necessarily aligned
 * @n: how many
 */
void
ckpt_counter_add (CkptCounter *self, const void *keys, gsize n)
{
  count (self, keys, n, sizeof (guint16));
}

static gsize
take (CkptCounter *self, guint key, CkptKeyCount *counts, gsize n)
{
  guint64 n_key = (guint64) self->tables[0][key] + self->tables[1][key];

  if (n_key == 0)
    return n;
  self->tables[0][key] = self->tables[1][key] = 0;
  counts[n] = (CkptKeyCount) { key, n_key };
  return n + 1;
}

/**
 * ckpt_counter_drain:
 * @self: a counter
 * @counts: (out caller-allocates) (array length=CKPT_COUNTER_KEYS): the keys that were met, rising, and how often
 *
 * Gives what was counted, and starts anew.
 *
 * Returns: how many keys there are
 */
gsize
ckpt_counter_drain (CkptCounter *self, CkptKeyCount *counts)
{
  gsize n = 0;

  if (self->is_all)
    for (guint key = 0; key < CKPT_COUNTER_KEYS; key++)
      n = take (self, key, counts, n);
  else
    for (guint i = 0; i < N_MARK_WORDS; i++)
      for (guint64 word = self->marks[i]; word != 0; word &= word - 1)
        n = take (self, i * 64 + (guint) __builtin_ctzll (word), counts, n);
  memset (self->marks, 0, sizeof self->marks);
  self->n_marked = 0;
  self->is_all = FALSE;
  return n;
}
