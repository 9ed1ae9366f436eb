/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "edit/ckpt-reads-in.h"

#include <string.h>

static const char *const names[] = {
  [CKPT_READS_IN_ANY] = "any",
  [CKPT_READS_IN_1_6] = "1.6",
  [CKPT_READS_IN_1_5] = "1.5",
};

/**
 * ckpt_reads_in_get_name:
 * @reads_in: which PyTorch
 *
 * Returns: (transfer none): its name
 */
const char *
ckpt_reads_in_get_name (CkptReadsIn reads_in)
{
  return names[reads_in];
}

/**
 * ckpt_reads_in_from_name:
 * @name: a word
 * @reads_in: (out): which PyTorch it names
 *
 * Returns: %FALSE if it names none
 */
gboolean
ckpt_reads_in_from_name (const char *name, CkptReadsIn *reads_in)
{
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (strcmp (names[i], name) == 0)
      {
        *reads_in = (CkptReadsIn) i;
        return TRUE;
      }
  return FALSE;
}
