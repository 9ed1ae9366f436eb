/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "stats/ckpt-pass.h"
#include "stats/ckpt-profile.h"

G_BEGIN_DECLS

CkptPass    *ckpt_profile_pass_new    (CkptTree         *tree,
                                       const CkptTensor *tensor,
                                       GError          **error);
CkptProfile *ckpt_profile_pass_finish (CkptPass         *pass);

G_END_DECLS
