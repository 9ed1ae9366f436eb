/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <ckpt.h>

#include "output.h"

G_BEGIN_DECLS

const char *npy_get_substitute (CkptDtype          dtype);
gboolean    npy_write          (Output            *output,
                                CkptTree          *tree,
                                const CkptTensor  *tensor,
                                GError           **error);

G_END_DECLS
