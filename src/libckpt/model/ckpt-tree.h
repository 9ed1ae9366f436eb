/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "io/ckpt-archive.h"
#include "io/ckpt-warnings.h"
#include "model/ckpt-tensor.h"

G_BEGIN_DECLS

/* Everything that a checkpoint file holds. Does not change once loaded, so any thread may read it without a lock. */
typedef struct _CkptTree CkptTree;

typedef enum
{
  CKPT_CONTAINER_TORCH_ZIP,
  CKPT_CONTAINER_TORCH_LEGACY,
  CKPT_CONTAINER_SAFETENSORS,
  CKPT_CONTAINER_TORCHSCRIPT,
  CKPT_CONTAINER_PT2,
  CKPT_CONTAINER_TAR,
  CKPT_CONTAINER_PICKLE,
  CKPT_CONTAINER_PACKAGE,
} CkptContainer;

/**
 * CkptFact:
 * @name: stable, such as "byteorder", "version", "little_endian", "protocol"
 * @value: text as in the file
 *
 * Something that a container says about itself.
 */
typedef struct
{
  char *name;
  char *value;
} CkptFact;

/**
 * CkptStepKind:
 * @CKPT_STEP_KEY: a key of a dict: `["epoch"]`, `[0]`
 * @CKPT_STEP_INDEX: an index of a list, tuple or set: `[0]`
 * @CKPT_STEP_ATTRIBUTE: something in an object's state: `.lr`, or `.state["odd name"]`
 * @CKPT_STEP_STATE: an object's state that is no dict: `.state`
 * @CKPT_STEP_ARGUMENT: an argument that the object is made with: `.args[0]`
 * @CKPT_STEP_KEYWORD: a keyword argument: `.kwargs["name"]`
 * @CKPT_STEP_ITEM: an item appended to an object: `.items[0]`
 */
typedef enum
{
  CKPT_STEP_KEY,
  CKPT_STEP_INDEX,
  CKPT_STEP_ATTRIBUTE,
  CKPT_STEP_STATE,
  CKPT_STEP_ARGUMENT,
  CKPT_STEP_KEYWORD,
  CKPT_STEP_ITEM,
} CkptStepKind;

/**
 * CkptChild:
 * @kind: how one gets from the parent to it
 * @index: the index, for INDEX, ARGUMENT and ITEM; for the others its number among the parent's children of that kind
 * @key: the key or attribute name, for KEY, ATTRIBUTE and KEYWORD; else %CKPT_NO_NODE
 * @node: the value
 */
typedef struct
{
  CkptStepKind kind;
  guint32 index;
  CkptNodeId key;
  CkptNodeId node;
} CkptChild;

CKPT_EXPORT CkptTree          *ckpt_tree_ref             (CkptTree     *self);
CKPT_EXPORT void               ckpt_tree_unref           (CkptTree     *self);

/* The file. */
CKPT_EXPORT CkptArchive       *ckpt_tree_get_archive     (CkptTree     *self);
CKPT_EXPORT CkptSource        *ckpt_tree_get_source      (CkptTree     *self);
CKPT_EXPORT CkptContainer      ckpt_tree_get_container   (CkptTree     *self);
CKPT_EXPORT const char        *ckpt_tree_get_kind_of_file (CkptTree    *self);
CKPT_EXPORT gboolean           ckpt_tree_is_cut          (CkptTree     *self);
CKPT_EXPORT const char        *ckpt_tree_get_fact        (CkptTree     *self,
                                                          const char   *name);
CKPT_EXPORT const CkptFact    *ckpt_tree_get_facts       (CkptTree     *self,
                                                          guint        *n_facts);
CKPT_EXPORT guint              ckpt_tree_get_n_warnings  (CkptTree     *self);
CKPT_EXPORT const CkptWarning *ckpt_tree_get_warning     (CkptTree     *self,
                                                          guint         i);

/* Values. */
CKPT_EXPORT CkptNodeId         ckpt_tree_get_root        (CkptTree     *self);
CKPT_EXPORT CkptKind           ckpt_tree_get_kind        (CkptTree     *self,
                                                          CkptNodeId    node);
CKPT_EXPORT gboolean           ckpt_tree_get_bool        (CkptTree     *self,
                                                          CkptNodeId    node);
CKPT_EXPORT gboolean           ckpt_tree_get_int         (CkptTree     *self,
                                                          CkptNodeId    node,
                                                          gint64       *value);
CKPT_EXPORT double             ckpt_tree_get_float       (CkptTree     *self,
                                                          CkptNodeId    node);
CKPT_EXPORT const char        *ckpt_tree_peek_text       (CkptTree     *self,
                                                          CkptNodeId    node,
                                                          gsize        *length,
                                                          guint64      *full_length);
CKPT_EXPORT GBytes            *ckpt_tree_dup_text        (CkptTree     *self,
                                                          CkptNodeId    node,
                                                          GError      **error);
CKPT_EXPORT const char        *ckpt_tree_get_class_name  (CkptTree     *self,
                                                          CkptNodeId    node);
CKPT_EXPORT guint32            ckpt_tree_get_n_children  (CkptTree     *self,
                                                          CkptNodeId    node);
CKPT_EXPORT void               ckpt_tree_get_child       (CkptTree     *self,
                                                          CkptNodeId    node,
                                                          guint32       i,
                                                          CkptChild    *child);
CKPT_EXPORT CkptNodeId         ckpt_tree_get_key         (CkptTree     *self,
                                                          CkptNodeId    node,
                                                          const char   *key);
/* One line for a person: `7`, `"text"`, `torch.float16`, `Namespace`, `dict of 3`; at most about 200 characters, escaped. */
CKPT_EXPORT char              *ckpt_tree_describe        (CkptTree     *self,
                                                          CkptNodeId    node);
/* Python's repr() of a plain value (numbers, text, bytes, None, tuples of them, globals); NULL for others. */
CKPT_EXPORT char              *ckpt_tree_repr            (CkptTree     *self,
                                                          CkptNodeId    node);

CKPT_EXPORT const char        *ckpt_kind_get_name        (CkptKind      kind);

/* Tensors and storages, in the order in which the file brings them. */
CKPT_EXPORT guint              ckpt_tree_get_n_tensors   (CkptTree     *self);
CKPT_EXPORT const CkptTensor  *ckpt_tree_get_tensor      (CkptTree     *self,
                                                          guint         index);
CKPT_EXPORT const CkptTensor  *ckpt_tree_get_node_tensor (CkptTree     *self,
                                                          CkptNodeId    node);
/* Of a tree that was edited, whether a tensor or storage of the table is still in it. */
CKPT_EXPORT gboolean           ckpt_tree_has_tensor      (CkptTree     *self,
                                                          guint         index);
CKPT_EXPORT gboolean           ckpt_tree_has_storage     (CkptTree     *self,
                                                          guint         index);
CKPT_EXPORT guint32            ckpt_tree_get_tied_to     (CkptTree     *self,
                                                          const CkptTensor *tensor);
CKPT_EXPORT const CkptTensor  *ckpt_tree_get_first_tied  (CkptTree     *self,
                                                          const CkptTensor *tensor);
CKPT_EXPORT guint              ckpt_tree_get_n_storages  (CkptTree     *self);
CKPT_EXPORT const CkptStorage *ckpt_tree_get_storage     (CkptTree     *self,
                                                          guint         index);
CKPT_EXPORT const CkptStorage *ckpt_tree_get_node_storage (CkptTree    *self,
                                                          CkptNodeId    node);
/* Reads bytes of a storage as they are in the file. */
CKPT_EXPORT gboolean           ckpt_tree_read_storage    (CkptTree     *self,
                                                          guint         storage,
                                                          guint64       offset,
                                                          gpointer      buffer,
                                                          gsize         length,
                                                          GError      **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CkptTree, ckpt_tree_unref)

G_END_DECLS
