/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "edit/ckpt-words.h"
#include "model/ckpt-draft.h"

G_BEGIN_DECLS

/* Gives tensors that are one object at several places, of those that the words name, an object at each place. */
gboolean ckpt_untie_objects (CkptDraft        *draft,
                             const CkptWords  *words,
                             guint            *n_left,
                             GError          **error);

G_END_DECLS
