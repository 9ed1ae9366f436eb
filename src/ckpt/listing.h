/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <ckpt.h>

G_BEGIN_DECLS

/**
 * ListingFlags:
 * @LISTING_CONTAINERS: also containers that hold something, and what is inside tensors and small objects
 * @LISTING_TENSORS: tensors only
 */
typedef enum
{
  LISTING_DEFAULT = 0,
  LISTING_CONTAINERS = 1 << 0,
  LISTING_TENSORS = 1 << 1,
} ListingFlags;

/**
 * Item:
 * @path: the way to it from the root
 * @text: the text form of @path
 * @node: the value
 * @tensor: (nullable): the tensor that it is
 * @storage: (nullable): the storage that it is
 * @same_as: (nullable): the path where the same value, or a tensor tied to it, comes first
 *
 * A value at one place of a file. Valid during a call.
 */
typedef struct
{
  CkptTree *tree;
  const CkptPath *path;
  const char *text;
  CkptNodeId node;
  CkptKind kind;
  const CkptTensor *tensor;
  const CkptStorage *storage;
  const char *same_as;
} Item;

/**
 * ListingFunc:
 *
 * Returns: FALSE to stop
 */
typedef gboolean (*ListingFunc) (const Item *item,
                                 gpointer    user_data);

gboolean item_is_scalar   (const Item      *item);

void     listing_run      (CkptTree        *tree,
                           const CkptPath  *from,
                           ListingFlags     flags,
                           ListingFunc      func,
                           gpointer         user_data);
gboolean listing_match    (CkptTree        *tree,
                           const char      *pattern,
                           ListingFlags     flags,
                           ListingFunc      func,
                           gpointer         user_data,
                           GError         **error);
void     listing_item     (CkptTree        *tree,
                           const CkptPath  *path,
                           ListingFunc      func,
                           gpointer         user_data);
void     listing_children (CkptTree        *tree,
                           const CkptPath  *path,
                           guint32          max,
                           ListingFunc      func,
                           gpointer         user_data);

G_END_DECLS
