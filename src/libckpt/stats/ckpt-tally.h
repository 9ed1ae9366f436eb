/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "stats/ckpt-sketch-private.h"

G_BEGIN_DECLS

/* Counts values: each by itself while there are at most CKPT_SKETCH_MAX_EXACT distinct ones, else by bucket. What comes out does not depend
 * on the order in which they come in. */
typedef struct _CkptTally CkptTally;

CkptTally  *ckpt_tally_new           (void);
void        ckpt_tally_free          (CkptTally     *self);
void        ckpt_tally_add           (CkptTally     *self,
                                      double         value,
                                      guint64        times);
gboolean    ckpt_tally_is_exact      (CkptTally     *self);
void        ckpt_tally_add_buckets   (CkptTally     *self,
                                      const CkptKeyCount *counts,
                                      gsize          n,
                                      guint64        times,
                                      const CkptStats *stats);
void        ckpt_tally_add_sketch    (CkptTally     *self,
                                      CkptSketch    *sketch);
CkptSketch *ckpt_tally_to_sketch     (CkptTally     *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CkptTally, ckpt_tally_free)

G_END_DECLS
