/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "formats/ckpt-loader.h"

G_BEGIN_DECLS

/* Reads a zip whose end is missing. */
gboolean ckpt_zip_salvage_load (CkptLoader  *loader,
                                GError     **error);

G_END_DECLS
