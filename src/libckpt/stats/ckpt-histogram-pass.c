/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "stats/ckpt-histogram-pass.h"

#include "stats/ckpt-binning.h"

#include <math.h>

typedef struct
{
  CkptPass base;
  CkptHistogram *histogram;
  CkptBinning binning;
} HistogramPass;

static HistogramPass *
get_pass (CkptPass *pass)
{
  return (HistogramPass *) pass;
}

static guint64
get_times (const CkptScan *scan, guint64 element)
{
  return scan->times *
         (scan->overlap.counts != NULL ? scan->overlap.counts[element % scan->overlap.extent] : 1);
}

/* Finding a bin takes longer than adding to it: only that is done by one thread at a time. */
static void
take_values (HistogramPass *self, CkptWorker *worker, guint64 first, gsize n, guint n_parts)
{
  const CkptHistogram *histogram = self->histogram;
  guint32 *bins = worker->keys;
  guint n_values = (guint) n * n_parts;
  g_autoptr (GMutexLocker) locker = NULL;

  for (guint i = 0; i < n_values; i++)
    if (worker->values[i] >= histogram->low && worker->values[i] <= histogram->high)
      bins[i] = ckpt_binning_find (&self->binning, worker->values[i]);
    else
      bins[i] = G_MAXUINT32;
  locker = g_mutex_locker_new (&self->base.mutex);
  for (guint i = 0; i < n_values; i++)
    if (bins[i] != G_MAXUINT32)
      self->histogram->counts[bins[i]] += get_times (&self->base.scan, first + i / n_parts);
    else if (isfinite (worker->values[i]))
      ckpt_binning_add (&self->binning, worker->values[i], get_times (&self->base.scan, first + i / n_parts));
}

static void
take (CkptPass *pass, CkptWorker *worker, guint64 block, guint8 *items, guint64 first, gsize n)
{
  const CkptScan *scan = &pass->scan;
  gsize item_size = ckpt_dtype_get_info (scan->dtype)->item_size, n_now;
  guint n_parts = ckpt_scan_is_pair (scan) ? 2 : 1;

  for (gsize done = 0; done < n; done += n_now)
    {
      n_now = MIN (n - done, CKPT_KERNEL_MAX);
      ckpt_scan_to_doubles (scan, items + done * item_size, n_now, worker->values);
      take_values (get_pass (pass), worker, first + done, n_now, n_parts);
    }
}

static void
end_run (CkptPass *pass, CkptWorker *worker)
{
}

static void
free_pass (CkptPass *pass)
{
  HistogramPass *self = get_pass (pass);

  ckpt_histogram_free (self->histogram);
  ckpt_binning_clear (&self->binning);
}

static const CkptPassClass histogram_class = { take, end_run, free_pass };

/**
 * ckpt_histogram_pass_new:
 * @tree: a tree; must outlive the result
 * @tensor: a tensor of it
 * @scale: along which the bins have the same width
 * @low: left edge of the first bin
 * @high: right edge of the last one, not less than @low
 * @n_bins: number of bins, at least 1
 * @error: return location for the errors of ckpt_scan_init()
 *
 * Returns: (transfer full): a pass that counts the values of @tensor in these bins, exactly
 */
CkptPass *
ckpt_histogram_pass_new (CkptTree *tree,
                         const CkptTensor *tensor,
                         const CkptScale *scale,
                         double low,
                         double high,
                         guint n_bins,
                         GError **error)
{
  HistogramPass *self = g_new0 (HistogramPass, 1);
  g_autoptr (CkptPass) pass = &self->base;

  self->histogram = ckpt_histogram_new (scale, low, high, n_bins);
  ckpt_binning_init (&self->binning, self->histogram);
  return ckpt_pass_init (pass, &histogram_class, tree, tensor, error) ? g_steal_pointer (&pass) : NULL;
}

/**
 * ckpt_histogram_pass_finish:
 * @pass: a pass of ckpt_histogram_pass_new() of which no block is left
 *
 * Returns: (transfer full): the counts
 */
CkptHistogram *
ckpt_histogram_pass_finish (CkptPass *pass)
{
  return g_steal_pointer (&get_pass (pass)->histogram);
}
