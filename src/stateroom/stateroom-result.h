/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <ckpt.h>

G_BEGIN_DECLS

#define STATEROOM_RESULT_BARS 24

/**
 * StateroomResult:
 * @error: (nullable): why there are no figures: a sentence
 * @stats: the figures
 * @is_whole: whether the values are whole numbers by their type
 * @has_percentiles: whether the next five are known
 * @has_bars: whether @bars is known
 * @bars: heights of the bars of a small histogram from min to max, the tallest is 255
 *
 * What is kept of every tensor of a file, however many there are. Does not change once it is made.
 */
typedef struct
{
  char *error;
  CkptStats stats;
  double p1;
  double p25;
  double median;
  double p75;
  double p99;
  gboolean is_whole;
  gboolean has_percentiles;
  gboolean has_bars;
  guint8 bars[STATEROOM_RESULT_BARS];
} StateroomResult;

StateroomResult *stateroom_result_new  (const CkptProfile *profile,
                                        const GError      *error);
void             stateroom_result_free (StateroomResult   *self);

G_END_DECLS
