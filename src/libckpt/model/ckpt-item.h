/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "model/ckpt-outline.h"

G_BEGIN_DECLS

/**
 * CkptItemRole:
 * @CKPT_ITEM_FILE: the whole file; its children are those of the root
 * @CKPT_ITEM_VALUE: a value
 * @CKPT_ITEM_MODULE: the keys of one dict that begin alike: `transformer.h.0`
 * @CKPT_ITEM_RANGE: 10,000 of very many rows
 * @CKPT_ITEM_FOLD: rows that repeat the one before it: blocks of a model under numbers that follow on each other
 * @CKPT_ITEM_REPEAT: a container that stands at another place too, where its children are
 */
typedef enum
{
  CKPT_ITEM_FILE,
  CKPT_ITEM_VALUE,
  CKPT_ITEM_MODULE,
  CKPT_ITEM_RANGE,
  CKPT_ITEM_FOLD,
  CKPT_ITEM_REPEAT,
} CkptItemRole;

/**
 * CkptItemFlags:
 * @CKPT_ITEM_SPLIT_KEYS: split the keys of dicts at every dot, into a tree of modules
 * @CKPT_ITEM_BY_NAME: sort by name, numbers in it by their value, instead of the order of the file
 * @CKPT_ITEM_FOLD_BLOCKS: in a tree of modules, of rows under numbers that have the same structure, show the first and fold the others into one
 */
typedef enum
{
  CKPT_ITEM_FLAGS_NONE = 0,
  CKPT_ITEM_SPLIT_KEYS = 1 << 0,
  CKPT_ITEM_BY_NAME = 1 << 1,
  CKPT_ITEM_FOLD_BLOCKS = 1 << 2,
} CkptItemFlags;

#define CKPT_ITEM_MAX_ROWS 100000u /* rows under one item; more are shown in ranges */
#define CKPT_ITEM_RANGE_ROWS 10000u

#define CKPT_TYPE_ITEM (ckpt_item_get_type ())

/* One row of a view of a tree, and the list of the rows under it, made when asked for. All of one file are for one thread at a
 * time. */
CKPT_EXPORT G_DECLARE_FINAL_TYPE (CkptItem, ckpt_item, CKPT, ITEM, GObject)

CKPT_EXPORT CkptItem        *ckpt_item_new          (CkptOutline    *outline,
                                                     CkptItemFlags   flags);
CKPT_EXPORT CkptItem        *ckpt_item_new_for_path (CkptItem       *root,
                                                     const CkptPath *path);
CKPT_EXPORT CkptItemRole     ckpt_item_get_role     (CkptItem       *self);
CKPT_EXPORT void             ckpt_item_prepare      (CkptItem       *self);
CKPT_EXPORT CkptOutline     *ckpt_item_get_outline  (CkptItem       *self);
CKPT_EXPORT CkptItemFlags    ckpt_item_get_flags    (CkptItem       *self);
CKPT_EXPORT CkptTree        *ckpt_item_get_tree     (CkptItem       *self);
CKPT_EXPORT CkptItem        *ckpt_item_get_parent   (CkptItem       *self);
CKPT_EXPORT CkptNodeId       ckpt_item_get_node     (CkptItem       *self);
CKPT_EXPORT const CkptTensor *ckpt_item_get_tensor  (CkptItem       *self);
CKPT_EXPORT gboolean         ckpt_item_has_children (CkptItem       *self);
CKPT_EXPORT gboolean         ckpt_item_is_tied      (CkptItem       *self);
CKPT_EXPORT CkptPath        *ckpt_item_dup_path     (CkptItem       *self);
CKPT_EXPORT const CkptPath  *ckpt_item_get_first    (CkptItem       *self);
CKPT_EXPORT gboolean         ckpt_item_find         (CkptItem       *self,
                                                     const CkptPath *path,
                                                     guint          *position);
CKPT_EXPORT void             ckpt_item_set_scalars  (CkptItem       *self,
                                                     GHashTable     *scalars);
CKPT_EXPORT const CkptTotal *ckpt_item_get_total    (CkptItem       *self);
CKPT_EXPORT gboolean         ckpt_item_has_tensors  (CkptItem       *self);
/* What a row stands for that is no value by itself. */
CKPT_EXPORT GArray          *ckpt_item_list_children (CkptItem      *self,
                                                     guint32        *offset);

/* Texts of a row: escaped, at most 200 characters. */
CKPT_EXPORT const char      *ckpt_item_get_label    (CkptItem       *self);
CKPT_EXPORT char            *ckpt_item_dup_value    (CkptItem       *self);
CKPT_EXPORT char            *ckpt_item_dup_type     (CkptItem       *self);
CKPT_EXPORT char            *ckpt_item_dup_device   (CkptItem       *self);
/* Texts to copy: whole. */
CKPT_EXPORT char            *ckpt_item_dup_key      (CkptItem       *self);
CKPT_EXPORT char            *ckpt_item_dup_path_text (CkptItem      *self);
CKPT_EXPORT char            *ckpt_item_dup_code     (CkptItem       *self);

G_END_DECLS
