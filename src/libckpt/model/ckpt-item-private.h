/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "model/ckpt-item-rows.h"

G_BEGIN_DECLS

/**
 * CkptItemShared:
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
  GHashTable *scalars;
} CkptItemShared;

/**
 * CkptItem:
 * @parent: (nullable): the item that it was made by; kept alive by this one
 * @child: of a value: how it hangs in its container
 * @container: the value that @child or the members are children of
 * @path: (nullable): of an item that stands alone: its path
 * @members: of a module: the rows of @parent that hold its members
 * @first: of a module: its first member there; of a range: its first row
 * @n: how many of them
 * @offset: byte of the keys where this row's part begins
 * @label_end: byte of the keys where a module's part ends
 * @rows: (nullable): the rows under it, once they were asked for
 * @label: (nullable): its label, once it was asked for
 * @total: what is under it, once that was asked for
 * @device: (nullable): the device of all that, if it is the same; owned by the tree
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
  CkptItemRows *rows;
  char *label;
  CkptTotal total;
  const char *device;
  gboolean has_total;
};

/* The rows that a module's members or a range's rows belong to. */
const CkptItemRows *ckpt_item_get_holder (CkptItem *self);
const CkptItemRows *ckpt_item_get_rows   (CkptItem *self);

G_END_DECLS
