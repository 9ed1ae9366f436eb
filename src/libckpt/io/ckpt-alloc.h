/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "io/ckpt-macros.h"

G_BEGIN_DECLS

/* Every allocation whose size comes from a file goes through these: they fail with CKPT_ERROR_LIMIT instead of aborting. */
gpointer ckpt_try_malloc  (guint64    n_bytes,
                           GError   **error);
gpointer ckpt_try_realloc (gpointer   memory,
                           guint64    n_bytes,
                           GError   **error);

G_END_DECLS
