/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "edit/ckpt-verb.h"

G_BEGIN_DECLS

/* One a file ckpt-edit-*.c; sorted. */
extern const CkptVerb ckpt_verb_device;

G_END_DECLS
