/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "output.h"

G_BEGIN_DECLS

/* Rows of text in columns that are as wide as they need to be. */
typedef struct _Table Table;

Table *table_new       (Output             *output,
                        guint               n_columns,
                        const char         *indent);
void   table_free      (Table              *self);
void   table_set_right (Table              *self,
                        guint               column);
void   table_set_width (Table              *self,
                        guint               column,
                        guint               width);
void   table_fix_widths (Table             *self);
void   table_add       (Table              *self,
                        const char *const  *cells);
void   table_print     (Table              *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Table, table_free)

G_END_DECLS
