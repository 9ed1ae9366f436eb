/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "model/ckpt-draft.h"

G_BEGIN_DECLS

/* What weights_only takes in the place of one value: numbers, texts, lists and dicts for objects of other libraries. The values in it are
 * for the caller to look at. */
CkptNodeId ckpt_plain_make         (CkptDraft   *draft,
                                    CkptNodeId   object,
                                    GError     **error);
/* Of what NumPy made. */
CkptNodeId ckpt_plain_make_scalar  (CkptDraft   *draft,
                                    CkptNodeId   object,
                                    GError     **error);
CkptNodeId ckpt_plain_make_array   (CkptDraft   *draft,
                                    CkptNodeId   object,
                                    GError     **error);
/* An argument of a call; CKPT_NO_NODE where there is none. */
CkptNodeId ckpt_plain_get_argument (CkptDraft   *draft,
                                    CkptNodeId   object,
                                    guint32      i);

G_END_DECLS
