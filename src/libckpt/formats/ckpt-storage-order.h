/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "model/ckpt-tree.h"

G_BEGIN_DECLS

/* The storages (element-type guint) that the root leads to, each once, in the order in which a pickle of it first names them. */
GArray *ckpt_storage_order_list (CkptTree *tree);

G_END_DECLS
