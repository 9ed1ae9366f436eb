/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "stats/ckpt-binning.h"

#include <math.h>

/* The edges rise, and each belongs to the bin on its right. */
static void
test_edges (void)
{
  const CkptScale scales[] = { { CKPT_SCALE_LINEAR, 0 }, { CKPT_SCALE_SYMLOG, 0.01 } };

  for (gsize i = 0; i < G_N_ELEMENTS (scales); i++)
    {
      g_autoptr (CkptHistogram) histogram = ckpt_histogram_new (&scales[i], -3, 100, 37);
      g_autoptr (CkptHistogram) copy = NULL;
      g_auto (CkptBinning) binning = { 0 };

      ckpt_binning_init (&binning, histogram);
      for (guint bin = 0; bin < 37; bin++)
        {
          double edge = ckpt_histogram_get_edge (histogram, bin),
                 next = ckpt_histogram_get_edge (histogram, bin + 1);

          g_assert_cmpfloat (edge, <, next);
          g_assert_cmpuint (ckpt_binning_find (&binning, edge), ==, bin);
          g_assert_cmpuint (ckpt_binning_find (&binning, nextafter (next, edge)), ==, bin);
          ckpt_binning_add (&binning, edge, bin);
        }
      ckpt_binning_add (&binning, 100, 5);
      ckpt_binning_add (&binning, 101, 6);
      ckpt_binning_add (&binning, -4, 7);
      copy = ckpt_histogram_copy (histogram);
      g_assert_cmpuint (copy->counts[36], ==, 41);
      g_assert_cmpuint (copy->n_above, ==, 6);
      g_assert_cmpuint (copy->n_below, ==, 7);
      g_assert_cmpint (copy->scale.kind, ==, scales[i].kind);
    }
}

/* Values from -1 to 3, of which only some are in the bins. */
static void
test_ranges (void)
{
  const CkptScale linear = { CKPT_SCALE_LINEAR, 0 };
  g_autoptr (CkptHistogram) histogram = ckpt_histogram_new (&linear, 0, 2, 4);
  g_auto (CkptBinning) binning = { 0 };

  ckpt_binning_init (&binning, histogram);
  ckpt_binning_add_range (&binning, -1, 3, 80);
  g_assert_cmpuint (histogram->n_below, ==, 20);
  g_assert_cmpuint (histogram->counts[0], ==, 10);
  g_assert_cmpuint (histogram->counts[3], ==, 10);
  g_assert_cmpuint (histogram->n_above, ==, 20);
  g_assert_cmpuint (histogram->n_uncertain, ==, 80);
  ckpt_binning_add_range (&binning, 0.6, 0.9, 7);
  ckpt_binning_add_range (&binning, 5, 6, 9);
  ckpt_binning_add_range (&binning, -6, -5, 8);
  g_assert_cmpuint (histogram->counts[1], ==, 17);
  g_assert_cmpuint (histogram->n_above, ==, 29);
  g_assert_cmpuint (histogram->n_below, ==, 28);
  g_assert_cmpuint (histogram->n_uncertain, ==, 80);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/binning/edges", test_edges);
  g_test_add_func ("/binning/ranges", test_ranges);
  return g_test_run ();
}
