/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "formats/ckpt-plan.h"

G_BEGIN_DECLS

/* Whether two trees hold the same: values, which of them are the same value, tensors and storages. Bytes of storages are not compared. */
CKPT_EXPORT gboolean ckpt_verify_tree (CkptTree      *written,
                                       CkptTree      *read,
                                       GError       **error);
/* Whether a file that was written by @plan is what was meant: in ckpt-verify-file.c. */
gboolean             ckpt_verify_file (CkptPlan      *plan,
                                       CkptSource    *file,
                                       const CkptRun *runs,
                                       guint          n_runs,
                                       GCancellable  *cancellable,
                                       GError       **error);

G_END_DECLS
