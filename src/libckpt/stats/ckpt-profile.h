/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "stats/ckpt-sketch.h"

G_BEGIN_DECLS

/**
 * CkptProfile:
 * @stats: the figures
 * @sketch: (nullable): how the finite values are spread; %NULL if there are none, or where it was let go of to save memory
 * @is_whole: whether the values are whole numbers by their type
 *
 * What one pass over a tensor, or over many, found. Never changes, so any thread may use it.
 */
typedef struct
{
  CkptStats stats;
  CkptSketch *sketch;
  gboolean is_whole;
} CkptProfile;

/* Takes the sketch. */
CkptProfile             *ckpt_profile_new               (const CkptStats   *stats,
                                                         CkptSketch        *sketch,
                                                         gboolean           is_whole);
CKPT_EXPORT CkptProfile *ckpt_profile_ref               (CkptProfile       *self);
CKPT_EXPORT void         ckpt_profile_unref             (CkptProfile       *self);
CKPT_EXPORT gboolean     ckpt_profile_get_default_range (const CkptProfile *self,
                                                         guint              n_wanted,
                                                         double            *low,
                                                         double            *high,
                                                         guint             *n_bins);
/* Moves the edges of a part of whole numbers so that each bin holds the same number of them. */
CKPT_EXPORT void         ckpt_profile_round_range       (guint              n_wanted,
                                                         double            *low,
                                                         double            *high,
                                                         guint             *n_bins);
/* Below which a symmetric-log scale spreads the values about evenly. */
CKPT_EXPORT double       ckpt_profile_get_threshold     (const CkptProfile *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CkptProfile, ckpt_profile_unref)

G_END_DECLS
