/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "json.h"

G_BEGIN_DECLS

void        info_json_write         (JsonStream         *json,
                                     CkptTree           *tree,
                                     const CkptSummary  *summary);
const char *info_json_get_container (CkptContainer       container);

G_END_DECLS
