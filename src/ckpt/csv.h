/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <ckpt.h>

#include "output.h"

G_BEGIN_DECLS

void     csv_append_text  (GString           *line,
                           const char        *text,
                           gsize              length,
                           gboolean          *is_changed);
gboolean csv_write_values (Output            *output,
                           CkptTree          *tree,
                           CkptNodeId         container,
                           gboolean          *is_changed,
                           GError           **error);

G_END_DECLS
