/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "model/ckpt-geometry.h"

#include <stdlib.h>

/* Adds an axis inside the others, or makes the innermost one longer where both together are as regular as one. */
static void
add_axis (CkptGeometry *self, guint64 size, guint64 stride)
{
  CkptAxis *outer = self->n_axes > 0 ? &self->axes[self->n_axes - 1] : NULL;
  guint64 step;

  if (outer != NULL && !__builtin_mul_overflow (size, stride, &step) && outer->stride == step)
    {
      outer->size *= size;
      outer->stride = stride;
    }
  else
    self->axes[self->n_axes++] = (CkptAxis) { .size = size, .stride = stride };
}

/* Whether the last element can be named by a signed number, as PyTorch does. */
static gboolean
is_within_range (const CkptGeometry *self)
{
  gint64 last;

  if (__builtin_add_overflow (self->offset, 0, &last))
    return FALSE;
  for (guint i = 0; i < self->n_axes; i++)
    {
      gint64 reach;

      if (__builtin_mul_overflow (self->axes[i].size - 1, self->axes[i].stride, &reach) ||
          __builtin_add_overflow (last, reach, &last))
        return FALSE;
    }
  return TRUE;
}

static gboolean
count_elements (guint n_dims, const gint64 *shape, guint64 *n)
{
  gint64 product = 1;
  gboolean is_empty = FALSE;

  for (guint i = 0; i < n_dims; i++)
    {
      if (shape[i] < 0)
        return FALSE;
      is_empty |= shape[i] == 0;
    }
  for (guint i = 0; i < n_dims && !is_empty; i++)
    if (__builtin_mul_overflow (product, shape[i], &product))
      return FALSE;
  *n = is_empty ? 0 : (guint64) product;
  return TRUE;
}

/**
 * ckpt_geometry_init:
 * @self: (out): the geometry
 * @n_dims: dimensions
 * @shape: (array length=n_dims): indices of each
 * @stride: (array length=n_dims): elements of the storage from one index to the next
 * @offset: element of the storage where it begins
 *
 * The order of elements stays that of the tensor: row-major.
 *
 * Returns: %FALSE if a number is negative, or there are elements that 63 bits cannot count or name
 */
gboolean
ckpt_geometry_init (CkptGeometry *self,
                    guint n_dims,
                    const gint64 *shape,
                    const gint64 *stride,
                    gint64 offset)
{
  CkptGeometry made = { .offset = (guint64) offset };

  if (offset < 0 || !count_elements (n_dims, shape, &made.n))
    return FALSE;
  for (guint i = 0; i < n_dims && made.n > 0; i++)
    {
      if (stride[i] < 0)
        return FALSE;
      if (shape[i] > 1)
        add_axis (&made, (guint64) shape[i], (guint64) stride[i]);
    }
  if (!is_within_range (&made))
    return FALSE;
  *self = made;
  return TRUE;
}

/**
 * ckpt_geometry_get_last:
 * @self: a geometry that has elements
 *
 * Returns: the highest element of the storage that it reaches
 */
guint64
ckpt_geometry_get_last (const CkptGeometry *self)
{
  guint64 last = self->offset;

  for (guint i = 0; i < self->n_axes; i++)
    last += (self->axes[i].size - 1) * self->axes[i].stride;
  return last;
}

/* Repetitions outermost, then by falling stride. */
static int
compare_axes (const void *a, const void *b)
{
  guint64 stride_a = ((const CkptAxis *) a)->stride, stride_b = ((const CkptAxis *) b)->stride;

  if ((stride_a == 0) != (stride_b == 0))
    return stride_a == 0 ? -1 : 1;
  return (stride_a < stride_b) - (stride_a > stride_b);
}

/**
 * ckpt_box_sort:
 * @box: a box
 *
 * Puts its axes in the order in which the storage is walked from its beginning to its end, as far as that is possible.
 */
void
ckpt_box_sort (CkptBox *box)
{
  qsort (box->axes, box->n_axes, sizeof *box->axes, compare_axes);
}

/**
 * ckpt_geometry_collapse:
 * @self: a geometry
 *
 * Gives up the order of elements: repetitions are taken out, and the others are put in the order of the storage, so
 * that a transposed tensor becomes one run.
 *
 * Returns: how many times each element of what remains counts
 */
guint64
ckpt_geometry_collapse (CkptGeometry *self)
{
  CkptGeometry made = { .offset = self->offset };
  guint64 times = 1;

  ckpt_box_sort (self);
  for (guint i = 0; i < self->n_axes; i++)
    if (self->axes[i].stride == 0)
      times *= self->axes[i].size;
    else
      add_axis (&made, self->axes[i].size, self->axes[i].stride);
  made.n = self->n / times;
  *self = made;
  return times;
}

/**
 * ckpt_geometry_get_box:
 * @self: a geometry
 * @first: an element of it, in row-major order
 * @n_max: at most so many elements; at least 1
 * @box: (out): the largest box of elements that follow each other from @first on; its axes know where each element
 *   belongs in a row-major result that begins with @first
 *
 * A range of a tensor of n axes is at most 2 n - 1 boxes.
 */
void
ckpt_geometry_get_box (const CkptGeometry *self, guint64 first, guint64 n_max, CkptBox *box)
{
  CkptAxis axes[CKPT_MAX_AXES];
  guint n_axes = 0;
  gboolean is_open = TRUE;

  box->offset = self->offset;
  box->n = 1;
  for (guint i = self->n_axes; i > 0; i--)
    {
      const CkptAxis *axis = &self->axes[i - 1];
      guint64 index = first % axis->size;
      guint64 size = is_open ? MIN (n_max / box->n, axis->size - index) : 1;

      box->offset += index * axis->stride;
      first /= axis->size;
      if (size > 1)
        axes[n_axes++] = (CkptAxis) { size, axis->stride, box->n };
      box->n *= size;
      is_open = is_open && size == axis->size;
    }

  box->n_axes = n_axes;
  for (guint i = 0; i < n_axes; i++)
    box->axes[i] = axes[n_axes - 1 - i];
}
