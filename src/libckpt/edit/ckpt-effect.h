/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "model/ckpt-tree.h"

G_BEGIN_DECLS

/* How many rows and changes are kept one by one; `n` counts all. */
#define CKPT_EFFECT_MAX_LISTED 10000

/**
 * CkptChange:
 * @before: what there was: a path, or "cuda:1"; as it is in the file, so to be escaped like any text of a file
 * @after: (nullable): what comes in its place; %NULL if it goes
 *
 * One line of a preview.
 */
typedef struct
{
  char *before;
  char *after;
} CkptChange;

/**
 * CkptEffect:
 * @title: (nullable): what it does, for the menu: "Move 26 tensors to cpu"
 * @n: how many keys, tensors or other values it touches; 0 means that there was nothing to do
 * @notes: (element-type utf8): sentences for a person: what was left out, what to know; text of the file in them is escaped
 * @changes: (element-type CkptChange): the first changes, for a preview
 * @touched: (element-type CkptNodeId): the values whose rows changed
 *
 * What an edit did to a tree.
 */
typedef struct
{
  char *title;
  guint64 n;
  GPtrArray *notes;
  GArray *changes;
  GArray *touched;

  /* Set by ckpt_edit_apply(), for ckpt_effect_get_bytes(). */
  CkptTree *before;
  CkptTree *after;
} CkptEffect;

CKPT_EXPORT CkptEffect *ckpt_effect_new       (void);
CKPT_EXPORT void        ckpt_effect_free      (CkptEffect *self);
CKPT_EXPORT gint64      ckpt_effect_get_bytes (CkptEffect *self);

void                    ckpt_effect_set_title (CkptEffect *self,
                                               const char *format,
                                               ...) G_GNUC_PRINTF (2, 3);
void                    ckpt_effect_note      (CkptEffect *self,
                                               const char *format,
                                               ...) G_GNUC_PRINTF (2, 3);
void                    ckpt_effect_change    (CkptEffect *self,
                                               const char *before,
                                               const char *after);
void                    ckpt_effect_touch     (CkptEffect *self,
                                               CkptNodeId  node);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CkptEffect, ckpt_effect_free)

G_END_DECLS
