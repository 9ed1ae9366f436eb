/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "edit/ckpt-verb.h"

G_BEGIN_DECLS

/* One a file ckpt-edit-*.c; sorted. */

G_END_DECLS
