/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "model/ckpt-tree.h"

G_BEGIN_DECLS

/**
 * CkptReadsIn:
 * @CKPT_READS_IN_ANY: any current version of PyTorch
 * @CKPT_READS_IN_1_6: 1.6 and newer
 * @CKPT_READS_IN_1_5: 1.5 and older, too: those that know no zip
 *
 * Which PyTorch must be able to load a file.
 */
typedef enum
{
  CKPT_READS_IN_ANY,
  CKPT_READS_IN_1_6,
  CKPT_READS_IN_1_5,
} CkptReadsIn;

/* As the verb `reads-in` and `ckpt export --reads-in` name it: "any", "1.6", "1.5". */
CKPT_EXPORT const char *ckpt_reads_in_get_name  (CkptReadsIn    reads_in);
CKPT_EXPORT gboolean    ckpt_reads_in_from_name (const char    *name,
                                                 CkptReadsIn   *reads_in);

G_END_DECLS
