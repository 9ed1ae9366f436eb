/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "stats/ckpt-overlap.h"

#include <string.h>

/* How many times each element of the storage is met, by going over all indices. */
static void
count_all (guint n_dims, const gint64 *shape, const gint64 *stride, guint64 *counts)
{
  guint64 n = 1;

  for (guint i = 0; i < n_dims; i++)
    n *= shape[i];
  for (guint64 number = 0; number < n; number++)
    {
      guint64 rest = number, element = 0;

      for (guint i = n_dims; i > 0; i--)
        {
          element += rest % shape[i - 1] * stride[i - 1];
          rest /= shape[i - 1];
        }
      counts[element]++;
    }
}

/* The same from what the scan goes over. */
static void
count_collapsed (const CkptGeometry *geometry, const CkptOverlap *overlap, guint64 times, guint64 *counts)
{
  for (guint64 number = 0; number < geometry->n; number++)
    {
      guint64 rest = number, element = geometry->offset;

      for (guint i = geometry->n_axes; i > 0; i--)
        {
          element += rest % geometry->axes[i - 1].size * geometry->axes[i - 1].stride;
          rest /= geometry->axes[i - 1].size;
        }
      counts[element] += times * (overlap->counts != NULL ? overlap->counts[number % overlap->extent] : 1);
    }
}

static gboolean
check (guint n_dims, const gint64 *shape, const gint64 *stride)
{
  guint64 expected[4096] = { 0 }, counts[4096] = { 0 };
  CkptGeometry geometry;
  g_auto (CkptOverlap) overlap = { 0 };
  guint64 times;

  g_assert_true (ckpt_geometry_init (&geometry, n_dims, shape, stride, 0));
  g_assert_cmpuint (ckpt_geometry_get_last (&geometry), <, 4096);
  count_all (n_dims, shape, stride, expected);
  times = ckpt_geometry_collapse (&geometry);
  g_assert_true (ckpt_overlap_init (&overlap, &geometry, NULL));
  count_collapsed (&geometry, &overlap, times, counts);
  g_assert_cmpmem (counts, sizeof counts, expected, sizeof expected);
  return overlap.counts != NULL;
}

static void
test_random (void)
{
  guint n_counted = 0;

  for (guint round = 0; round < 2000; round++)
    {
      gint64 shape[4], stride[4];

      for (guint i = 0; i < 4; i++)
        {
          shape[i] = g_test_rand_int_range (1, 9);
          stride[i] = g_test_rand_int_range (0, round % 2 ? 4 : 100);
        }
      n_counted += check (4, shape, stride);
    }
  g_assert_cmpuint (n_counted, >, 200);
  g_assert_cmpuint (n_counted, <, 1500);
}

static void
test_huge (void)
{
  const gint64 shape[] = { 1 << 21, 1 << 21 }, stride[] = { 1, 1 }, none[] = { 0, 0 };
  const gint64 batches[] = { 100, 1 << 20, 1 << 10 }, apart[] = { 1 << 23, 1, 1 };
  CkptGeometry geometry;
  g_auto (CkptOverlap) window = { 0 }, batch = { 0 };

  g_assert_true (ckpt_geometry_init (&geometry, 2, shape, stride, 0));
  g_assert_cmpuint (ckpt_geometry_collapse (&geometry), ==, 1);
  g_assert_true (ckpt_overlap_init (&window, &geometry, NULL));
  g_assert_cmpuint (geometry.n, ==, (1 << 22) - 1);
  g_assert_cmpuint (window.counts[0], ==, 1);
  g_assert_cmpuint (window.counts[(1 << 21) - 1], ==, 1 << 21);
  g_assert_cmpuint (window.counts[(1 << 22) - 2], ==, 1);

  g_assert_true (ckpt_geometry_init (&geometry, 3, batches, apart, 0));
  ckpt_geometry_collapse (&geometry);
  g_assert_true (ckpt_overlap_init (&batch, &geometry, NULL));
  g_assert_cmpuint (geometry.n, ==, 100 * ((1 << 20) + (1 << 10) - 1));

  g_assert_true (ckpt_geometry_init (&geometry, 2, shape, none, 0));
  g_assert_cmpuint (ckpt_geometry_collapse (&geometry), ==, G_GUINT64_CONSTANT (1) << 42);
  g_assert_cmpuint (geometry.n, ==, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/overlap/random", test_random);
  g_test_add_func ("/overlap/huge", test_huge);
  return g_test_run ();
}
