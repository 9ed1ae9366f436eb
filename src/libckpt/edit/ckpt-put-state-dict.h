/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "edit/ckpt-effect.h"
#include "model/ckpt-draft.h"

G_BEGIN_DECLS

/* Puts the state dict of each outermost module below a value in its place. */
gboolean ckpt_put_state_dicts (CkptDraft   *draft,
                               CkptNodeId   from,
                               CkptEffect  *effect,
                               guint       *n_modules,
                               GError     **error);

G_END_DECLS
