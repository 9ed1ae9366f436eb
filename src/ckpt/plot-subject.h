/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <ckpt.h>

G_BEGIN_DECLS

/**
 * PlotSubject:
 * @name: what the user called it, escaped
 * @tensor: (nullable): the tensor that it is
 * @tensors: (element-type guint32): numbers of the tensors in it whose values can be read, each once
 * @names: (element-type utf8): the way from it to each of them, as keys joined by /
 *
 * What one path leads to.
 */
typedef struct
{
  char *name;
  const CkptTensor *tensor;
  GArray *tensors;
  GPtrArray *names;
} PlotSubject;

PlotSubject *plot_subject_new  (CkptTree     *tree,
                                const char   *path,
                                GError      **error);
void         plot_subject_free (PlotSubject  *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PlotSubject, plot_subject_free)

G_END_DECLS
