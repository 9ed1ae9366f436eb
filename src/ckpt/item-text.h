/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "listing.h"
#include "table.h"

G_BEGIN_DECLS

/* Columns of a row: path, type, value or shape, device, size. */
#define ITEM_N_COLUMNS 5

void item_add_row (const Item  *item,
                   const char  *label,
                   gboolean     exact,
                   guint64     *budget,
                   Table       *table);

G_END_DECLS
