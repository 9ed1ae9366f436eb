/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "item-text.h"

#include <string.h>

#include "values.h"

#define MAX_DEVICE 40

/**
 * item_add_row:
 * @label: how the row begins: the path, or the last step of it
 * @exact: whether to give sizes in bytes
 * @budget: (inout): bytes that may still be read to show tensors of one element
 * @table: a table of ITEM_N_COLUMNS columns
 *
 * Adds a line for a value.
 */
void
item_add_row (const Item *item, const char *label, gboolean exact, guint64 *budget, Table *table)
{
  g_autofree char *type = value_dup_type (item);
  g_autofree char *text = value_dup_text (item, budget);
  g_autofree char *size = value_dup_size (item, exact);
  const char *device = value_get_device (item);
  g_autofree char *shown_device = NULL;

  if (device != NULL)
    shown_device = ckpt_text_escape (device, strlen (device), MAX_DEVICE);
  table_add (table, (const char *[ITEM_N_COLUMNS]) { label, type, text, shown_device, size });
}
