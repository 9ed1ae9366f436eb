/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "json.h"
#include "listing.h"

G_BEGIN_DECLS

yyjson_mut_val *item_to_json (yyjson_mut_doc  *doc,
                              const Item      *item,
                              guint64         *budget);
yyjson_mut_val *text_to_json (yyjson_mut_doc  *doc,
                              CkptKind         kind,
                              const char      *text,
                              gsize            length);

G_END_DECLS
