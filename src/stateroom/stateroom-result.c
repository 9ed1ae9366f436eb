/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stateroom-result.h"

/* The tallest bar is the whole height, and what is there at all is seen. */
static void
fill_bars (StateroomResult *self, const CkptHistogram *histogram)
{
  guint64 tallest = 1;

  for (guint i = 0; i < histogram->n_bins; i++)
    tallest = MAX (tallest, histogram->counts[i]);
  for (guint i = 0; i < histogram->n_bins; i++)
    {
      double share = (double) histogram->counts[i] / (double) tallest;

      self->bars[i] = histogram->counts[i] > 0 ? (guint8) MAX (share * G_MAXUINT8, 1) : 0;
    }
  self->has_bars = TRUE;
}

static void
fill_from_sketch (StateroomResult *self, CkptSketch *sketch)
{
  const CkptScale scale = { CKPT_SCALE_LINEAR, 0 };
  g_autoptr (CkptHistogram) histogram = NULL;

  self->p1 = ckpt_sketch_get_quantile (sketch, 0.01, NULL);
  self->p25 = ckpt_sketch_get_quantile (sketch, 0.25, NULL);
  self->median = ckpt_sketch_get_quantile (sketch, 0.5, NULL);
  self->p75 = ckpt_sketch_get_quantile (sketch, 0.75, NULL);
  self->p99 = ckpt_sketch_get_quantile (sketch, 0.99, NULL);
  self->has_percentiles = TRUE;
  if (self->stats.min >= self->stats.max)
    return;
  histogram = ckpt_sketch_get_histogram (sketch, &scale, self->stats.min, self->stats.max,
                                         STATEROOM_RESULT_BARS);
  fill_bars (self, histogram);
}

/**
 * stateroom_result_new:
 * @profile: (nullable): what was found
 * @error: (nullable): why nothing was found
 *
 * Returns: (transfer full): a result
 */
StateroomResult *
stateroom_result_new (const CkptProfile *profile, const GError *error)
{
  StateroomResult *self = g_new0 (StateroomResult, 1);

  if (profile == NULL)
    {
      self->error = g_strdup (error->message);
      return self;
    }
  self->stats = profile->stats;
  self->is_whole = profile->is_whole;
  if (profile->sketch != NULL)
    fill_from_sketch (self, profile->sketch);
  return self;
}

/**
 * stateroom_result_free:
 * @self: (transfer full): a result
 */
void
stateroom_result_free (StateroomResult *self)
{
  g_free (self->error);
  g_free (self);
}
