/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "stats/ckpt-overlap.h"

#include "io/ckpt-alloc.h"

#include <string.h>

/* Elements of the storage that are counted at most: 32 MiB. */
#define MAX_EXTENT ((guint64) 1 << 22)
/* Counting pays if each element is met so many times on average. */
#define MIN_TIMES 4

/* The innermost axes, as many as lie within MAX_EXTENT elements; gives the number of the others. */
static guint
find_inner (const CkptGeometry *geometry, guint64 *n, guint64 *extent)
{
  guint i;

  *n = 1;
  *extent = 1;
  for (i = geometry->n_axes; i > 0; i--)
    {
      const CkptAxis *axis = &geometry->axes[i - 1];
      guint64 reach;

      if (__builtin_mul_overflow (axis->size - 1, axis->stride, &reach) || reach > MAX_EXTENT - *extent)
        break;
      *n *= axis->size;
      *extent += reach;
    }
  return i;
}

/* Lays one more axis over what the others count: each count becomes the sum of those @axis comes from. */
static void
spread (guint64 *counts, guint64 extent, const CkptAxis *axis)
{
  guint64 whole = axis->size * axis->stride;

  for (guint64 i = axis->stride; i < extent; i++)
    counts[i] += counts[i - axis->stride];
  for (guint64 i = extent; i > whole; i--)
    counts[i - 1] -= counts[i - 1 - whole];
}

/**
 * ckpt_overlap_init:
 * @self: (out): the counts; empty where the axes do not overlap much
 * @geometry: (inout): a collapsed geometry; where it overlaps much, its innermost axes are replaced by one that goes over
 *   each element of the storage once
 * @error: return location for %CKPT_ERROR_LIMIT if there is no memory
 *
 * Without it a view of 2^20 x 2^20 elements with strides of 1 would cost 2^40 steps, though its storage has 2^21 elements.
 *
 * Returns: whether there was memory
 */
gboolean
ckpt_overlap_init (CkptOverlap *self, CkptGeometry *geometry, GError **error)
{
  guint64 n, extent;
  guint n_outer = find_inner (geometry, &n, &extent);
  guint64 *counts;

  *self = (CkptOverlap) { 0 };
  if (n / MIN_TIMES < extent)
    return TRUE;
  counts = ckpt_try_malloc (extent * sizeof *counts, error);
  if (counts == NULL)
    return FALSE;

  memset (counts, 0, extent * sizeof *counts);
  counts[0] = 1;
  for (guint i = n_outer; i < geometry->n_axes; i++)
    spread (counts, extent, &geometry->axes[i]);

  geometry->n = geometry->n / n * extent;
  geometry->n_axes = n_outer;
  if (extent > 1)
    geometry->axes[geometry->n_axes++] = (CkptAxis) { .size = extent, .stride = 1 };
  self->extent = extent;
  self->counts = counts;
  return TRUE;
}

/**
 * ckpt_overlap_clear:
 * @self: counts
 */
void
ckpt_overlap_clear (CkptOverlap *self)
{
  g_clear_pointer (&self->counts, g_free);
}
