/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <ckpt.h>

#include "output.h"

G_BEGIN_DECLS

/* A file that is there whole or not at all: written beside its place, and put there when it is done. */
typedef struct _Target Target;

Target   *target_new        (const char  *name,
                             CkptSource  *source,
                             GError     **error);
void      target_free       (Target      *self);
Output   *target_get_output (Target      *self);
gboolean  target_finish     (Target      *self,
                             GError     **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Target, target_free)

G_END_DECLS
