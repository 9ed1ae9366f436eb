/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "model/ckpt-item-rows.h"

G_BEGIN_DECLS

/* Where rows of one structure under numbers follow on each other, shows the first and folds the others. */
void ckpt_item_fold_rows (CkptTree     *tree,
                          CkptItemRows *rows);
/* The lowest and the highest number of the rows of a fold. */
void ckpt_item_fold_get_numbers (CkptTree           *tree,
                                 const CkptItemRows *rows,
                                 guint32             first,
                                 guint32             n,
                                 gint64             *low,
                                 gint64             *high);

G_END_DECLS
