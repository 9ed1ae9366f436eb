/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "io/ckpt-reader.h"
#include "model/ckpt-tree-private.h"
#include "pickle/ckpt-decoder.h"

G_BEGIN_DECLS

/**
 * CkptLoader:
 * @tree: the tree being made
 *
 * What the formats share while a file is being read.
 */
typedef struct
{
  CkptSource *source;
  CkptArchive *archive;
  CkptTree *tree;
  CkptNodes *nodes;
  CkptWarnings *warnings;
  CkptProgressFunc progress;
  gpointer progress_data;
  GCancellable *cancellable;
} CkptLoader;

gboolean ckpt_loader_decode      (CkptLoader     *self,
                                  CkptReader     *reader,
                                  CkptPickleInfo *info,
                                  GError        **error);
gboolean ckpt_loader_decode_root (CkptLoader     *self,
                                  CkptReader     *reader,
                                  CkptPickleInfo *info,
                                  GError        **error);

G_END_DECLS
