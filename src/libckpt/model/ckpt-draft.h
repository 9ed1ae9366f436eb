/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "model/ckpt-tree-private.h"

G_BEGIN_DECLS

/* A version of a tree while it is made from another one: the only way to change anything. The tree that it begins with stays as it is. Raw
 * values are what counts; what they stand for is found out from them, by ckpt_draft_finish() or earlier by ckpt_draft_recognise(). */
typedef struct _CkptDraft CkptDraft;

CkptDraft  *ckpt_draft_new              (CkptTree          *tree);
void        ckpt_draft_free             (CkptDraft         *self);
CkptTree   *ckpt_draft_get_tree         (CkptDraft         *self);
CkptNodes  *ckpt_draft_get_nodes        (CkptDraft         *self);
gboolean    ckpt_draft_recognise        (CkptDraft         *self,
                                         GError           **error);
CkptTree   *ckpt_draft_finish           (CkptDraft         *self,
                                         GError           **error);

/* New raw values, marked as CPython's pickler marks what it writes. All give CKPT_NO_NODE with CKPT_ERROR_LIMIT when there is no memory. */
CkptNodeId  ckpt_draft_add_none         (CkptDraft         *self,
                                         GError           **error);
CkptNodeId  ckpt_draft_add_bool         (CkptDraft         *self,
                                         gboolean           value,
                                         GError           **error);
CkptNodeId  ckpt_draft_add_int          (CkptDraft         *self,
                                         gint64             value,
                                         GError           **error);
CkptNodeId  ckpt_draft_add_float        (CkptDraft         *self,
                                         double             value,
                                         GError           **error);
CkptNodeId  ckpt_draft_add_string       (CkptDraft         *self,
                                         const char        *text,
                                         gssize             length,
                                         GError           **error);
/* Bytes, as protocol 2 writes them: a call of _codecs.encode(). */
CkptNodeId  ckpt_draft_add_bytes        (CkptDraft         *self,
                                         const void        *bytes,
                                         gsize              length,
                                         GError           **error);
CkptNodeId  ckpt_draft_add_tuple        (CkptDraft         *self,
                                         const CkptNodeId  *items,
                                         guint32            n,
                                         GError           **error);
CkptNodeId  ckpt_draft_add_list         (CkptDraft         *self,
                                         const CkptNodeId  *items,
                                         guint32            n,
                                         GError           **error);
/* @pairs: key, value, key, value, ...; @n counts both */
CkptNodeId  ckpt_draft_add_dict         (CkptDraft         *self,
                                         const CkptNodeId  *pairs,
                                         guint32            n,
                                         GError           **error);
CkptNodeId  ckpt_draft_add_ordered_dict (CkptDraft         *self,
                                         const CkptNodeId  *pairs,
                                         guint32            n,
                                         GError           **error);
CkptNodeId  ckpt_draft_add_global       (CkptDraft         *self,
                                         const char        *module,
                                         const char        *name,
                                         GError           **error);
/* @callable(*@args), by REDUCE; @args is a tuple. */
CkptNodeId  ckpt_draft_add_call         (CkptDraft         *self,
                                         CkptNodeId         callable,
                                         CkptNodeId         args,
                                         GError           **error);
/* A new value with the same content and children. */
CkptNodeId  ckpt_draft_copy             (CkptDraft         *self,
                                         CkptNodeId         node,
                                         GError           **error);

/* Storages and tensors. */
guint       ckpt_draft_add_storage      (CkptDraft         *self,
                                         const CkptStorage *storage,
                                         GError           **error);
CkptNodeId  ckpt_draft_add_tensor       (CkptDraft         *self,
                                         guint              storage,
                                         CkptDtype          dtype,
                                         gint64             offset,
                                         guint32            n_dims,
                                         const gint64      *shape,
                                         const gint64      *stride,
                                         gboolean           requires_grad,
                                         GError           **error);
gboolean    ckpt_draft_replace_tensor   (CkptDraft         *self,
                                         guint              tensor,
                                         CkptNodeId         with,
                                         GError           **error);
gboolean    ckpt_draft_touch_tensor     (CkptDraft         *self,
                                         guint              tensor,
                                         GError           **error);
gboolean    ckpt_draft_set_location     (CkptDraft         *self,
                                         guint              storage,
                                         const char        *location,
                                         GError           **error);

/* For a file to be written: the names of storages, and how persistent ids are written. */
gboolean    ckpt_draft_set_key          (CkptDraft         *self,
                                         guint              storage,
                                         const char        *key,
                                         GError           **error);
gboolean    ckpt_draft_set_style        (CkptDraft         *self,
                                         CkptPersistentStyle style,
                                         GError           **error);

/* Changes of raw values. */
void        ckpt_draft_replace          (CkptDraft         *self,
                                         CkptNodeId         node,
                                         CkptNodeId         with);
gboolean    ckpt_draft_set_child        (CkptDraft         *self,
                                         CkptNodeId         container,
                                         guint32            position,
                                         CkptNodeId         child,
                                         GError           **error);
gboolean    ckpt_draft_splice           (CkptDraft         *self,
                                         CkptNodeId         container,
                                         guint32            at,
                                         guint32            n_removed,
                                         const CkptNodeId  *added,
                                         guint32            n_added,
                                         GError           **error);
gboolean    ckpt_draft_set_slot         (CkptDraft         *self,
                                         CkptNodeId         object,
                                         CkptSlot           slot,
                                         CkptNodeId         node,
                                         GError           **error);
/* What @object is called with was changed: it is recognised anew. */
gboolean    ckpt_draft_touch            (CkptDraft         *self,
                                         CkptNodeId         object,
                                         GError           **error);

/* The same by the numbers that ckpt_tree_get_child() uses; ckpt_tree_find_child_place() says where a child is held. */
gboolean    ckpt_draft_remove_child     (CkptDraft         *self,
                                         CkptNodeId         node,
                                         guint32            i,
                                         GError           **error);
gboolean    ckpt_draft_put_child        (CkptDraft         *self,
                                         CkptNodeId         node,
                                         guint32            i,
                                         CkptNodeId         child,
                                         GError           **error);
gboolean    ckpt_draft_rename_child     (CkptDraft         *self,
                                         CkptNodeId         node,
                                         guint32            i,
                                         CkptNodeId         key,
                                         GError           **error);
/* Puts a pair into a dict, or an object that stands for one, before pair @at; at the end for G_MAXUINT32. */
gboolean    ckpt_draft_insert_pair      (CkptDraft         *self,
                                         CkptNodeId         dict,
                                         guint32            at,
                                         CkptNodeId         key,
                                         CkptNodeId         value,
                                         GError           **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CkptDraft, ckpt_draft_free)

G_END_DECLS
