/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "model/ckpt-elements.h"

#include <string.h>

/* Of bytes that nobody wants it is cheaper to read so many than to call the system again. */
#define CHEAP_GAP 16384

struct _CkptElements
{
  CkptGeometry geometry;
  CkptWindow *window;
  gsize item_size;
};

/* One walk over a box. */
typedef struct
{
  CkptElements *self;
  const CkptBox *box;
  guint first_dense; /* from this axis on, reading what lies between is cheaper than jumping over it */
  guint64 index[CKPT_MAX_AXES];
  guint64 element; /* of the storage */
  guint8 *target;
} Walk;

/**
 * ckpt_elements_new:
 * @geometry: where they are; copied
 * @window: (transfer full): the storage
 *
 * Returns: (transfer full): the elements
 */
CkptElements *
ckpt_elements_new (const CkptGeometry *geometry, CkptWindow *window)
{
  CkptElements *self = g_new0 (CkptElements, 1);

  self->geometry = *geometry;
  self->window = window;
  self->item_size = ckpt_dtype_get_info (ckpt_window_get_dtype (window))->item_size;
  return self;
}

/**
 * ckpt_elements_free:
 * @self: (nullable): elements
 */
void
ckpt_elements_free (CkptElements *self)
{
  if (self == NULL)
    return;
  ckpt_window_free (self->window);
  g_free (self);
}

/**
 * ckpt_elements_get_n:
 * @self: elements
 *
 * Returns: how many there are
 */
guint64
ckpt_elements_get_n (CkptElements *self)
{
  return self->geometry.n;
}

static guint
find_dense (const CkptBox *box, gsize item_size)
{
  guint64 extent = 1; /* from the first to the last element of the axes so far */
  guint i;

  for (i = box->n_axes; i > 0; i--)
    {
      const CkptAxis *axis = &box->axes[i - 1];

      if (axis->stride == 0 || (axis->stride > extent && axis->stride - extent > CHEAP_GAP / item_size))
        break;
      extent += (axis->size - 1) * axis->stride;
    }
  return i;
}

/* From the element where the walk is to the last one that the same turn of the dense axes wants. */
static guint64
count_ahead (const Walk *walk)
{
  guint64 ahead = 1;

  for (guint i = walk->first_dense; i < walk->box->n_axes; i++)
    ahead += (walk->box->axes[i].size - 1 - walk->index[i]) * walk->box->axes[i].stride;
  return ahead;
}

#define DEFINE_SCATTER(type)                                                                           \
  static void scatter_##type (guint8 *to, gsize to_step, const guint8 *from, gsize from_step, gsize n) \
  {                                                                                                    \
    for (gsize i = 0; i < n; i++)                                                                      \
      memcpy (to + i * to_step * sizeof (type), from + i * from_step * sizeof (type), sizeof (type));  \
  }

typedef struct
{
  guint64 halves[2];
} guint128;

DEFINE_SCATTER (guint8)
DEFINE_SCATTER (guint16)
DEFINE_SCATTER (guint32)
DEFINE_SCATTER (guint64)
DEFINE_SCATTER (guint128)

static void
scatter (gsize item_size, guint8 *to, gsize to_step, const guint8 *from, gsize from_step, gsize n)
{
  if (to_step == 1 && from_step == 1)
    memcpy (to, from, n * item_size);
  else if (item_size == 1)
    scatter_guint8 (to, to_step, from, from_step, n);
  else if (item_size == 2)
    scatter_guint16 (to, to_step, from, from_step, n);
  else if (item_size == 4)
    scatter_guint32 (to, to_step, from, from_step, n);
  else if (item_size == 8)
    scatter_guint64 (to, to_step, from, from_step, n);
  else
    scatter_guint128 (to, to_step, from, from_step, n);
}

/* The innermost axis, as much at a time as the window holds. */
static gboolean
read_run (const Walk *walk, const CkptAxis *run, GError **error)
{
  gsize item_size = walk->self->item_size;
  gsize n_at_once = (ckpt_window_get_capacity (walk->self->window) - 1) / run->stride + 1;
  guint64 ahead = count_ahead (walk);

  for (guint64 i = 0; i < run->size; i += n_at_once)
    {
      gsize n = MIN (n_at_once, run->size - i);
      const guint8 *items = ckpt_window_get (walk->self->window, walk->element + i * run->stride,
                                             (n - 1) * run->stride + 1, ahead - i * run->stride, error);

      if (items == NULL)
        return FALSE;
      scatter (item_size, walk->target + i * run->target * item_size, run->target, items, run->stride, n);
    }
  return TRUE;
}

/* To the next index of the axes before @n_axes; FALSE after the last. */
static gboolean
advance (Walk *walk, guint n_axes)
{
  for (guint i = n_axes; i > 0; i--)
    {
      const CkptAxis *axis = &walk->box->axes[i - 1];

      if (++walk->index[i - 1] < axis->size)
        {
          walk->element += axis->stride;
          walk->target += axis->target * walk->self->item_size;
          return TRUE;
        }
      walk->index[i - 1] = 0;
      walk->element -= (axis->size - 1) * axis->stride;
      walk->target -= (axis->size - 1) * axis->target * walk->self->item_size;
    }
  return FALSE;
}

static gboolean
read_box (CkptElements *self, CkptBox *box, guint8 *items, GError **error)
{
  static const CkptAxis single = { 1, 1, 1 };
  Walk walk = { .self = self, .box = box, .element = box->offset, .target = items };
  const CkptAxis *run = &single;
  guint n_outer;
  gboolean is_repeated, is_direct;

  ckpt_box_sort (box);
  is_repeated = box->n_axes > 0 && box->axes[0].stride == 0;
  walk.first_dense = find_dense (box, self->item_size);
  n_outer = box->n_axes;
  if (walk.first_dense < box->n_axes)
    run = &box->axes[--n_outer];
  is_direct = walk.first_dense >= n_outer && run->stride == 1 && run->target == 1 && !is_repeated;

  do
    if (is_direct ? !ckpt_window_read (self->window, walk.element, run->size, walk.target, error)
                  : !read_run (&walk, run, error))
      return FALSE;
  while (advance (&walk, n_outer));
  return TRUE;
}

/**
 * ckpt_elements_read:
 * @self: elements
 * @first: number of the first one, in row-major order
 * @n: how many; @first + @n are at most ckpt_elements_get_n()
 * @items: (out caller-allocates): item_size bytes for each, in host order and unpacked; may be changed on failure
 * @error: return location for an error
 *
 * Each part of the range is read in the order of the storage, not in that of the elements, so that some rows of a
 * transposed matrix cost one pass over its storage; of what lies between wanted elements, gaps of more than 16 KiB are
 * not read.
 *
 * Returns: whether all of them were read
 */
gboolean
ckpt_elements_read (CkptElements *self, guint64 first, gsize n, gpointer items, GError **error)
{
  guint8 *target = items;

  g_return_val_if_fail (first <= self->geometry.n && n <= self->geometry.n - first, FALSE);

  while (n > 0)
    {
      CkptBox box;

      ckpt_geometry_get_box (&self->geometry, first, n, &box);
      if (!read_box (self, &box, target, error))
        return FALSE;
      target += box.n * self->item_size;
      first += box.n;
      n -= box.n;
    }
  return TRUE;
}
