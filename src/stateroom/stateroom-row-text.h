/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <ckpt.h>

G_BEGIN_DECLS

/* What of a row can be copied. */
typedef enum
{
  STATEROOM_COPY_KEY,
  STATEROOM_COPY_PATH,
  STATEROOM_COPY_CODE,
  STATEROOM_COPY_TSV,
  STATEROOM_COPY_MARKDOWN,
} StateroomCopy;

char    *stateroom_row_text_dup_values     (CkptItem      *item);
char    *stateroom_row_text_dup_size       (CkptItem      *item);
char    *stateroom_row_text_dup_size_note  (CkptItem      *item);
char    *stateroom_row_text_dup_shares     (CkptItem      *item,
                                            CkptItem      *root);
char    *stateroom_row_text_dup_accessible (CkptItem      *item);
char    *stateroom_row_text_dup_copy       (CkptItem      *item,
                                            StateroomCopy  what);
guint64  stateroom_row_text_get_bytes      (CkptItem      *item);
double   stateroom_row_text_get_share      (CkptItem      *item,
                                            CkptItem      *whole);

G_END_DECLS
