/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "model/ckpt-tree-data.h"

G_BEGIN_DECLS

#define CKPT_N_RECENT_GLOBALS 64

typedef struct
{
  CkptNodeId node_plus_1;
  const CkptGlobal *global;
} CkptRecentGlobal;

/**
 * CkptRecogniser:
 * @recent: globals that were looked up, by the low bits of the node
 * @location_node: the location tag that was met last; the pickle holds each only once
 * @location: its text
 * @empty_dict_tag: the tag of an OrderedDict that nothing was put into by its arguments
 * @deferred: (element-type CkptNodeId): objects whose state holds the tensor that they wrap, which comes after them
 * @error: why it cannot go on: the budget is used up
 *
 * What the steps of ckpt_tree_recognise() share.
 */
typedef struct
{
  CkptTree *tree;
  CkptNodes *nodes;
  CkptWarnings *warnings;
  CkptPersistentStyle style;
  CkptRecentGlobal recent[CKPT_N_RECENT_GLOBALS];
  CkptNodeId location_node;
  const char *location;
  guint32 empty_dict_tag;
  GArray *deferred;
  GError *error;
} CkptRecogniser;

/* The items of a raw tuple or list, or NULL if it is neither. */
const CkptNodeId *ckpt_recogniser_get_items         (CkptRecogniser *self,
                                                     CkptNodeId      node,
                                                     guint32        *n);
/* What the global at @node is known as. */
CkptName          ckpt_recogniser_get_name          (CkptRecogniser *self,
                                                     CkptNodeId      node);
const CkptGlobal *ckpt_recogniser_get_global        (CkptRecogniser *self,
                                                     CkptNodeId      node);
gboolean          ckpt_recogniser_is_text           (CkptRecogniser *self,
                                                     CkptNodeId      node,
                                                     const char     *text);
const char       *ckpt_recogniser_get_location      (CkptRecogniser *self,
                                                     CkptNodeId      node);

/* The steps. Each takes one node, or all. They set @error where they cannot go on. */
void              ckpt_recogniser_do_persistent_id  (CkptRecogniser *self,
                                                     CkptNodeId      node);
void              ckpt_recogniser_check_storages    (CkptRecogniser *self);
gboolean          ckpt_recogniser_do_tensor         (CkptRecogniser *self,
                                                     CkptNodeId      node);
void              ckpt_recogniser_do_deferred       (CkptRecogniser *self,
                                                     CkptNodeId      node);
void              ckpt_recogniser_do_value          (CkptRecogniser *self,
                                                     CkptNodeId      node);
void              ckpt_recogniser_do_keys           (CkptRecogniser *self,
                                                     CkptNodeId      node);

G_END_DECLS
