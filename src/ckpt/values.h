/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "listing.h"

G_BEGIN_DECLS

/* Listing values reads no more bytes than this to show tensors of one element. */
#define ONLY_BUDGET (64 << 10)

gboolean    kind_is_container (CkptKind           kind);
gboolean    kind_has_text     (CkptKind           kind);
gboolean    kind_is_plain     (CkptKind           kind);
char       *value_dup_type   (const Item        *item);
char       *value_dup_call   (CkptTree          *tree,
                              CkptNodeId         node);
char       *value_dup_text   (const Item        *item,
                              guint64           *budget);
const char *value_get_device (const Item        *item);
char       *value_dup_size   (const Item        *item,
                              gboolean           exact);

char       *shape_to_string  (const CkptTensor  *tensor);
gboolean    tensor_is_view   (CkptTree          *tree,
                              const CkptTensor  *tensor);
gboolean    tensor_check_readable (CkptTree      *tree,
                               const CkptTensor  *tensor,
                               GError           **error);
gboolean    tensor_has_only   (CkptTree          *tree,
                               const CkptTensor  *tensor,
                               guint64           *budget);

G_END_DECLS
