/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "io/ckpt-macros.h"

G_BEGIN_DECLS

/* Every allocation whose size comes from a file goes through these: they fail with CKPT_ERROR_LIMIT instead
 * of aborting. */
gpointer ckpt_try_malloc  (guint64    n_bytes,
                           GError   **error);
gpointer ckpt_try_realloc (gpointer   memory,
                           guint64    n_bytes,
                           GError   **error);
/* For tests: lets the allocation after @n_good others fail, and all later ones too if @for_good; a negative
 * number: none. */
void     ckpt_alloc_set_failure (gint     n_good,
                                 gboolean for_good);

G_END_DECLS
