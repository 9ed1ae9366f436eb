/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "edit/ckpt-effect.h"
#include "edit/ckpt-spot.h"
#include "model/ckpt-draft.h"

G_BEGIN_DECLS

/* Removes values from these places, each place once. */
gboolean ckpt_drop_spots (CkptDraft   *draft,
                          const GArray *spots,
                          CkptEffect  *effect,
                          GError     **error);

G_END_DECLS
