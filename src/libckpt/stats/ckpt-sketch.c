/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "stats/ckpt-sketch-private.h"

#include <math.h>
#include <string.h>

/* Bytes that a number of 64 bits takes at most once packed. */
#define MAX_PACKED 10

/* Entries are packed one after the other, by rising value: how far its key is from that of the one before, shifted, and its count, both
 * in 7 bits a byte. The key of a bucket is its number, that of a value its bits. */
struct _CkptSketch
{
  gatomicrefcount ref_count;
  gboolean is_exact;
  guint8 shift; /* lowest bits that are 0 in all keys */
  guint32 n_entries;
  gsize n_bytes;
  guint64 n;
  guint64 n_zero;
  double min;
  double max;
  gint64 first_key;
  guint8 bytes[];
};

typedef struct
{
  guint8 *bytes;
  gsize n_bytes;
  gint64 first_key;
  gint64 last_key;
  guint shift;
  guint32 n_entries;
  guint64 n;
} Packer;

/* In the order of the values; bits that are 0 in a value are 0 in its key. */
static gint64
key_from_value (double value)
{
  double magnitude = fabs (value);
  gint64 key;

  memcpy (&key, &magnitude, sizeof key);
  return value < 0 ? -key : key;
}

static double
value_from_key (gint64 key)
{
  gint64 bits = ABS (key);
  double value;

  memcpy (&value, &bits, sizeof value);
  return key < 0 ? -value : value;
}

static guint8 *
pack_number (guint8 *to, guint64 number)
{
  for (; number >= 0x80; number >>= 7)
    *to++ = (guint8) (number | 0x80);
  *to++ = (guint8) number;
  return to;
}

static const guint8 *
unpack_number (const guint8 *from, guint64 *number)
{
  *number = 0;
  for (guint shift = 0;; shift += 7)
    {
      *number |= (guint64) (*from & 0x7f) << shift;
      if (*from++ < 0x80)
        return from;
    }
}

static void
pack_entry (Packer *self, gint64 key, guint64 n)
{
  guint8 *to = self->bytes + self->n_bytes;

  if (self->n_entries == 0)
    self->first_key = self->last_key = key;
  to = pack_number (to, ((guint64) key - (guint64) self->last_key) >> self->shift);
  to = pack_number (to, n);
  self->n_bytes = to - self->bytes;
  self->last_key = key;
  self->n_entries++;
  self->n += n;
}

static CkptSketch *
take_packed (Packer *packer)
{
  CkptSketch *self = g_malloc (sizeof *self + packer->n_bytes);

  *self = (CkptSketch) { .shift = (guint8) packer->shift,
                         .n_entries = packer->n_entries,
                         .n_bytes = packer->n_bytes,
                         .n = packer->n,
                         .first_key = packer->first_key };
  g_atomic_ref_count_init (&self->ref_count);
  memcpy (self->bytes, packer->bytes, packer->n_bytes);
  g_free (packer->bytes);
  return self;
}

/**
 * ckpt_sketch_new_exact:
 * @entries: (array length=n): finite values, rising, each once
 * @n: how many, 1 to %CKPT_SKETCH_MAX_EXACT
 *
 * Returns: (transfer full): a sketch that knows each value
 */
CkptSketch *
ckpt_sketch_new_exact (const CkptSketchEntry *entries, gsize n)
{
  Packer packer = { .bytes = g_malloc (n * 2 * MAX_PACKED) };
  guint64 all_bits = 0, n_zero = 0;
  CkptSketch *self;

  for (gsize i = 0; i < n; i++)
    {
      all_bits |= (guint64) ABS (key_from_value (entries[i].first));
      n_zero += entries[i].first == 0 ? entries[i].n : 0;
    }
  packer.shift = all_bits != 0 ? (guint) __builtin_ctzll (all_bits) : 0;
  for (gsize i = 0; i < n; i++)
    pack_entry (&packer, key_from_value (entries[i].first), entries[i].n);

  self = take_packed (&packer);
  self->is_exact = TRUE;
  self->n_zero = n_zero;
  self->min = entries[0].first;
  self->max = entries[n - 1].first;
  return self;
}

/**
 * ckpt_sketch_new_buckets:
 * @counts: (array length=n): buckets, rising, by how far they are above -%CKPT_BUCKET_LAST, and how many values are in each
 * @n: how many, at least 1
 * @min: the lowest value
 * @max: the highest
 * @n_zero: how many of the values are 0
 *
 * Returns: (transfer full): a sketch that knows how many values are in each bucket
 */
CkptSketch *
ckpt_sketch_new_buckets (const CkptKeyCount *counts, gsize n, double min, double max, guint64 n_zero)
{
  Packer packer = { .bytes = g_malloc (n * (3 + MAX_PACKED)) };
  CkptSketch *self;

  for (gsize i = 0; i < n; i++)
    pack_entry (&packer, (gint64) counts[i].key - CKPT_BUCKET_LAST, counts[i].n);

  self = take_packed (&packer);
  self->n_zero = n_zero;
  self->min = min;
  self->max = max;
  return self;
}

/**
 * ckpt_sketch_ref:
 * @self: a sketch
 *
 * Returns: (transfer full): @self
 */
CkptSketch *
ckpt_sketch_ref (CkptSketch *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

/**
 * ckpt_sketch_unref:
 * @self: (transfer full): a sketch
 */
void
ckpt_sketch_unref (CkptSketch *self)
{
  g_return_if_fail (self != NULL);

  if (g_atomic_ref_count_dec (&self->ref_count))
    g_free (self);
}

/**
 * ckpt_sketch_iter_init:
 * @self: (out): the place before the first entry
 * @sketch: a sketch; must outlive @self
 */
void
ckpt_sketch_iter_init (CkptSketchIter *self, CkptSketch *sketch)
{
  *self = (CkptSketchIter) { sketch, sketch->bytes, sketch->n_entries, sketch->first_key };
}

/* No value of the sketch is beyond its minimum and maximum, and what is about 0 is often 0. */
static void
narrow (const CkptSketch *self, gint64 bucket, CkptSketchEntry *entry)
{
  if (bucket == 0 && entry->n == self->n_zero)
    entry->first = entry->last = 0;
  entry->first = MAX (entry->first, self->min);
  entry->last = MIN (entry->last, self->max);
}

/**
 * ckpt_sketch_iter_next:
 * @self: a place in a sketch
 * @entry: (out): the next entry; entries come by rising values
 *
 * Returns: %FALSE after the last one
 */
gboolean
ckpt_sketch_iter_next (CkptSketchIter *self, CkptSketchEntry *entry)
{
  guint64 step;

  if (self->n_left == 0)
    return FALSE;
  self->n_left--;
  self->next = unpack_number (self->next, &step);
  self->next = unpack_number (self->next, &entry->n);
  self->key = (gint64) ((guint64) self->key + (step << self->sketch->shift));
  if (self->sketch->is_exact)
    entry->first = entry->last = value_from_key (self->key);
  else
    {
      ckpt_bucket_get_range ((int) self->key, &entry->first, &entry->last);
      narrow (self->sketch, self->key, entry);
    }
  return TRUE;
}

/**
 * ckpt_sketch_get_n:
 * @self: a sketch
 *
 * Returns: how many values it counts; at least 1
 */
guint64
ckpt_sketch_get_n (CkptSketch *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->n;
}

/**
 * ckpt_sketch_is_exact:
 * @self: a sketch
 *
 * Returns: whether it knows each value, so that what follows from it has no error
 */
gboolean
ckpt_sketch_is_exact (CkptSketch *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->is_exact;
}

/**
 * ckpt_sketch_get_size:
 * @self: a sketch
 *
 * Returns: the memory that it takes, in bytes
 */
gsize
ckpt_sketch_get_size (CkptSketch *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return sizeof *self + self->n_bytes;
}

/**
 * ckpt_sketch_get_n_zero:
 * @self: a sketch
 *
 * Returns: how many of the values are 0
 */
guint64
ckpt_sketch_get_n_zero (CkptSketch *self)
{
  return self->n_zero;
}

/**
 * ckpt_sketch_get_min:
 * @self: a sketch
 *
 * Returns: the lowest value
 */
double
ckpt_sketch_get_min (CkptSketch *self)
{
  return self->min;
}

/**
 * ckpt_sketch_get_max:
 * @self: a sketch
 *
 * Returns: the highest value
 */
double
ckpt_sketch_get_max (CkptSketch *self)
{
  return self->max;
}
