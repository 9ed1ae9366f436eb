/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "model/ckpt-item.h"

G_BEGIN_DECLS

/**
 * CkptItemRow:
 * @first: its first member
 * @n: how many: more than one for a module
 * @label_end: byte of the members' keys after the part that this row shows
 */
typedef struct
{
  guint32 first;
  guint32 n;
  guint32 label_end;
} CkptItemRow;

/**
 * CkptItemFold:
 * @first: a row
 * @n: how many from there on are shown as one; 1 for a row by itself
 */
typedef struct
{
  guint32 first;
  guint32 n;
} CkptItemFold;

/**
 * CkptItemRows:
 * @container: the value whose children are shown
 * @members: numbers of those children, or %NULL if it is all of them in order
 * @n_members: how many
 * @rows: the rows, or %NULL if each member is one
 * @n_rows: how many
 * @shown: what is shown of them, or %NULL if each is shown by itself
 * @n_shown: how many
 * @offset: byte of the members' keys where the part that the rows show begins
 *
 * The rows under a container or module, and which children of the container each one stands for.
 */
typedef struct
{
  CkptNodeId container;
  guint32 *members;
  guint32 n_members;
  CkptItemRow *rows;
  guint32 n_rows;
  CkptItemFold *shown;
  guint32 n_shown;
  guint32 offset;
} CkptItemRows;

CkptItemRows *ckpt_item_rows_new        (CkptTree           *tree,
                                         CkptNodeId          container,
                                         const guint32      *members,
                                         guint32             n_members,
                                         guint32             offset,
                                         CkptItemFlags       flags);
void          ckpt_item_rows_free       (CkptItemRows       *self);
void          ckpt_item_rows_get        (const CkptItemRows *self,
                                         guint32             i,
                                         CkptItemRow        *row);
void          ckpt_item_rows_get_shown  (const CkptItemRows *self,
                                         guint32             i,
                                         CkptItemFold       *fold);
/* Where a row is shown, by itself or in a fold. */
guint32       ckpt_item_rows_find_shown (const CkptItemRows *self,
                                         guint32             row);
guint32       ckpt_item_rows_get_member (const CkptItemRows *self,
                                         guint32             i);
/* The text of a dict key that can be split, or NULL. */
const char   *ckpt_item_rows_peek_key   (CkptTree           *tree,
                                         CkptNodeId          container,
                                         guint32             child,
                                         gsize              *length);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CkptItemRows, ckpt_item_rows_free)

G_END_DECLS
