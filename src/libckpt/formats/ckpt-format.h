/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "formats/ckpt-loader.h"

G_BEGIN_DECLS

#define CKPT_PROBE_SIZE 4096

/**
 * CkptFormat:
 * @name: stable name
 * @recognises: whether the first bytes of the file (at most %CKPT_PROBE_SIZE) are of this format
 * @load: reads the file into the loader's tree
 *
 * A row of the format table. The content alone decides; rows are asked in order.
 */
typedef struct
{
  const char *name;
  gboolean (*recognises) (const guint8 *head,
                          gsize         length,
                          guint64       file_size);
  gboolean (*load)       (CkptLoader   *loader,
                          GError      **error);
} CkptFormat;

extern const CkptFormat ckpt_format_torch_zip;    /* and TorchScript, .pt2, torch.package: what is inside decides */
extern const CkptFormat ckpt_format_torch_legacy;
extern const CkptFormat ckpt_format_safetensors;
extern const CkptFormat ckpt_format_tar;
extern const CkptFormat ckpt_format_pickle;

/* The table's row for these first bytes, or NULL. */
const CkptFormat *ckpt_format_find      (const guint8 *head,
                                         gsize         length,
                                         guint64       file_size);
/* What a file that no row recognises is instead: always sets @error. */
void              ckpt_format_explain   (CkptSource   *source,
                                         const guint8 *head,
                                         gsize         length,
                                         GError      **error);

G_END_DECLS
