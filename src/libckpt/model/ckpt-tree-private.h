/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "model/ckpt-nodes.h"
#include "model/ckpt-tree.h"

G_BEGIN_DECLS

/**
 * CkptLocateStoragesFunc:
 *
 * Finds the bytes of all storages in the container: sets record, record_offset, n_bytes_present and is_big_endian through
 * ckpt_tree_edit_storage(). Called once, when all persistent ids are known and before tensors are checked against their storages.
 * A storage that it leaves alone has no record, and is warned of as missing.
 */
typedef gboolean (*CkptLocateStoragesFunc) (CkptTree *tree,
                                            gpointer  user_data,
                                            GError  **error);

/* How persistent ids are written. */
typedef enum
{
  CKPT_PERSISTENT_ZIP,    /* ("storage", class, key, location, numel) */
  CKPT_PERSISTENT_LEGACY, /* the same with view metadata, and ("module", class, file, source) */
  CKPT_PERSISTENT_OTHER,  /* left as they are */
} CkptPersistentStyle;

/**
 * CkptChildPlace:
 * @kind: how one gets to a child
 * @index: see #CkptChild
 * @container: the raw value that holds it
 * @position: number of the child among the raw children of @container
 * @stride: 2 in a dict, where the key is at @position - 1; else 1
 *
 * Where a child of a value is held among the raw values.
 */
typedef struct
{
  CkptStepKind kind;
  guint32 index;
  CkptNodeId container;
  guint32 position;
  guint32 stride;
} CkptChildPlace;

/* Filling a tree: for the formats only. */
CkptTree     *ckpt_tree_new              (CkptArchive         *archive);
CkptNodes    *ckpt_tree_get_nodes        (CkptTree            *self);
CkptWarnings *ckpt_tree_get_warnings     (CkptTree            *self);
void          ckpt_tree_set_root         (CkptTree            *self,
                                          CkptNodeId           root);
void          ckpt_tree_set_container    (CkptTree            *self,
                                          CkptContainer        container,
                                          const char          *kind_of_file);
void          ckpt_tree_set_cut          (CkptTree            *self);
void          ckpt_tree_add_fact         (CkptTree            *self,
                                          const char          *name,
                                          const char          *value);
guint         ckpt_tree_add_storage      (CkptTree            *self,
                                          const CkptStorage   *storage);
CkptStorage  *ckpt_tree_edit_storage     (CkptTree            *self,
                                          guint                index);
/* FALSE if no persistent id names this key. */
gboolean      ckpt_tree_find_storage     (CkptTree            *self,
                                          const char          *key,
                                          guint               *index);
/* For formats that list tensors instead of pickling them: @tensor is copied with its shape and stride; makes the node too. */
CkptNodeId    ckpt_tree_add_tensor       (CkptTree            *self,
                                          const CkptTensor    *tensor,
                                          GError             **error);
const char   *ckpt_tree_intern           (CkptTree            *self,
                                          const char          *text);
/* After decoding: finds storages and tensors among the nodes, checks keys and depth, adds warnings. */
gboolean      ckpt_tree_recognise        (CkptTree            *self,
                                          CkptPersistentStyle  style,
                                          CkptLocateStoragesFunc locate_storages,
                                          gpointer             user_data,
                                          GError             **error);
/* The same for values from @first on, which an edit has added; their storages are known. */
gboolean      ckpt_tree_recognise_new    (CkptTree            *self,
                                          CkptNodeId           first,
                                          GError             **error);
/* Where child @i of a value is held. */
void          ckpt_tree_find_child_place       (CkptTree            *self,
                                          CkptNodeId           node,
                                          guint32              i,
                                          CkptChildPlace           *place);
/* Last step: gives warnings their paths. The tree does not change afterwards. */
gboolean      ckpt_tree_finish           (CkptTree            *self,
                                          GError             **error);

G_END_DECLS
