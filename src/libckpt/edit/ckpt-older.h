/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "model/ckpt-draft.h"

G_BEGIN_DECLS

/* Writes a tensor in the way that release @release (106 is 1.6) knows. @why says why that cannot be. */
gboolean ckpt_older_change_tensor (CkptDraft   *draft,
                                   guint        tensor,
                                   guint        release,
                                   gboolean    *is_changed,
                                   char       **why,
                                   GError     **error);
/* Gives what an object is made with the name that older releases of Python and NumPy have for it. */
gboolean ckpt_older_change_name   (CkptDraft   *draft,
                                   CkptNodeId   object,
                                   gboolean    *is_changed,
                                   GError     **error);

G_END_DECLS
