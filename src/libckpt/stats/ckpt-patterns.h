/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "stats/ckpt-counter.h"
#include "stats/ckpt-scan.h"
#include "stats/ckpt-sketch.h"

G_BEGIN_DECLS

/* What follows from the counts of all bit patterns of a type of at most 16 bits. */
gboolean    ckpt_patterns_apply  (const CkptScan     *scan);
CkptSketch *ckpt_patterns_finish (const CkptScan     *scan,
                                  const CkptKeyCount *counts,
                                  gsize               n,
                                  const guint64      *lone,
                                  CkptStats          *stats);

G_END_DECLS
