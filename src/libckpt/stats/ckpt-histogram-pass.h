/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "stats/ckpt-pass.h"
#include "stats/ckpt-stats.h"

G_BEGIN_DECLS

CkptPass      *ckpt_histogram_pass_new    (CkptTree         *tree,
                                           const CkptTensor *tensor,
                                           const CkptScale  *scale,
                                           double            low,
                                           double            high,
                                           guint             n_bins,
                                           GError          **error);
CkptHistogram *ckpt_histogram_pass_finish (CkptPass         *pass);

G_END_DECLS
