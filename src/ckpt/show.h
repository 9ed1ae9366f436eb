/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "listing.h"
#include "output.h"

G_BEGIN_DECLS

gboolean show_value (Output          *output,
                     CkptTree        *tree,
                     const CkptPath  *path,
                     GError         **error);

G_END_DECLS
