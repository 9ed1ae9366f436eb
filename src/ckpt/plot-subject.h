/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <ckptplot.h>

G_BEGIN_DECLS

/**
 * PlotSubject:
 * @name: what the user called it, escaped
 * @tensor: (nullable): the tensor that it is
 * @tensors: (element-type guint32): numbers of the tensors in it whose values can be read, each once
 * @names: (element-type utf8): the way from it to each of them, as keys joined by /
 * @places: (element-type guint32 guint): where each is in @tensors, counted from 1
 * @boxes: (element-type CkptPlotBox): figures of each; without a name where it was not read
 * @sketches: (element-type CkptSketch): how their values are spread, in one or several parts
 *
 * What one path leads to, and what was found there.
 */
typedef struct
{
  char *name;
  const CkptTensor *tensor;
  GArray *tensors;
  GPtrArray *names;
  GHashTable *places;
  GArray *boxes;
  GPtrArray *sketches;
} PlotSubject;

PlotSubject *plot_subject_new  (CkptTree     *tree,
                                const char   *path,
                                GError      **error);
void         plot_subject_free (PlotSubject  *self);
void         plot_subject_tell (PlotSubject  *self,
                                guint32       tensor,
                                CkptProfile  *profile);
CkptSketch  *plot_subject_merge_sketches (PlotSubject *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PlotSubject, plot_subject_free)

G_END_DECLS
