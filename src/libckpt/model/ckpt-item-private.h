/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "model/ckpt-item-rows.h"

G_BEGIN_DECLS

/**
 * CkptItemEntry:
 * @node: the value, or what a module, range or fold is a part of
 * @first: of a module, range or fold: number of the first child of @node that it stands for; else 0
 * @offset: byte of the keys from which its rows show them
 * @role: what it is
 * @rows: (nullable): the rows under it, once they were asked for
 * @total: what is under it, once that was asked for
 * @device: (nullable): the device of all that, if it is the same
 *
 * What was found out about a row that has rows under it. A list makes its items anew each time that it is asked for them, and
 * this would take long to find out anew. The first four tell entries apart.
 */
typedef struct
{
  CkptNodeId node;
  guint32 first;
  guint32 offset;
  CkptItemRole role;
  CkptItemRows *rows;
  CkptTotal total;
  const char *device;
  gboolean has_total;
} CkptItemEntry;

/**
 * CkptItemShared:
 * @entries: CkptItemEntry, by itself
 * @scalars: (nullable): node -> text, of tensors with one element
 *
 * What all items of one view have in common.
 */
typedef struct
{
  gatomicrefcount ref_count;
  CkptOutline *outline;
  CkptTree *tree;
  CkptItemFlags flags;
  GHashTable *entries;
  GHashTable *scalars;
} CkptItemShared;

/**
 * CkptItem:
 * @parent: (nullable): the item that it was made by; kept alive by this one
 * @child: of a value: how it hangs in its container
 * @container: the value that @child or the members are children of
 * @path: (nullable): of an item that stands alone: its path
 * @members: of a module: the rows of @parent that hold its members
 * @first: of a module: its first member there; of a range or fold: its first row
 * @n: how many of them
 * @offset: byte of the keys where this row's part begins
 * @label_end: byte of the keys where a module's part ends
 * @label: (nullable): its label, once it was asked for
 * @entry: (nullable): what was found out about it, once something was asked for
 */
struct _CkptItem
{
  GObject parent_instance;

  CkptItemShared *shared;
  CkptItem *parent;
  CkptItemRole role;
  CkptChild child;
  CkptNodeId container;
  CkptPath *path;
  guint32 first;
  guint32 n;
  guint32 offset;
  guint32 label_end;
  char *label;
  CkptItemEntry *entry;
};

GHashTable          *ckpt_item_entries_new (void);
CkptItemEntry       *ckpt_item_get_entry   (CkptItem *self);

/* Whether it is a range or a fold: some of the rows of what they are under. */
gboolean             ckpt_item_is_part     (CkptItem *self);
/* The rows that a module's members or a range's or fold's rows belong to. */
const CkptItemRows  *ckpt_item_get_holder  (CkptItem *self);
const CkptItemRows  *ckpt_item_get_rows    (CkptItem *self);

G_END_DECLS
