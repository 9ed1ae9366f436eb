/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "model/ckpt-window.h"

#include "io/ckpt-error.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* Large enough that a read costs more than its system call, small enough to stay in the processor's cache. */
#define WINDOW_BYTES ((gsize) 256 << 10)
/* Bytes of packed elements that are unpacked at a time. */
#define PACKED_BYTES 4096

struct _CkptWindow
{
  CkptDtype dtype;
  const CkptDtypeInfo *info;
  gboolean is_swapped;
  CkptReadFunc read;
  gpointer data;
  GDestroyNotify destroy;

  guint8 *items;
  gsize n_allocated;
  guint64 first;
  gsize n;
};

/**
 * ckpt_window_new:
 * @dtype: type of the elements; a known one
 * @is_swapped: whether the storage has the other byte order than this machine
 * @read: (scope notified): reads bytes of the storage
 * @data: for @read
 * @destroy: (nullable): frees @data
 *
 * Returns: (transfer full): a window on the storage that reads nothing yet
 */
CkptWindow *
ckpt_window_new (CkptDtype dtype,
                 gboolean is_swapped,
                 CkptReadFunc read,
                 gpointer data,
                 GDestroyNotify destroy)
{
  CkptWindow *self = g_new0 (CkptWindow, 1);

  self->dtype = dtype;
  self->info = ckpt_dtype_get_info (dtype);
  self->is_swapped = is_swapped && self->info->swap_size > 1;
  self->read = read;
  self->data = data;
  self->destroy = destroy;
  return self;
}

/**
 * ckpt_window_free:
 * @self: (nullable): a window
 */
void
ckpt_window_free (CkptWindow *self)
{
  if (self == NULL)
    return;
  if (self->destroy != NULL)
    self->destroy (self->data);
  g_free (self->items);
  g_free (self);
}

/**
 * ckpt_window_get_dtype:
 * @self: a window
 *
 * Returns: the type of the elements
 */
CkptDtype
ckpt_window_get_dtype (CkptWindow *self)
{
  return self->dtype;
}

/**
 * ckpt_window_get_capacity:
 * @self: a window
 *
 * Returns: how many elements ckpt_window_get() can give at once
 */
gsize
ckpt_window_get_capacity (CkptWindow *self)
{
  return WINDOW_BYTES / self->info->item_size;
}

#define DEFINE_SWAP(bits)                                \
  static void swap_##bits (guint8 *bytes, gsize n_bytes) \
  {                                                      \
    for (gsize i = 0; i < n_bytes; i += bits / 8)        \
      {                                                  \
        guint##bits value;                               \
        memcpy (&value, bytes + i, sizeof value);        \
        value = GUINT##bits##_SWAP_LE_BE (value);        \
        memcpy (bytes + i, &value, sizeof value);        \
      }                                                  \
  }

DEFINE_SWAP (16)
DEFINE_SWAP (32)
DEFINE_SWAP (64)

/**
 * ckpt_swap_bytes:
 * @bytes: (inout) (array length=n_bytes): elements, not necessarily aligned
 * @n_bytes: a multiple of @swap_size
 * @swap_size: bytes that are reversed together, as #CkptDtypeInfo has it
 *
 * Turns the elements from one byte order into the other.
 */
void
ckpt_swap_bytes (guint8 *bytes, gsize n_bytes, guint swap_size)
{
  switch (swap_size)
    {
    case 1:
      break;
    case 2:
      swap_16 (bytes, n_bytes);
      break;
    case 4:
      swap_32 (bytes, n_bytes);
      break;
    default:
      swap_64 (bytes, n_bytes);
      break;
    }
}

static gboolean
set_too_far (GError **error)
{
  return ckpt_error_set (error, CKPT_ERROR_MALFORMED, "tensor-out-of-bounds",
                         _ ("The tensor reaches beyond what a file can hold."));
}

/* Elements of less than a byte follow each other from the lowest bits of a byte to its highest. */
static void
unpack (const guint8 *packed, guint first_bit, guint bits, gsize n, guint8 *items)
{
  guint8 mask = (1u << bits) - 1;
  gsize bit = first_bit;

  for (gsize i = 0; i < n; i++, bit += bits)
    {
      guint value = packed[bit / 8] >> bit % 8;

      if (bit % 8 + bits > 8)
        value |= (guint) packed[bit / 8 + 1] << (8 - bit % 8);
      items[i] = value & mask;
    }
}

static gboolean
read_packed (CkptWindow *self, guint64 first, gsize n, guint8 *items, GError **error)
{
  guint bits = self->info->bits;
  guint8 packed[PACKED_BYTES];

  while (n > 0)
    {
      gsize n_now = MIN (n, (PACKED_BYTES - 1) * 8 / bits);
      guint64 first_bit;

      if (__builtin_mul_overflow (first, bits, &first_bit))
        return set_too_far (error);
      if (!self->read (self->data, first_bit / 8, packed, (first_bit % 8 + n_now * bits + 7) / 8, error))
        return FALSE;
      unpack (packed, first_bit % 8, bits, n_now, items);
      first += n_now;
      items += n_now;
      n -= n_now;
    }
  return TRUE;
}

/**
 * ckpt_window_read:
 * @self: a window
 * @first: element of the storage
 * @n: how many
 * @items: (out caller-allocates): item_size bytes for each; may be changed on failure
 * @error: return location for an error
 *
 * Reads elements past the window.
 *
 * Returns: whether all of them were read
 */
gboolean
ckpt_window_read (CkptWindow *self, guint64 first, gsize n, guint8 *items, GError **error)
{
  gsize item_size = self->info->item_size;
  guint64 offset;

  if (n == 0)
    return TRUE;
  if (self->info->bits < 8)
    return read_packed (self, first, n, items, error);
  if (__builtin_mul_overflow (first, item_size, &offset))
    return set_too_far (error);
  if (!self->read (self->data, offset, items, n * item_size, error))
    return FALSE;
  if (self->is_swapped)
    ckpt_swap_bytes (items, n * item_size, self->info->swap_size);
  return TRUE;
}

static gboolean
load (CkptWindow *self, guint64 first, gsize n, GError **error)
{
  if (n > self->n_allocated)
    {
      g_free (self->items);
      self->items = g_malloc (n * self->info->item_size);
      self->n_allocated = n;
    }
  self->n = 0;
  if (!ckpt_window_read (self, first, n, self->items, error))
    return FALSE;
  self->first = first;
  self->n = n;
  return TRUE;
}

/**
 * ckpt_window_get:
 * @self: a window
 * @first: element of the storage
 * @n: how many, at most ckpt_window_get_capacity()
 * @ahead: so many elements from @first on will be wanted soon; at least @n
 * @error: return location for an error
 *
 * Returns: (transfer none): the elements, valid until the next call; %NULL if they cannot be read
 */
const guint8 *
ckpt_window_get (CkptWindow *self, guint64 first, gsize n, guint64 ahead, GError **error)
{
  if (first < self->first || first - self->first > self->n || n > self->n - (first - self->first))
    if (!load (self, first, MIN (ahead, ckpt_window_get_capacity (self)), error))
      return NULL;
  return self->items + (first - self->first) * self->info->item_size;
}
