/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "model/ckpt-arena.h"
#include "model/ckpt-chunks.h"
#include "model/ckpt-index.h"
#include "model/ckpt-names.h"
#include "model/ckpt-tree-private.h"

G_BEGIN_DECLS

/* What a raw object or persistent id was recognised as. Its tag holds this and an index into the table of that sort. */
typedef enum
{
  CKPT_TAG_NONE,
  CKPT_TAG_TENSOR,
  CKPT_TAG_STORAGE,
  CKPT_TAG_VIEW,
  CKPT_TAG_VALUE,
} CkptTagKind;

#define CKPT_TAG_INDEX_BITS 29

/**
 * CkptForm:
 * @CKPT_FORM_OBJECT: an object that is shown as it is made
 * @CKPT_FORM_INSTANCE: an object whose arguments say nothing beyond its class
 * @CKPT_FORM_DICT: the pairs of @payload, if there is one, and those that were put in
 * @CKPT_FORM_SEQUENCE: the items of @payload, and those that were put in
 * @CKPT_FORM_TEXT: the text or bytes of @payload
 * @CKPT_FORM_LATIN1: bytes that were written as text: @payload holds them; where it is long, the record holds the text
 * @CKPT_FORM_NUMBER: the number of @payload
 * @CKPT_FORM_ALIAS: the same as @payload in everything
 * @CKPT_FORM_CLASS_ID: a persistent id that stands for the class @payload
 * @CKPT_FORM_BAD_STORAGE: a persistent id of a storage that makes no sense, as a warning has said
 */
typedef enum
{
  CKPT_FORM_OBJECT,
  CKPT_FORM_INSTANCE,
  CKPT_FORM_DICT,
  CKPT_FORM_SEQUENCE,
  CKPT_FORM_TEXT,
  CKPT_FORM_LATIN1,
  CKPT_FORM_NUMBER,
  CKPT_FORM_ALIAS,
  CKPT_FORM_CLASS_ID,
  CKPT_FORM_BAD_STORAGE,
} CkptForm;

/**
 * CkptValue:
 * @kind: its resolved #CkptKind
 * @form: its #CkptForm
 * @payload: see #CkptForm; or %CKPT_NO_NODE
 * @class_name: (nullable): its class, where that is not the one that is called
 *
 * What a raw node other than a tensor or storage was recognised as.
 */
typedef struct
{
  guint8 kind;
  guint8 form;
  CkptNodeId payload;
  const char *class_name;
} CkptValue;

/**
 * CkptView:
 * @storage: the storage that it is a part of
 * @offset: element of that storage where it begins
 * @numel: elements in it
 *
 * A persistent id with view metadata, as PyTorch wrote them before 0.4.
 */
typedef struct
{
  guint32 storage;
  guint64 offset;
  guint64 numel;
} CkptView;

/**
 * CkptGlobal:
 * @node: the first node that names it
 * @name: what it is known as
 * @dtype: element type that it names
 * @text: (array length=length): module and name as in the file, joined by a newline; owned by the nodes
 * @full_name: module and name as Python 3 calls it, escaped
 * @is_plain: whether @full_name is all there is to it: identifiers joined by dots
 *
 * A class or function that the file names.
 */
typedef struct
{
  CkptNodeId node;
  CkptName name;
  CkptDtype dtype;
  const char *text;
  gsize length;
  const char *full_name;
  gboolean is_plain;
} CkptGlobal;

/**
 * CkptTreeStore:
 * @origin: the tree that the first of the versions was made from
 * @nodes: what keeps the store of their nodes alive
 * @arena: texts, shapes and strides that they bring
 * @archives: (element-type CkptArchive): other files that storages were taken from
 * @is_taken: whether a draft is adding to it: another one begins a store of its own meanwhile
 *
 * What all versions of a tree that come from one series of edits share.
 */
typedef struct
{
  gatomicrefcount ref_count;
  CkptTree *origin;
  CkptNodes *nodes;
  CkptArena *arena;
  GPtrArray *archives;
  gint is_taken;
} CkptTreeStore;

/* Which tensors and storages of a version can still be reached. */
typedef struct _CkptReach CkptReach;

struct _CkptTree
{
  gatomicrefcount ref_count;

  CkptArchive *archive;
  CkptNodes *nodes;
  CkptWarnings *warnings;

  CkptContainer container;
  char *kind_of_file;
  gboolean is_cut;
  GArray *facts; /* of CkptFact */
  CkptNodeId root;
  CkptPersistentStyle style;

  CkptArena *arena;        /* shapes, strides, texts */
  CkptChunks *strings;     /* of const char *: interned texts */
  CkptIndex *string_index;
  CkptChunks *globals;     /* of CkptGlobal */
  CkptIndex *global_index; /* by text */
  CkptChunks *storages;    /* of CkptStorage */
  CkptIndex *storage_index; /* by key */
  CkptChunks *tensors;     /* of CkptTensor */
  CkptChunks *views;       /* of CkptView */
  CkptChunks *values;      /* of CkptValue */
  gboolean is_short_of_memory; /* something was left out; the tree is no good */

  /* Of a version that edits made: */
  CkptTreeStore *store;
  guint n_base_strings; /* what came after is in no index, and is little */
  guint n_base_globals;
  CkptReach *reach;
};

static inline guint32
ckpt_tag_new (CkptTagKind kind,
              guint32     index)
{
  return (guint32) kind << CKPT_TAG_INDEX_BITS | index;
}

static inline CkptTagKind
ckpt_tag_get_kind (guint32 tag)
{
  return tag >> CKPT_TAG_INDEX_BITS;
}

static inline guint32
ckpt_tag_get_index (guint32 tag)
{
  return tag & ((1u << CKPT_TAG_INDEX_BITS) - 1);
}

/* A version that is the same as @self, to be changed by a draft, which takes its store until it gives it back. */
CkptTree         *ckpt_tree_new_version    (CkptTree         *self);
void              ckpt_tree_give_back      (CkptTree         *self);
void              ckpt_tree_free_version   (CkptTree         *self);
void              ckpt_reach_free          (CkptReach        *reach);
guint32           ckpt_tree_get_tag        (CkptTree         *self,
                                            CkptNodeId        node);
/* The number of the storage that @node names, or CKPT_NO_STORAGE. */
guint32           ckpt_tree_find_node_storage (CkptTree      *self,
                                            CkptNodeId        node);
/* The text of a raw string that is whole in memory, or NULL. */
const char       *ckpt_tree_peek_whole_text (CkptTree        *self,
                                            CkptNodeId        node,
                                            gsize            *length);
/* The node that @node stands for in everything. */
CkptNodeId        ckpt_tree_resolve        (CkptTree         *self,
                                            CkptNodeId        node);
guint32           ckpt_tree_count_children (CkptTree         *self,
                                            CkptNodeId        node,
                                            CkptStepKind      kind);
/* The number of the child of @node that @step leads to, or G_MAXUINT32. */
guint32           ckpt_tree_find_child     (CkptTree         *self,
                                            CkptNodeId        node,
                                            const CkptChild  *step);
/* Raw containers that children of that kind lie in. */
guint             ckpt_tree_count_parts    (CkptTree         *self,
                                            CkptNodeId        node,
                                            CkptStepKind      kind);
/* What @node was recognised as, or NULL. */
const CkptValue  *ckpt_tree_peek_value     (CkptTree         *self,
                                            CkptNodeId        node);
/* The class or function that @node names, or NULL if it is no global. */
const CkptGlobal *ckpt_tree_peek_global    (CkptTree         *self,
                                            CkptNodeId        node);
const CkptGlobal *ckpt_tree_add_global     (CkptTree         *self,
                                            CkptNodeId        node,
                                            GError          **error);
gboolean          ckpt_tree_add_value      (CkptTree         *self,
                                            CkptNodeId        node,
                                            const CkptValue  *value,
                                            GError          **error);
gpointer          ckpt_tree_copy           (CkptTree         *self,
                                            gconstpointer     bytes,
                                            gsize             n_bytes,
                                            GError          **error);

G_END_DECLS
