/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <ckpt.h>

#include "output.h"

G_BEGIN_DECLS

gboolean tensor_json_write (Output            *output,
                            CkptTree          *tree,
                            const CkptTensor  *tensor,
                            GError           **error);

G_END_DECLS
