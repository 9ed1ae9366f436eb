/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "stats/ckpt-bucket.h"
#include "stats/ckpt-counter.h"
#include "stats/ckpt-sketch.h"

G_BEGIN_DECLS

/**
 * CkptSketchEntry:
 * @first: the lowest of some values
 * @last: the highest; the same as @first in an exact sketch
 * @n: how many there are from @first to @last
 */
typedef struct
{
  double first;
  double last;
  guint64 n;
} CkptSketchEntry;

/* Where one is in the packed entries of a sketch. */
typedef struct
{
  CkptSketch *sketch;
  const guint8 *next;
  guint32 n_left;
  gint64 key;
} CkptSketchIter;

CkptSketch *ckpt_sketch_new_exact   (const CkptSketchEntry *entries,
                                     gsize                  n);
CkptSketch *ckpt_sketch_new_buckets (const CkptKeyCount    *counts,
                                     gsize                  n,
                                     double                 min,
                                     double                 max,
                                     guint64                n_zero);
void        ckpt_sketch_iter_init   (CkptSketchIter        *self,
                                     CkptSketch            *sketch);
gboolean    ckpt_sketch_iter_next   (CkptSketchIter        *self,
                                     CkptSketchEntry       *entry);
guint64     ckpt_sketch_get_n_zero  (CkptSketch            *self);
double      ckpt_sketch_get_min     (CkptSketch            *self);
double      ckpt_sketch_get_max     (CkptSketch            *self);

G_END_DECLS
