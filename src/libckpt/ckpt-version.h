/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "io/ckpt-macros.h"

G_BEGIN_DECLS

CKPT_EXPORT const char *ckpt_version (void) G_GNUC_CONST;

G_END_DECLS
